"""The activity log: entries, filters, pages and CSV."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import bridge
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditAction
from bridge.web.committee.audit_log import ACTIONS
from tests.web.signed_in_users import SignedInUsers

BRIDGE = Path(bridge.__file__).parent


def write(
    users: SignedInUsers, count: int = 1, action: str = "role", member: int | None = None
) -> None:
    before, after = {"role": ""}, {"role": "=steward<"}
    with users.database.transaction() as session:
        for _ in range(count):
            audit_log.write(
                session, "a@union.example", action, member, before, after, users.clock()
            )


def page(users: SignedInUsers, address: str = "/committee/audit") -> str:
    return users.client("auditor").get(address).get_data(as_text=True)


def rows(text: str) -> int:
    return text.count('<th scope="row"')


def test_an_entry_is_a_sentence_with_its_time_and_links(users: SignedInUsers) -> None:
    write(users, member=users.member)
    text = page(users)
    for wanted in ("a@union.example gave <a", f'href="/committee/members/{users.member}">Mem Ber',
                   "the role “=steward&lt;”", "2026-03-01T12:00:00+00:00"):  # fmt: skip
        assert wanted in text


def test_a_known_address_is_a_name_with_the_address_below(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        for actor in ("member@union.example", "chair@union.example", "guest@guest.example"):
            audit_log.write(session, actor, "looked", users.other_member, {}, {}, users.clock())
    text = page(users)
    assert "The Chair viewed the record of" in text
    assert "Mem Ber viewed the record of" in text
    assert '<span class="quiet">member@union.example</span>' in text
    assert "guest@guest.example viewed" in text
    assert "Kim Guest viewed" not in text, "nobody has confirmed this address"


def test_the_log_of_one_member_says_so(users: SignedInUsers) -> None:
    write(users, member=users.member)
    address = f"/committee/audit?member={users.member}"
    assert "Only what was done to Mem Ber." in page(users, address)
    assert "Only what was done to" not in page(users)
    link = f'<a href="{address}">What was done to this record</a>'
    assert link in page(users, f"/committee/members/{users.member}")


def test_entries_are_filtered_by_member_and_action(users: SignedInUsers) -> None:
    write(users, member=users.member)
    write(users, 2, "looked", users.other_member)
    assert rows(page(users)) == 3
    assert rows(page(users, f"/committee/audit?member={users.other_member}")) == 2
    assert rows(page(users, "/committee/audit?action=role")) == 1
    assert rows(page(users, f"/committee/audit?action=role&member={users.other_member}")) == 0


def test_the_log_is_paginated(users: SignedInUsers) -> None:
    write(users, 30)
    write(users, 5, "looked")
    first = page(users, "/committee/audit?action=role")
    address = re.search(r'rel="next" href="([^"]+)"', first)
    assert address is not None
    second = page(users, address[1].replace("&amp;", "&"))
    assert (rows(first), rows(second)) == (25, 5)
    assert 'rel="next"' not in second
    assert 'rel="prev" href="/committee/audit?action=role"' in second


def test_the_log_as_csv(users: SignedInUsers) -> None:
    write(users, 3, member=users.member)
    answer = users.client("auditor").get("/committee/audit/list.csv?action=role")
    lines = answer.get_data(as_text=True).splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("2026-03-01T12:00:00+00:00,a@union.example,role,")


def test_the_log_is_filtered_by_region_and_milestone(users: SignedInUsers) -> None:
    write(users, member=users.member)
    write(users, 2, "looked", users.other_member)
    write(users, 4, "apply")
    with users.database.transaction() as session:
        grant(session, [AwardRecord(users.other_member, "a-path", "first", "r", {}, users.clock())])
    assert rows(page(users, "/committee/audit?region=north")) == 1
    assert rows(page(users, "/committee/audit?milestone=a-path:first")) == 2
    assert rows(page(users, "/committee/audit?milestone=a-path:second")) == 0
    narrow = page(users, "/committee/audit?region=south&action=looked")
    assert rows(narrow) == 2
    assert "list.csv?action=looked&amp;region=south" in narrow


def test_every_action_has_a_label_and_is_recorded() -> None:
    assert set(get_args(AuditAction)) == set(ACTIONS)
    declared = {"bridge/store/operations/audit_log.py", "bridge/web/committee/audit_log.py",
                "bridge/web/me/labels.py"}  # fmt: skip
    files = [each for each in BRIDGE.rglob("*.py") if not str(each).endswith(tuple(declared))]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    unused = [action for action in ACTIONS if f'"{action}"' not in code]
    assert not unused, f"Nothing records {unused}: remove them from AuditAction and its tables."
