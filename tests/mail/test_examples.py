"""Every email has an example, and the preview shows each of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bridge.cli.service.email_preview import blueprint
from bridge.config import Config, Region
from bridge.mail.examples import LANGUAGES, examples
from bridge.mail.kinds import EMAILS
from bridge.mail.template_check import broken_templates
from bridge.moodle.sandbox import create_sandbox
from tests.mail.sample_emails import FIRST, PATH, SECOND

CONFIG = Config(regions={"north": Region(name="The Far North")})


def preview_client(tmp_path: Path, config: Config = CONFIG) -> FlaskClient:
    app: Flask = create_sandbox(tmp_path / "sandbox.db", now=lambda: 0.0, token="t")
    app.register_blueprint(blueprint(config, [PATH]))
    return app.test_client()


def test_every_kind_has_an_example_with_a_unique_name() -> None:
    found = examples(CONFIG, [PATH])
    assert {each.kind for each in found} == EMAILS.keys()
    assert len({each.name for each in found}) == len(found)


def test_there_is_an_example_for_each_milestone() -> None:
    found = [each for each in examples(Config(), [PATH]) if each.kind == "milestone"]
    assert [each.context["reached"] for each in found] == [FIRST, SECOND]
    assert "What comes next" not in found[-1].render(Config(), "en").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_preview_lists_and_shows_every_email(tmp_path: Path, language: str) -> None:
    browser = preview_client(tmp_path)
    index = browser.get("/emails").text
    for each in examples(CONFIG, [PATH]):
        base = f"/emails/{language}/{each.name}"
        assert f'"{base}.html"' in index
        rich, plain = browser.get(f"{base}.html"), browser.get(f"{base}.txt")
        assert f'<html lang="{language}">' in rich.text
        assert "default-src 'none'" in rich.headers["Content-Security-Policy"]
        assert plain.mimetype == "text/plain"
        assert plain.text == each.render(CONFIG, language).text
    assert "The Far North" in browser.get(f"/emails/{language}/contact.txt").text


@pytest.mark.parametrize(
    "path", ["/emails/de/contact.html", "/emails/en/nothing.html", "/emails/en/contact.exe"]
)
def test_an_unknown_email_is_not_found(tmp_path: Path, path: str) -> None:
    assert preview_client(tmp_path).get(path).status_code == 404


def test_a_broken_template_shows_its_error_until_it_is_fixed(tmp_path: Path) -> None:
    own = tmp_path / "mail" / "en" / "region" / "contact-request.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{% block subject %}")
    browser = preview_client(tmp_path, Config(templates=tmp_path))
    assert "contact-request.txt.j2:1" in browser.get("/emails").text
    assert "contact-request.txt.j2:1" in browser.get("/emails/en/contact.html").text
    own.write_text("{% block subject %}Fixed{% endblock %}")
    assert "Fixed" in browser.get("/emails").text


def test_a_variable_of_another_email_is_found_before_a_member_needs_the_email(
    tmp_path: Path,
) -> None:
    own = tmp_path / "mail" / "en" / "auth" / "sign-in.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{% block subject %}Hello {{ first_name }}{% endblock %}")
    _, [error] = broken_templates(Config(templates=tmp_path), [PATH])
    assert "sign-in.txt.j2:1" in str(error)
    assert "'first_name' is undefined" in str(error)


def test_the_old_address_redirects(tmp_path: Path) -> None:
    answer = preview_client(tmp_path).get("/mails")
    assert (answer.status_code, answer.location) == (308, "/emails")
