"""The last days of certificates among a member's dates: only of those that weren't renewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.features import FEATURES
from bridge.features.registers import calendar
from bridge.foundations.owners import Owner
from bridge.store.database import Database
from bridge.store.learning import credits
from bridge.store.learning.credits import CreditRecord
from tests.features.test_record import certificate, context
from tests.store.sample_members import NOW

TODAY = NOW.date()
SOON, LATER = TODAY + timedelta(days=30), TODAY + timedelta(days=400)


def last_days(db: Database, member: int) -> list[date]:
    with db.reading() as session:
        found = calendar(FEATURES, context(session), Owner(member))
        return [each.last_day(ZoneInfo("UTC")) for each in found]


def first_aid(member: int, number: int, until: date | None) -> CreditRecord:
    return certificate(member, number, date(2024, 5, number), valid_until=until)


@pytest.fixture
def anna(db: Database, two_members: list[int]) -> int:
    """A member whose certificate ends soon."""
    anna, _ = two_members
    store(db, first_aid(anna, 1, SOON))
    return anna


def store(db: Database, *records: CreditRecord) -> None:
    with db.transaction() as session:
        for each in records:
            assert credits.record(session, each, NOW)


@pytest.mark.parametrize(
    ("until", "shown"), [(LATER, [LATER]), (None, []), (SOON, [SOON]), (TODAY, [SOON])]
)
def test_only_the_one_that_lasts_longest_is_shown(
    db: Database, anna: int, until: date | None, shown: list[date]
) -> None:
    assert last_days(db, anna) == [SOON]
    store(db, first_aid(anna, 2, until))
    assert last_days(db, anna) == shown


def test_a_withdrawn_renewal_does_not_count(db: Database, anna: int) -> None:
    store(db, first_aid(anna, 2, LATER))
    withdraw(db, 2)
    assert last_days(db, anna) == [SOON]
    withdraw(db, 1)
    assert last_days(db, anna) == []


def withdraw(db: Database, number: int) -> None:
    with db.transaction() as session:
        assert credits.withdraw(session, number, "A mistake", "me", NOW)


@pytest.mark.parametrize(
    "other", [{"key": "fire-safety"}, {"kind": "program"}, {"curriculum": "b-path"}]
)
def test_another_certificate_is_no_renewal(db: Database, anna: int, other: dict[str, str]) -> None:
    store(db, replace(first_aid(anna, 2, LATER), **other))  # type: ignore[arg-type]
    assert last_days(db, anna) == [SOON, LATER]


def test_someone_elses_certificate_is_no_renewal(
    db: Database, anna: int, two_members: list[int]
) -> None:
    store(db, first_aid(two_members[1], 2, LATER))
    assert last_days(db, anna) == [SOON]


def test_the_last_day_itself_is_shown_and_the_day_after_is_not(
    db: Database, two_members: list[int]
) -> None:
    anna, ben = two_members
    store(db, first_aid(anna, 1, TODAY), first_aid(ben, 2, TODAY - timedelta(days=1)))
    assert (last_days(db, anna), last_days(db, ben)) == ([TODAY], [])
