"""Whether what was delivered is still true: the rules, one promise at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.delivery_check import AccountState, Promise, Verdict, check, held_kinds

HAS = AccountState(
    "a@x.example", "Ann", "Lee", False,
    enrolments={7: False}, cohorts=frozenset({7}), templates=frozenset({7}),
    badges=frozenset({7}), competencies={7: True},
)  # fmt: skip
HAS_NOTHING = replace(
    HAS, enrolments={}, cohorts=frozenset(), templates=frozenset(), badges=frozenset(),
    competencies={},
)  # fmt: skip
SHOWS_NOTHING = AccountState("a@x.example", "Ann", "Lee", False)
GRANTS = ("enrol", "cohort", "plan", "competency", "badge")


def promise(kind: str, **more: int | None) -> Promise:
    fields = {"object_id": 7, "account_id": 3, "done_object_id": 7, "done_account_id": 3}
    return Promise(1, 2, kind, **(fields | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", GRANTS)
def test_what_is_there_is_fine(kind: str) -> None:
    assert check(promise(kind), HAS).verdict == "fine"


@pytest.mark.parametrize("kind", GRANTS)
@pytest.mark.parametrize("state", [HAS, HAS_NOTHING])
def test_what_is_about_a_missing_object_is_unknown(kind: str, state: AccountState) -> None:
    assert check(promise(kind, object_id=None), state).verdict == "unknown"


@pytest.mark.parametrize("kind", [*GRANTS, "cohort-leave", "badge-revoke"])
def test_what_the_site_does_not_show_is_unknown(kind: str) -> None:
    assert check(promise(kind), SHOWS_NOTHING).verdict == "unknown"


@pytest.mark.parametrize(
    ("kind", "same", "replaced"),
    [
        ("enrol", "differs", "again"),
        ("badge", "differs", "again"),
        ("cohort", "again", "again"),
        ("plan", "again", "again"),
        ("competency", "again", "again"),
    ],
)
def test_what_is_missing(kind: str, same: Verdict, replaced: Verdict) -> None:
    assert check(promise(kind), HAS_NOTHING).verdict == same
    assert check(promise(kind, done_object_id=6), HAS_NOTHING).verdict == replaced
    assert check(promise(kind, done_account_id=6), HAS_NOTHING).verdict == replaced
    unrecorded = promise(kind, done_object_id=None, done_account_id=None)
    assert check(unrecorded, HAS_NOTHING).verdict == same, "nobody knows: a person decides"


def test_what_was_taken_away_and_is_there_again() -> None:
    assert check(promise("cohort-leave"), HAS).verdict == "again"
    assert check(promise("badge-revoke"), HAS).what == "given"
    assert check(promise("badge-revoke"), HAS_NOTHING).verdict == "fine"


@pytest.mark.parametrize(
    ("missing", "checked", "held"), [(10, 10, False), (11, 110, False), (12, 110, True)]
)
def test_how_much_may_be_missing(missing: int, checked: int, held: bool) -> None:
    assert bool(held_kinds({"enrol": checked}, ["enrol"] * missing, 0.1)) is held
