"""How many clicks and keystrokes it takes to add, correct and deactivate one of 10,000 members."""

from __future__ import annotations

from bridge.membership.status import LEFT
from bridge.store.member_changes import notes
from bridge.store.members import queries
from bridge.store.tables.members import Member
from tests.browser.support.app_server import AppServer
from tests.browser.support.effort import Effort, spent
from tests.browser.support.large_union import MEMBERS

FIND, ADD, EDIT, DEACTIVATE, REACTIVATE, NOTE, ERASE = 12, 46, 13, 8, 10, 18, 3
"""In docs/benchmarks.md too. Finding the member comes before all but the first."""
MANY = 4_001


def member(union: AppServer, number: str) -> Member | None:
    with union.database.reading() as session:
        return queries.get_member(session, number)


def test_a_member_is_added(union: AppServer, effort: Effort) -> None:
    def add(effort: Effort) -> None:
        effort.follow('a[href="/committee/members"]')
        effort.follow('a[href="/committee/members/add"]')
        effort.write("#number", "M0020000")
        effort.write("#first_name", "Kim")
        effort.write("#last_name", "Doe")
        effort.write("#email", "kim.doe@union.example")
        effort.choose("#region", 1)
        effort.choose("#language", 1)
        effort.follow("main form button")

    assert spent(effort, add) == ADD
    found = member(union, "M0020000")
    assert found is not None
    assert (found.first_name, found.language) == ("Kim", "en")
    with union.database.reading() as session:
        assert queries.count_members(session) == MEMBERS + 1


def find(effort: Effort) -> None:
    effort.follow('a[href="/committee/members"]')
    effort.write("#words", f"M{MANY:07}")
    effort.enter()
    effort.follow(f'main a[href="/committee/members/{MANY}"]')


def edit(effort: Effort) -> None:
    effort.follow(f'a[href="/committee/members/{MANY}/edit"]')
    effort.page.locator("#unit").focus()
    effort.write("#unit", "Transit 12")
    effort.follow("main form button")


def deactivate(effort: Effort) -> None:
    effort.follow('main a[href$="/deactivate"]')
    effort.write("#reason", "Moved")
    effort.follow("main form button")


def reactivate(effort: Effort) -> None:
    effort.follow('main a[href$="/reactivate"]')
    effort.write("#reason", "Is back")
    effort.follow("main form button")


def note(effort: Effort) -> None:
    effort.follow('main a[href$="/notes"]')
    effort.write("#text", "Call after five")
    effort.follow("main form button")


def erase(effort: Effort) -> None:
    effort.follow('main a[href$="/erase"]')
    effort.click("#sure")
    effort.follow("main form button")


def test_one_of_many_is_found_and_changed(union: AppServer, effort: Effort) -> None:
    number = f"M{MANY:07}"
    counts = {"find": spent(effort, find), "edit": spent(effort, edit)}
    changed = member(union, number)
    assert changed is not None
    assert changed.unit == "Transit 12"
    counts["deactivate"] = spent(effort, deactivate)
    gone = member(union, number)
    assert gone is not None
    assert gone.status == LEFT
    counts["reactivate"] = spent(effort, reactivate)
    counts["note"] = spent(effort, note)
    with union.database.reading() as session:
        assert [each.text for each in notes.notes_of(session, MANY)] == ["Call after five"]
    effort.page.goto(f"/committee/members/{MANY}")
    counts["erase"] = spent(effort, erase)
    assert member(union, number) is None
    assert counts == {
        "find": FIND, "edit": EDIT, "deactivate": DEACTIVATE, "reactivate": REACTIVATE,
        "note": NOTE, "erase": ERASE,
    }  # fmt: skip
