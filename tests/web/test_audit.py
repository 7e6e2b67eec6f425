"""The audit log: who, what, when, before and after."""

from __future__ import annotations

import re
from pathlib import Path

import bridge
from bridge.store import audit
from bridge.store.awards import AwardRecord, grant
from bridge.web.committee.audit import ACTIONS

from .cast import Cast

BRIDGE = Path(bridge.__file__).parent


def write(cast: Cast, count: int = 1, action: str = "role", member: int | None = None) -> None:
    before, after = {"role": ""}, {"role": "=steward<"}
    with cast.database.transaction() as session:
        for _ in range(count):
            audit.write(session, "a@union.example", action, member, before, after, cast.clock())


def page(cast: Cast, address: str = "/committee/audit") -> str:
    return cast.client("auditor").get(address).get_data(as_text=True)


def rows(text: str) -> int:
    return text.count('<th scope="row">')


def test_a_line_says_who_what_when_before_and_after(cast: Cast) -> None:
    write(cast, member=cast.member)
    text = page(cast)
    for wanted in ("a@union.example", "changed a role", "2026-03-01T12:00:00+00:00",
                   "<dd>—</dd>", "<dd>=steward&lt;</dd>"):  # fmt: skip
        assert wanted in text


def test_lines_are_filtered_by_member_and_action(cast: Cast) -> None:
    write(cast, member=cast.member)
    write(cast, 2, "looked", cast.other_member)
    assert rows(page(cast)) == 3
    assert rows(page(cast, f"/committee/audit?member={cast.other_member}")) == 2
    assert rows(page(cast, "/committee/audit?action=role")) == 1
    assert rows(page(cast, f"/committee/audit?action=role&member={cast.other_member}")) == 0


def test_the_log_goes_on_page_by_page(cast: Cast) -> None:
    write(cast, 30)
    write(cast, 5, "looked")
    first = page(cast, "/committee/audit?action=role")
    address = re.search(r'rel="next" href="([^"]+)"', first)
    assert address is not None
    second = page(cast, address[1].replace("&amp;", "&"))
    assert (rows(first), rows(second)) == (25, 5)
    assert 'rel="next"' not in second
    assert 'rel="prev" href="/committee/audit?action=role"' in second


def test_the_log_as_a_sheet(cast: Cast) -> None:
    write(cast, 3, member=cast.member)
    answer = cast.client("auditor").get("/committee/audit/list.csv?action=role")
    lines = answer.get_data(as_text=True).splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("2026-03-01T12:00:00+00:00,a@union.example,role,")


def test_the_log_is_filtered_by_region_and_milestone(cast: Cast) -> None:
    write(cast, member=cast.member)
    write(cast, 2, "looked", cast.other_member)
    write(cast, 4, "apply")
    with cast.database.transaction() as session:
        grant(session, [AwardRecord(cast.other_member, "a-path", "first", "r", {}, cast.clock())])
    assert rows(page(cast, "/committee/audit?region=north")) == 1
    assert rows(page(cast, "/committee/audit?milestone=a-path:first")) == 2
    assert rows(page(cast, "/committee/audit?milestone=a-path:second")) == 0
    narrow = page(cast, "/committee/audit?region=south&action=looked")
    assert rows(narrow) == 2
    assert "list.csv?region=south&amp;action=looked" in narrow


def test_every_line_has_a_name_for_what_was_done() -> None:
    """Whatever the code writes into the log can be read there, and asked for."""
    code = "".join(file.read_text(encoding="utf-8") for file in BRIDGE.rglob("*.py"))
    written = re.findall(r'audit\.write(?:_all)?\(\s*session,.+?,\s*"([\w-]+)"', code, re.DOTALL)
    assert len(written) > 10
    assert set(written) == set(ACTIONS)
