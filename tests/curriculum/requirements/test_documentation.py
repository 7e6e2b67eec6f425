"""docs/curricula.md documents every kind of requirement."""

from __future__ import annotations

import re
from pathlib import Path

from bridge.curriculum.requirements.register import RECORDS

PAGE = (Path(__file__).parents[3] / "docs" / "curricula.md").read_text("utf-8")
[SECTION] = re.findall(r"(?ms)^## Requirements$.*?(?=^## )", PAGE)
[EXAMPLE] = re.findall(r"(?s)```yaml\n(.*?)```", SECTION)
KEYS = {record.keys[0].name for record in RECORDS}


def test_every_requirement_is_in_the_table() -> None:
    table = set(re.findall(r"(?m)^\| `([a-z-]+)` \|", SECTION))
    assert table == KEYS, "add a row to the table under Requirements in docs/curricula.md"


def test_every_requirement_is_in_the_example() -> None:
    written = set(re.findall(r"(?m)^ *- ([a-z-]+):", EXAMPLE))
    assert written == KEYS, "add it to the example under Requirements in docs/curricula.md"
