"""What a source's list of roles changes: a table of cases, and what always holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.membership.roles import HeldRole, held_on, roles_problem
from bridge.store.members.role_changes import DAY, PAGE, RoleChange, StoredRole, role_changes

TODAY = date(2026, 6, 15)
MAY, JUNE, TOMORROW, JULY = (
    date(2026, 5, 1), date(2026, 6, 1), date(2026, 6, 16), date(2026, 7, 1),
)  # fmt: skip
YESTERDAY, DAY_AFTER, JULY_2 = date(2026, 6, 14), date(2026, 6, 17), date(2026, 7, 2)
END_OF_JUNE, AUGUST = date(2026, 6, 30), date(2026, 8, 31)


def steward(since: date | None = None, until: date | None = None, unit: str = "") -> HeldRole:
    return HeldRole("steward", unit=unit, since=since, until=until)


TRUSTEE = HeldRole("trustee")
Rows = list[tuple[HeldRole, str]]


def applied(stored: list[StoredRole], changes: list[RoleChange]) -> list[StoredRole]:
    rows = {one.id: one for one in stored}
    for number, change in enumerate(changes, 1 + max(rows, default=0)):
        if change.stored and not change.after:
            del rows[change.stored.id]
        elif change.after:
            key = change.stored.id if change.stored else number
            rows[key] = StoredRole(key, change.after, change.source)
    return list(rows.values())


def take(
    stored: list[StoredRole],
    said: list[HeldRole],
    source: str = "csv",
    today: date = TODAY,
    *,
    adds: bool = False,
) -> list[StoredRole]:
    return applied(stored, role_changes(stored, said, source, today, adds=adds))


def as_rows(*rows: tuple[HeldRole, str]) -> list[StoredRole]:
    return [StoredRole(number, held, source) for number, (held, source) in enumerate(rows)]


CASES: dict[str, tuple[Rows, list[HeldRole], Rows]] = {
    "new": ([], [steward(), TRUSTEE], [(steward(), "csv"), (TRUSTEE, "csv")]),
    "same": ([(steward(MAY), "csv")], [steward()], [(steward(MAY), "csv")]),
    "a steward is elected trustee": (
        [(steward(), "csv")], [steward(), TRUSTEE], [(steward(), "csv"), (TRUSTEE, "csv")],
    ),
    "missing": ([(steward(), "csv")], [TRUSTEE],
                [(steward(until=TODAY), "csv"), (TRUSTEE, "csv")]),
    "none": ([(steward(), "csv")], [], [(steward(until=TODAY), "csv")]),
    "missing before it began": ([(steward(JULY), "csv")], [], []),
    "missing from another source": (
        [(steward(), "webhook")], [TRUSTEE], [(steward(), "webhook"), (TRUSTEE, "csv")],
    ),
    "named by another source": ([(steward(), "webhook")], [steward()], [(steward(), "csv")]),
    "the committee's stays": ([(steward(), PAGE)], [], [(steward(), PAGE)]),
    "the committee's covers it": ([(steward(MAY), PAGE)], [steward()], [(steward(MAY), PAGE)]),
    "after the committee's": (
        [(steward(until=YESTERDAY), PAGE)], [steward(MAY)],
        [(steward(until=YESTERDAY), PAGE), (steward(TODAY), "csv")],
    ),
    "first day corrected": ([(steward(JUNE), "csv")], [steward(MAY)], [(steward(MAY), "csv")]),
    "last day set": ([(steward(MAY), "csv")], [steward(MAY, JULY)],
                     [(steward(MAY, JULY), "csv")]),
    "named again on the day it ended": (
        [(steward(MAY, TODAY), "csv")], [steward()], [(steward(MAY), "csv")],
    ),
    "held before, and again": (
        [(steward(MAY, JUNE), "csv")], [steward()],
        [(steward(MAY, JUNE), "csv"), (steward(TODAY), "csv")],
    ),
    "history": ([(steward(MAY, JUNE), "csv")], [steward(MAY, JUNE)],
                [(steward(MAY, JUNE), "csv")]),
    "ended in the past": ([], [steward(MAY, JUNE)], [(steward(MAY, JUNE), "csv")]),
    "ended in the past, no first day": (
        [(steward(until=JUNE), "csv")], [steward(until=JUNE)], [(steward(until=JUNE), "csv")],
    ),
    "begins later": ([], [steward(JULY)], [(steward(JULY), "csv")]),
    "the next term is announced": (
        [(steward(), "csv")], [steward(MAY, TOMORROW), steward(JULY, AUGUST)],
        [(steward(MAY, TOMORROW), "csv"), (steward(JULY, AUGUST), "csv")],
    ),
    "the next term is named first": (
        [(steward(), "csv")], [steward(JULY, AUGUST), steward(MAY, TOMORROW)],
        [(steward(MAY, TOMORROW), "csv"), (steward(JULY, AUGUST), "csv")],
    ),
    "both terms change": (
        [(steward(MAY, TOMORROW), "csv"), (steward(JULY), "csv")],
        [steward(JUNE, TOMORROW), steward(JULY, AUGUST)],
        [(steward(JUNE, TOMORROW), "csv"), (steward(JULY, AUGUST), "csv")],
    ),
    "only the next term": (
        [(steward(MAY), "csv")], [steward(JULY)],
        [(steward(MAY, TODAY), "csv"), (steward(JULY), "csv")],
    ),
    "the next term, by another source": (
        [(steward(MAY), "webhook")], [steward(JULY)],
        [(steward(MAY, END_OF_JUNE), "webhook"), (steward(JULY), "csv")],
    ),
    "the next term, after the committee's": (
        [(steward(MAY), PAGE)], [steward(JULY)], [(steward(MAY), PAGE)],
    ),
    "one term instead of two": (
        [(steward(MAY, TOMORROW), "csv"), (steward(JULY), "csv")], [steward(JUNE)],
        [(steward(JUNE), "csv")],
    ),
    "the current term, when the next one is stored": (
        [(steward(JULY), "csv")], [steward()], [(steward(), "csv")],
    ),
    "the current term, when another source has the next one": (
        [(steward(JULY), "webhook")], [steward(MAY)],
        [(steward(JULY), "webhook"), (steward(MAY, END_OF_JUNE), "csv")],
    ),
    "the current term, when the committee gave the next one": (
        [(steward(JULY), PAGE)], [steward()],
        [(steward(JULY), PAGE), (steward(until=END_OF_JUNE), "csv")],
    ),
    "beside the committee's, on both sides": (
        [(steward(TOMORROW, JULY), PAGE)], [steward(JUNE)],
        [(steward(TOMORROW, JULY), PAGE), (steward(JUNE, TODAY), "csv"),
         (steward(JULY_2), "csv")],
    ),
    "after the committee's, which lasts": (
        [(steward(MAY, JULY), PAGE)], [steward(JUNE)],
        [(steward(MAY, JULY), PAGE), (steward(JULY_2), "csv")],
    ),
    "a current term that is longer than the next one of another source": (
        [(steward(TOMORROW, JULY), "webhook")], [steward()],
        [(steward(TOMORROW, JULY), "webhook"), (steward(until=TODAY), "csv"),
         (steward(JULY_2), "csv")],
    ),
    "one term instead of two, of which one is over": (
        [(steward(MAY, JUNE), "csv"), (steward(YESTERDAY, AUGUST), "csv")], [steward(MAY)],
        [(steward(MAY), "csv")],
    ),
    "a current term and a next one, as the next one changed": (
        [(steward(JULY, AUGUST), "csv"), (steward(until=TOMORROW), "csv")],
        [steward(YESTERDAY, TODAY), steward(TOMORROW, AUGUST)],
        [(steward(TOMORROW, AUGUST), "csv"), (steward(YESTERDAY, TODAY), "csv")],
    ),
    "the rest of a next term, after the committee's": (
        [(steward(until=TOMORROW), PAGE), (steward(AUGUST), "csv"),
         (steward(DAY_AFTER, END_OF_JUNE), "csv")],
        [steward(TOMORROW)],
        [(steward(until=TOMORROW), PAGE), (steward(DAY_AFTER), "csv")],
    ),
    "another scope": (
        [(steward(unit="12"), "csv")], [steward(unit="12"), steward()],
        [(steward(unit="12"), "csv"), (steward(), "csv")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_stored_roles_follow_their_source(name: str) -> None:
    before, said, after = CASES[name]
    found = take(as_rows(*before), said)
    assert [(one.held, one.source) for one in found] == after
    assert role_changes(found, said, "csv", TODAY) == [], "saying it again changes nothing"


def test_the_next_term_beside_what_was_named_before_leaves_the_current_one() -> None:
    said = [steward(JULY, AUGUST)]
    found = take(as_rows((steward(), "csv")), said, adds=True)
    assert [one.held for one in found] == [steward(until=END_OF_JUNE), *said]
    assert take(found, said, adds=True) == found
    assert [one.held for one in take(found, [steward()])] == [steward()]


NEAR = st.integers(-4, 4) | st.sampled_from([-400, -30, 30, 365, 366, 700])
DAYS = st.none() | NEAR.map(lambda days: TODAY + timedelta(days=days))
ROLES = st.sampled_from(["steward", "steward", "trustee"])
HELD = st.builds(HeldRole, ROLES, since=DAYS, until=DAYS)
LISTS = st.lists(HELD, max_size=4).filter(lambda roles: not roles_problem(roles))
SOURCES = st.sampled_from(["csv", "csv", "webhook", PAGE])


@dataclass(frozen=True)
class Import:
    said: list[HeldRole]
    source: str
    adds: bool
    days_later: int


IMPORTS = st.builds(
    Import, LISTS, st.sampled_from(["csv", "csv", "webhook"]), st.booleans(), st.integers(0, 3)
)


@given(
    stored=LISTS.flatmap(
        lambda roles: st.tuples(*(st.tuples(st.just(role), SOURCES) for role in roles))
    ),
    imports=st.lists(IMPORTS, min_size=1, max_size=3),
)
def test_each_day_has_the_roles_that_were_named_last_once(
    stored: tuple[tuple[HeldRole, str], ...], imports: list[Import]
) -> None:
    rows, today = as_rows(*stored), TODAY
    for each in imports:
        today += timedelta(days=each.days_later)
        rows = check_import(rows, each, today)


def check_import(before: list[StoredRole], each: Import, today: date) -> list[StoredRole]:
    """The rows after an import, which must not overlap, nor lack a day that was named."""
    take_again = partial(take, said=each.said, source=each.source, today=today, adds=each.adds)
    after = take_again(before)
    assert roles_problem([one.held for one in after]) == ""
    assert [one for one in before if one.source == PAGE] == [
        one for one in after if one.source == PAGE
    ]
    assert {one.id: one for one in take_again(after)} == {one.id: one for one in after}
    for day in days_of_change([*each.said, *(one.held for one in after)], today):
        assert held_on(each.said, day) <= held_on([one.held for one in after], day), day
    return after


def days_of_change(roles: Iterable[HeldRole], today: date) -> set[date]:
    """Today, and each later day on which a role begins, or the day after its last one."""
    changes = {day for one in roles for day in (one.since, one.until and one.until + DAY) if day}
    return {today, *(day for day in changes if day > today)}
