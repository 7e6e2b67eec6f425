"""Every letter has an example, and the preview shows each of them."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bridge.cli.service.email_preview import blueprint
from bridge.config import Config, Region
from bridge.mail import EmailKind
from bridge.mail.examples import LANGUAGES, examples
from bridge.moodle.sandbox import create_sandbox
from tests.test_mail import FIRST, PATH, SECOND

CONFIG = Config(regions={"north": Region(name="The Far North")})


def client(tmp_path: Path, config: Config = CONFIG) -> FlaskClient:
    app: Flask = create_sandbox(tmp_path / "sandbox.db", now=lambda: 0.0, token="t")
    app.register_blueprint(blueprint(config, [PATH]))
    return app.test_client()


def test_every_kind_has_an_example_of_its_own_name() -> None:
    made = examples(CONFIG, [PATH])
    assert {each.kind for each in made} == set(get_args(EmailKind))
    assert len({each.name for each in made}) == len(made)


def test_there_is_a_mail_for_each_milestone_and_the_last_promises_none() -> None:
    made = [each for each in examples(Config(), [PATH]) if each.kind == "milestone"]
    assert [each.words["reached"] for each in made] == [FIRST, SECOND]
    assert "What comes next" not in made[-1].letter(Config(), "en").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_preview_lists_and_shows_each(tmp_path: Path, language: str) -> None:
    visitor = client(tmp_path)
    index = visitor.get("/mails").text
    for each in examples(CONFIG, [PATH]):
        base = f"/mails/{language}/{each.name}"
        assert f'"{base}.html"' in index
        rich, plain = visitor.get(f"{base}.html"), visitor.get(f"{base}.txt")
        assert f'<html lang="{language}">' in rich.text
        assert "default-src 'none'" in rich.headers["Content-Security-Policy"]
        assert plain.mimetype == "text/plain"
        assert plain.text == each.letter(CONFIG, language).text
    assert "The Far North" in visitor.get(f"/mails/{language}/contact.txt").text


@pytest.mark.parametrize(
    "path", ["/mails/de/contact.html", "/mails/en/nothing.html", "/mails/en/contact.exe"]
)
def test_what_is_not_there_is_not_found(tmp_path: Path, path: str) -> None:
    assert client(tmp_path).get(path).status_code == 404


def test_a_broken_template_says_so_and_is_shown_once_mended(tmp_path: Path) -> None:
    own = tmp_path / "mail" / "en" / "contact.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{% block subject %}")
    visitor = client(tmp_path, Config(templates=tmp_path))
    assert "contact.txt.j2:1" in visitor.get("/mails").text
    assert "contact.txt.j2:1" in visitor.get("/mails/en/contact.html").text
    own.write_text("{% block subject %}Mended{% endblock %}")
    assert "Mended" in visitor.get("/mails").text
