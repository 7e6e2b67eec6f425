"""docs/access.md has the tables of the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bridge.access.table_text import right_table, role_table

PAGE = Path(__file__).parents[2] / "docs/access.md"


@pytest.mark.parametrize(("name", "table"), [("roles", role_table), ("rights", right_table)])
def test_the_page_has_the_table(name: str, table: Callable[[], Iterable[str]]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = text.partition(f"<!-- {name} -->\n")[2].partition("<!-- end -->")[0].strip()
    wanted = "\n".join(table())
    assert shown == wanted, (
        f"Copy this table between “<!-- {name} -->” and “<!-- end -->” in docs/access.md "
        f"(`stewardpath access --table` prints it too):\n{wanted}"
    )
