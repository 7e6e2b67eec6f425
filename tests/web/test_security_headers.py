"""Hosts, body sizes, CSRF tokens, languages, colours, and the demo's mailbox."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from bridge.config import Colours, Config, MailSettings, ServiceSettings
from bridge.mail.colours import DARK, LIGHT, contrast, readable_colour
from bridge.store.database import Database
from bridge.web.app import MAX_BODY, create_app
from bridge.web.common.metrics import Metrics
from bridge.web.layout.theme import BOOTSTRAP, stylesheet
from bridge.web.public import demo_mailbox
from bridge.web.public.demo_mailbox import link_addresses
from tests.web.sample_site import PATH, Clock
from tests.web.signed_in_users import SignedInUsers


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.1", "a b"])
def test_other_hosts_are_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:80"])
def test_localhost_is_accepted(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_health_checks_may_use_any_host(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"Host": "10.0.0.1"}).status_code == 200


def test_a_body_that_is_too_large_is_not_read(users: SignedInUsers) -> None:
    answer = users.client("nobody").post("/signin", data={"email": "a" * (MAX_BODY + 1)})
    assert answer.status_code == 413


def test_a_form_with_a_csrf_token_is_accepted(users: SignedInUsers) -> None:
    users.app.config["WTF_CSRF_ENABLED"] = True
    browser = users.client("nobody")
    token = browser.get("/signin").text.partition('name="csrf_token"')[2].split('"')[3]
    sent = browser.post("/signin", data={"email": "a@union.example", "csrf_token": token})
    assert sent.status_code == 303


def test_visitors_without_cookies_get_none(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/").headers


def test_a_login_makes_one_query(users: SignedInUsers) -> None:
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM login" in statement:
            sent.append(statement)

    member, nobody = users.client("member"), users.client("nobody")
    event.listen(users.database._engine, "before_cursor_execute", note)
    nobody.get("/")
    assert sent == []
    member.get("/")
    assert len(sent) == 1


def test_a_language_is_remembered(client: FlaskClient) -> None:
    client.get("/language/fr")
    assert "Se connecter" in client.get("/", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#ffff00", "#14624a", "#ff0000"])
@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_any_colour_becomes_readable(colour: str, ground: str) -> None:
    assert contrast(readable_colour(colour, ground), ground) >= 4.5


def test_a_readable_colour_is_kept() -> None:
    assert readable_colour("#14624a", LIGHT) == "#14624a"
    assert round(contrast("#000000", "#ffffff"), 2) == 21


def test_dark_mode_needs_no_attribute_and_no_script() -> None:
    sheet = stylesheet(Colours(), BOOTSTRAP.read_text(encoding="utf-8"))
    day, _, night = sheet.partition("@media (prefers-color-scheme: dark)")
    assert "--sp-main: #14624a" in day
    assert "--bs-body-bg:#212529" in night
    assert "data-bs-theme" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_the_logo_is_served_and_nothing_else(
    config: Config, database: Database, clock: Clock, tmp_path: Path
) -> None:
    for name, status in (("logo.svg", 200), ("config.yaml", 404)):
        (tmp_path / name).write_text("<svg/>")
        union = config.union.model_copy(update={"logo": Path(name)})
        changed = config.model_copy(update={"union": union})
        app = create_app(changed, database, [PATH], now=clock, metrics=Metrics())
        with app.test_client().get("/logo") as answer:
            assert answer.status_code == status


# --- the demo's mailbox


def test_the_demo_mailbox_is_open_only_on_this_machine(config: Config) -> None:
    alone = config.model_copy(update={"moodle": None})
    assert demo_mailbox.is_open(alone)
    for change in (
        {"mail": MailSettings(host="smtp.example.org")},
        {"service": ServiceSettings(host="0.0.0.0")},
        {"service": ServiceSettings(url="https://path.example.org")},
        {"moodle": config.moodle},
    ):
        assert not demo_mailbox.is_open(alone.model_copy(update=change))


def test_emails_are_shown_newest_first(
    config: Config, database: Database, clock: Clock, tmp_path: Path
) -> None:
    alone = config.model_copy(update={"moodle": None})
    app = create_app(alone, database, [PATH], now=clock, metrics=Metrics())
    page = app.test_client()
    assert "No emails yet" in page.get("/demo/mail").text
    (tmp_path / "var/mail").mkdir(parents=True)
    for number, said in enumerate(("one", "two https://path.example/signin/x <b>")):
        mail = EmailMessage()
        mail["To"], mail["Subject"] = "kim@example.org", f"<i>{number}"
        mail.set_content(said)
        (tmp_path / f"var/mail/{number}.eml").write_bytes(mail.as_bytes())
    text = page.get("/demo/mail").text
    assert text.index("&lt;i&gt;1") < text.index("&lt;i&gt;0")
    assert '<a href="https://path.example/signin/x">' in text
    assert "/demo/mail" in page.get("/signin/sent").text


def test_only_urls_become_links() -> None:
    assert link_addresses('<a> http://a.example/"x" javascript:b') == (
        '&lt;a&gt; <a href="http://a.example/">http://a.example/</a>&#34;x&#34; javascript:b'
    )
