"""docs/curricula.md says which texts can have Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.curriculum.schema.fields import RECORDS
from bridge.curriculum.value_types import ListOf, OneOf, Shape, TranslatedText

PAGE = (Path(__file__).parents[3] / "docs" / "curricula.md").read_text("utf-8")
ROWS = {
    "markdown": "| Markdown |",
    "inline": "| one line with emphasis",
    "none": "| plain text |",
}


def texts(shape: Shape) -> Iterator[TranslatedText]:
    if isinstance(shape, TranslatedText):
        yield shape
    if isinstance(shape, ListOf):
        yield from texts(shape.item)
    if isinstance(shape, OneOf) and shape.text:
        yield shape.text


FIELDS = sorted(
    {
        (text.markup, key.name)
        for record in RECORDS.values()
        for key in record.keys
        for text in texts(key.shape)
        if not record.name.endswith("-answer")
    }
)


@pytest.mark.parametrize(("markup", "key"), FIELDS)
def test_the_table_of_texts_names_every_key(markup: str, key: str) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(ROWS[markup]))
    assert re.search(rf"`{key}`", row), f"docs/curricula.md, Texts: add `{key}` to this row"
