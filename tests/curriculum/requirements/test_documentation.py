"""docs/curricula.md documents every kind of requirement."""

from __future__ import annotations

import re
from pathlib import Path

from bridge.curriculum.requirements.register import RECORDS

PAGE = (Path(__file__).parents[3] / "docs" / "curricula.md").read_text("utf-8")
[SECTION] = re.findall(r"(?ms)^## Requirements$.*?(?=^## )", PAGE)
[EXAMPLE] = re.findall(r"(?s)```yaml\n(.*?)```", SECTION)
KEYS = {record.keys[0].name for record in RECORDS}


def check(written: set[str], where: str) -> None:
    where = f"{where} under Requirements in docs/curricula.md"
    assert not (lacking := KEYS - written), f"add {lacking} to {where}"
    unknown = written - KEYS
    assert not unknown, (
        f"{where} has {unknown}: remove it, or add its kind to KINDS in "
        "bridge/curriculum/requirements/register.py"
    )


def test_every_requirement_is_in_the_table() -> None:
    table = set(re.findall(r"(?m)^\| `([a-z-]+)` \|", SECTION))
    check(table, "the table")


def test_every_requirement_is_in_the_example() -> None:
    written = set(re.findall(r"(?m)^ *- ([a-z-]+):", EXAMPLE))
    check(written, "the example")
