"""Every type of field is documented, and used by the sample form."""

from __future__ import annotations

import re
from pathlib import Path

from bridge.curriculum.forms.register import TYPE_NAMES
from tests.curriculum.forms.sample_form import form

DOCS = Path(__file__).parents[3] / "docs"
PAGE = "docs/curricula.md"
SAMPLE = "tests/curriculum/forms/sample_form.py"


def test_every_type_of_field_is_in_the_table() -> None:
    text = (DOCS / "curricula.md").read_text(encoding="utf-8")
    table = text.partition("| `type` of field |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)
    assert rows == list(TYPE_NAMES), f"Correct the table of types of fields in {PAGE}."


def test_the_sample_form_has_a_field_of_every_type() -> None:
    lacking = set(TYPE_NAMES) - {each.type for each in form().fields}
    assert not lacking, f"Add a field of each of these types to {SAMPLE}: {lacking}"
