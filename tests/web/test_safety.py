"""What must hold on every page: headers, sizes, hosts, names of files, and nobody in an address
or in the log."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.config import Config, ServiceSettings
from bridge.member_records import MemberRecord
from bridge.printable_text import find_unprintable
from bridge.resources import resource
from bridge.store.auth import logins
from bridge.store.database import Database
from bridge.store.delivery import deliveries, outbox
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.members import contact_requests
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import audit_log
from bridge.store.tables.delivery import OutboxEmail
from bridge.web.app import MAX_BODY
from bridge.web.common.security_headers import HEADERS
from bridge.web.common.visitor import COOKIE
from tests.web.sample_site import Clock
from tests.web.signed_in_users import EVERYBODY, SignedInUsers, Who

from .access_rows import CONTACT, JOIN, ROWS, Row

POSTS = [row for row in ROWS if row.method == "POST"]
PERSON = MemberRecord("Z-47110815", "zq@example.org", "Zora", "Quillfeather", "north", "en")
TRACES = ("zq@", "zora", "quillfeather", "47110815")
EVIL = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil"}


def named(row: Row) -> str:
    return f"{row.method} {row.address}"


def asked(users: SignedInUsers, browser: FlaskClient, row: Row, **more: Any) -> TestResponse:
    address = users.address(row.address)
    return browser.open(address, method=row.method, **{"data": row.data, **more})


@pytest.fixture
def https(config: Config, database: Database, clock: Clock) -> SignedInUsers:
    """The service at an address of its own, behind TLS."""
    service = ServiceSettings(url="https://path.example")
    return SignedInUsers(config.model_copy(update={"service": service}), database, clock)


# --- every answer


@pytest.mark.parametrize("who", ["nobody", "committee"])
def test_every_answer_is_guarded(users: SignedInUsers, who: Who) -> None:
    """Pages, refusals, files, machines: the same policy, without `unsafe-inline`."""
    browser = users.client(who)
    for row in ROWS:
        with asked(users, browser, row) as answer:
            carried = {name: answer.headers.get(name) for name in HEADERS}
        assert carried == HEADERS, named(row)
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@pytest.mark.usefixtures("stopped_time")
def test_errors_are_guarded(users: SignedInUsers, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(users.app.view_functions, "public.welcome", broken)
    browser = users.client("nobody")
    many = [browser.post("/signin", data={"email": "x"}) for _ in range(11)][-1]
    answers = {
        500: browser.get("/welcome"),
        404: browser.get("/static/nothing.css"),
        405: browser.delete("/signup"),
        413: browser.post("/signup", data={"email": "a" * (MAX_BODY + 1)}),
        429: many,
        400: browser.get("/", headers={"Host": "evil.example"}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("row", POSTS, ids=named)
def test_no_large_body_is_taken(users: SignedInUsers, row: Row) -> None:
    """Whoever asks, and before anything of it is done."""
    users.app.config["WTF_CSRF_ENABLED"] = True
    kind = "application/json" if row.endpoint.startswith(("hooks.", "api.")) else None
    body = b"text=" + b"a" * (MAX_BODY + 1)
    sent = {"data": body, "content_type": kind or "application/x-www-form-urlencoded"}
    answer = asked(users, users.client("committee"), row, **sent)
    assert answer.status_code in ((413, 401) if kind else (413,))


def test_every_cookie_is_for_this_site_and_no_script(https: SignedInUsers) -> None:
    found = set()
    host = {"Host": "path.example"}
    for who in ("nobody", "member", "committee"):
        browser = https.client(who)  # type: ignore[arg-type]
        for row in ROWS:
            with asked(https, browser, row, headers=host) as answer:
                set_here = answer.headers.getlist("Set-Cookie")
            for cookie in set_here:
                found.add(cookie.partition("=")[0])
                if "Max-Age=0" not in cookie:
                    words = ("Secure", "HttpOnly", "SameSite=Lax")
                    assert all(word in cookie for word in words), cookie
    names = ("stewardpath_forms", "stewardpath_signin", "region", "language")
    assert {f"__Host-{name}" for name in names} <= found


TOKENS = ("csrf_token", "hidden_tag()", "{{ lists.start(form) }}")
"""What puts the token into a form; the last is a macro of templates/web/committee/people-lists."""


def test_every_form_that_changes_something_carries_its_token() -> None:
    parts = resource("templates") / "web/committee/people-lists/parts.html"
    assert "hidden_tag()" in parts.read_text(encoding="utf-8").partition("macro start")[2]
    forms = [
        (file.name, form)
        for file in resource("templates").rglob("*.html")
        for form in re.findall(r"<form\b.*?</form>", file.read_text(encoding="utf-8"), re.DOTALL)
        if 'method="post"' in form
    ]
    assert len(forms) > 15
    assert [
        (name, form[:80]) for name, form in forms if not any(token in form for token in TOKENS)
    ] == []


# --- hosts, links, names of files


def test_links_in_mails_come_from_the_configuration(https: SignedInUsers) -> None:
    headers = {"Host": "localhost", **EVIL}
    nobody, member = https.client("nobody"), https.client("member")
    nobody.post("/signin", data={"email": "member@union.example"}, headers=headers)
    nobody.post("/signup", data=JOIN, headers=headers)
    nobody.post("/signup", data=JOIN | {"email": "member@union.example"}, headers=headers)
    nobody.post("/contact/a-path/first", data=CONTACT, headers=headers)
    changed = {"first_name": "Mem", "last_name": "Ber", "email": "fresh@union.example",
               "region": "north", "language": "en"}  # fmt: skip
    member.post("/me/data/edit", data=changed, headers=headers)
    with https.database.reading() as session:
        letters = session.scalars(select(OutboxEmail)).all()
    assert {"sign-in", "confirm", "already", "contact", "new-address"} <= {
        each.kind for each in letters
    }
    for each in letters:
        link = each.payload.get("link")
        assert link is None or str(link).startswith("https://path.example/")
        assert "evil" not in str(each.payload)


@pytest.mark.parametrize("who", ["nobody", "committee"])
def test_no_answer_repeats_a_forged_host(users: SignedInUsers, who: Who) -> None:
    browser = users.client(who)
    for row in ROWS:
        with asked(users, browser, row, headers=EVIL) as answer:
            assert "evil" not in str(answer.headers), named(row)
            if answer.mimetype == "text/html":
                assert "evil.example" not in answer.text, named(row)


AWAY = ("//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example",
        "/%5Cevil.example", "%2F%2Fevil.example", "/\u2215evil.example", "\uff0f\uff0fevil.example",
        "/\x00/evil.example", " //evil.example", "///evil.example", "/.//evil.example",
        "http:\\\\evil.example", "/\u202e//evil.example", "java\tscript:alert(1)")  # fmt: skip


@pytest.mark.parametrize("page", AWAY)
def test_nobody_is_led_away(users: SignedInUsers, page: str) -> None:
    """Wherever a page to go on to can be named, a browser that follows stays here."""
    browser = users.client("nobody")
    query = {"next": page}
    answers = [
        browser.get("/signin/done", query_string=query),
        browser.get("/language/fr", query_string=query),
        browser.post("/region", data={"region": "north", **query}),
    ]
    for answer in answers:
        if answer.status_code == 400 and find_unprintable(page):
            continue
        target = urljoin("http://localhost/", answer.headers["Location"].replace("\\", "/"))
        assert urlsplit(target).netloc == "localhost"


@pytest.mark.parametrize("path", ["//evil.example/", "//evil.example/me", "/%2F%2Fevil.example/me",
                                  "/me//evil.example", "//evil.example/%2e%2e"])  # fmt: skip
def test_a_path_of_many_slashes_leads_nowhere_else(users: SignedInUsers, path: str) -> None:
    answer = users.client("nobody").get(path, base_url="http://localhost")
    if answer.status_code in (301, 302, 303, 307, 308):
        target = urljoin("http://localhost/", answer.headers["Location"])
        assert urlsplit(target).netloc == "localhost"


UP = ("..", "../..", "%2e%2e", "..%2f..", "..%5c..", "%252e%252e", "....//", "/etc", "a-path/..",
      "\x00", "a-path%00", "~", ".", "C:", "\u2024\u2024")  # fmt: skip
PLACES = (
    "/path/{}/first", "/path/a-path/{}", "/path/a-path/first/{}", "/path/a-path/first/quiz/{}",
    "/contact/{}/first", "/contact/a-path/{}", "/static/{}/config.yaml", "/static/{}",
    "/bootstrap/static/{}/config.yaml", "/committee/curricula/{}/curriculum.yaml",
    "/committee/curricula/member-steward-path/{}", "/committee/curricula/{}/plan",
    "/language/{}", "/logo/{}",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_names_in_an_address_reach_no_file(users: SignedInUsers, place: str) -> None:
    (users.config.home / "config.yaml").write_text("secret: of the union")
    browser = users.client("committee")
    for name in UP:
        with browser.get(place.format(name)) as answer:
            if answer.status_code in (200, 308):
                assert answer.request.path != place.format(name) or "secret" not in answer.text
            else:
                assert answer.status_code == 404, (place, name)
            assert b"of the union" not in answer.data


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b"])
@pytest.mark.parametrize("form", ["/signin", "/signup", "/contact/a-path/first"])
def test_no_field_brings_a_line_into_the_head_of_a_mail(
    users: SignedInUsers, form: str, end: str
) -> None:
    """The message of a request may have lines: it is the body."""
    fields = {"/signin": {"email": "member@union.example"}, "/signup": JOIN}.get(form, CONTACT)
    users.app.extensions["stewardpath"].limiter.enabled = False
    for name in fields:
        if name == "message":
            continue
        wrong = fields | {name: f"{fields[name]}{end}Bcc: all@union.example"}
        users.client("nobody").post(form, data=wrong)
        with users.database.reading() as session:
            letters = session.scalars(select(OutboxEmail)).all()
        said = [value for each in letters for key, value in each.payload.items() if key != "link"]
        assert not [value for value in said if "Bcc" in str(value)], name
        assert not [each for each in letters if "Bcc" in each.email], name


# --- nobody in an address, nobody in the log


@pytest.fixture
def peopled(users: SignedInUsers) -> SignedInUsers:
    """Somebody with a telling name is in every list; `cast.member` is theirs."""
    now = users.clock()
    with users.database.transaction() as session:
        [one] = [each for each in upsert_members(session, [PERSON], now).ids if each]
        deliveries.enqueue(
            session, [DeliveryRecord(one, "mail", "stewardpath:a-path:first", {})], now
        )
        [claimed] = deliveries.claim(session, "mail", "test", now, timedelta(minutes=1), 5)
        deliveries.mark_failed(session, claimed.id, "test", "refused")
        said = ContactMessage(
            "Zora Quillfeather", PERSON.email, "", "north", "a-path:first", "Hi", "en"
        )
        contact_requests.add_request(session, said, now)
        outbox.enqueue(session, "sign-in", PERSON.email, "en", {}, now, expires_at=now)
        outbox.expire(session, now)
        audit_log.write(session, "test", "role", one, {}, {"role": "steward"}, now)
        logins.start(session, "session-of-zora", PERSON.email, one, now)
    users.member = one
    return users


def browsers(users: SignedInUsers) -> Iterator[FlaskClient]:
    zora = users.app.test_client()
    zora.set_cookie(COOKIE, "session-of-zora")
    yield zora
    yield from (users.client(who) for who in EVERYBODY)


def links(page: TestResponse) -> set[str]:
    """Every address that a page leads to, sends to or loads."""
    found = re.findall(r"""(?:href|action|src|data-\w+)="([^"]*)\"""", page.text)
    return {urljoin(page.request.path, html.unescape(each)) for each in found} | {
        page.headers.get("Location", "")
    }


def walked(browser: FlaskClient) -> set[str]:
    """Every address that can be reached from the first page and the committee's."""
    seen: set[str] = set()
    waiting = ["/", "/me", "/me/data", "/committee"]
    while waiting and len(seen) < 400:
        address = waiting.pop()
        seen.add(address)
        with browser.get(address) as page:
            if page.mimetype != "text/html":
                continue
            fresh = links(page) - seen - set(waiting)
        seen |= {each for each in fresh if not each.startswith("/")}
        waiting += [each for each in fresh if each.startswith("/") and "/language/" not in each]
    return seen


def test_nobody_is_in_an_address_nor_in_the_log(
    peopled: SignedInUsers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for browser in browsers(peopled):
        found = {each for each in walked(browser) if not each.startswith("mailto:")}
        assert len(found) > 10
        told = [each for each in found if any(t in unquote(each).lower() for t in TRACES)]
        assert told == []
        assert not [each for each in found if "@" in unquote(each)]
        for row in ROWS:
            with asked(peopled, browser, row) as answer:
                target = unquote(answer.headers.get("Location", "")).lower()
            assert not [trace for trace in TRACES if trace in target]
        search = {"words": "Quillfeather"}
        browser.post("/committee/members", data=search, follow_redirects=True)
        browser.post("/signin", data={"email": PERSON.email})
    logged = (
        (each.getMessage(), each.args, getattr(each, "fields", "")) for each in caplog.records
    )
    said = str(list(logged)).lower()
    assert not [trace for trace in TRACES if trace in said]
    assert "session-of" not in said
