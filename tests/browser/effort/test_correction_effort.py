"""How many clicks and keystrokes it takes to merge two members, and to correct a sign-off."""

from __future__ import annotations

from sqlalchemy import select

from bridge.store.members import queries
from bridge.store.tables.learning import Credit
from tests.browser.support.app_server import AppServer
from tests.browser.support.effort import Effort, spent
from tests.browser.support.large_union import SIGNED_OFF

MERGE, CHANGE, WITHDRAW = 18, 14, 10
"""In docs/benchmarks.md too, from the page of a member."""
KEPT, DOUBLE = 5_001, 5_002


def credits(union: AppServer) -> list[tuple[str, bool]]:
    """Who confirmed each credit of the member, and whether it counts."""
    mine = select(Credit).where(Credit.member_id == SIGNED_OFF).order_by(Credit.id)
    with union.database.reading() as session:
        return [
            (str(each.evidence["by_name"]), each.withdrawn_at is None)
            for each in session.scalars(mine)
        ]


def merge(effort: Effort) -> None:
    effort.follow('main a[href$="/merge"]')
    effort.write("#other", f"M{DOUBLE:07}")
    effort.enter()
    effort.click("#take-email-removed")
    effort.write("#typed", str(DOUBLE))
    effort.enter()


def change(effort: Effort) -> None:
    effort.follow('main a[href$="/change"]')
    effort.page.locator("#by_name").fill("Robin Example")  # as suggested by the browser
    effort.clicks += 1
    effort.write("#reason", "Wrong name")
    effort.follow("main form button.btn-primary")


def withdraw(effort: Effort) -> None:
    effort.follow('main a[href$="/withdraw"]')
    effort.write("#reason", "Mistake")
    effort.follow("main form button")


def test_two_records_become_one(union: AppServer, effort: Effort) -> None:
    effort.page.goto(f"/committee/members/{KEPT}")
    assert spent(effort, merge) == MERGE
    with union.database.reading() as session:
        assert queries.get_member(session, f"M{KEPT:07}") is not None
        [kept] = queries.members_with_email(session, f"m{DOUBLE}@union.example")
    assert kept.id == KEPT


def test_a_sign_off_is_changed_and_withdrawn(union: AppServer, effort: Effort) -> None:
    effort.page.goto(f"/committee/members/{SIGNED_OFF}")
    assert spent(effort, change) == CHANGE
    assert credits(union) == [("Lee Example", False), ("Robin Example", True)]
    effort.page.goto(f"/committee/members/{SIGNED_OFF}")
    assert spent(effort, withdraw) == WITHDRAW
    assert [counts for _, counts in credits(union)] == [False, False]
