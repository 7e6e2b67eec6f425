"""A union's own templates come before the shipped ones, also under their old names."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from bridge.config import Config
from bridge.store.database import Database
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from bridge.web.layout.custom_templates import NEW_NAMES
from tests.web.conftest import PATH, Clock


@pytest.mark.parametrize("name", ["public/home.html", "home.html"])
def test_own_templates_come_first(
    config: Config, database: Database, clock: Clock, tmp_path: Path, name: str
) -> None:
    """Under the name of the shipped template, or under the one it had before."""
    own = tmp_path / "web" / name
    app = app_with_template(config, database, clock, own, "{{ union.name }}!", tmp_path)
    assert app.test_client().get("/").text == "Example &lt;Union&gt;!"


def test_own_templates_may_extend_a_template_by_its_old_name(
    config: Config, database: Database, clock: Clock, tmp_path: Path
) -> None:
    page = '{% extends "web/lessons/base.html" %}{% block lesson %}Ours{% endblock %}'
    own = tmp_path / "web" / "lessons" / "page.html"
    app = app_with_template(config, database, clock, own, page, tmp_path)
    answer = app.test_client().get("/path/a-path/first/read-me")
    assert answer.status_code == 200
    assert "Ours" in answer.text


def test_an_old_template_name_is_logged(
    config: Config,
    database: Database,
    clock: Clock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    own = tmp_path / "web" / "home.html"
    app = app_with_template(config, database, clock, own, "Ours", tmp_path)
    app.test_client().get("/")
    app.test_client().get("/")
    assert [each.message for each in caplog.records] == ["template.renamed"]


def test_new_names_of_templates_are_shipped() -> None:
    shipped = Path(__file__).parents[3] / "templates"
    assert [name for name in NEW_NAMES.values() if not (shipped / name).is_file()] == []


def app_with_template(
    config: Config, database: Database, clock: Clock, own: Path, text: str, folder: Path
) -> Flask:
    """An application whose union has one template, `own`, in its templates folder."""
    own.parent.mkdir(parents=True)
    own.write_text(text)
    changed = config.model_copy(update={"templates": folder})
    return create_app(changed, database, [PATH], now=clock, metrics=Metrics())
