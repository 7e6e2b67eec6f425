"""Every type of field has a template with both macros."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.curriculum.forms.register import TYPE_NAMES
from bridge.resources import resource

FOLDER = Path(str(resource("templates"))) / "web" / "forms" / "fields"
SHARED = "shared"


def test_each_type_has_its_template_and_each_template_its_type() -> None:
    assert {path.stem for path in FOLDER.glob("*.html")} == {*TYPE_NAMES, SHARED}, (
        "Give each type in FIELD_TYPES (bridge/curriculum/forms/register.py) a template in "
        "templates/web/forms/fields/, and each template a type."
    )


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_a_template_asks_and_shows(name: str) -> None:
    template = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    assert "{% macro ask(field, typed, problem, speech) %}" in template
    assert "{% macro show(field, value, speech) %}" in template
