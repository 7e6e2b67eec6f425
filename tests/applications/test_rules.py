"""When a round is open, who may apply, and what can be done with an application."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bridge.applications import rules
from bridge.applications.rules import State
from bridge.errors import ApplicationError
from tests.applications.sample_rounds import CLOSING, ROUND

UNION = "America/Toronto"
OPENING = datetime(2027, 1, 10, 8, tzinfo=UTC)
ONE_SECOND = timedelta(seconds=1)
DURING = CLOSING - timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (OPENING - ONE_SECOND, "upcoming"),
        (OPENING, "open"),
        (CLOSING - ONE_SECOND, "open"),
        (CLOSING, "closed"),
    ],
)
def test_a_round_opens_and_closes_by_the_clocks_of_its_zone(now: datetime, state: str) -> None:
    assert rules.round_state(ROUND, UNION, now) == state


def test_a_round_without_a_zone_has_that_of_the_union() -> None:
    at_home = replace(ROUND, zone="")
    assert rules.closing_moment(at_home, UNION) == CLOSING - timedelta(hours=3)
    assert rules.opening_moment(at_home, UNION) == OPENING - timedelta(hours=3)


def test_a_round_that_closes_while_clocks_are_put_back_closes_the_second_time() -> None:
    autumn = replace(ROUND, closes=datetime.fromisoformat("2027-11-07 01:30"))
    assert rules.closing_moment(autumn, UNION) == datetime(2027, 11, 7, 9, 30, tzinfo=UTC)


def may_apply(
    now: datetime = DURING,
    *,
    in_audience: bool = True,
    is_eligible: bool = True,
    current: State | None = None,
) -> None:
    rules.check_may_apply(
        ROUND, UNION, now, in_audience=in_audience, is_eligible=is_eligible, current=current
    )


def accepts(check: object, *arguments: object, **named: object) -> bool:
    assert callable(check)
    try:
        check(*arguments, **named)
    except ApplicationError:
        return False
    return True


def test_an_application_in_time_is_taken_also_after_a_withdrawal() -> None:
    assert accepts(may_apply)
    assert accepts(may_apply, current="withdrawn")


def test_a_late_application_is_told_when_the_round_closed_and_that_the_draft_is_kept() -> None:
    with pytest.raises(ApplicationError) as caught:
        may_apply(CLOSING)
    assert "2027-02-10 17:00 (America/Los_Angeles)" in str(caught.value)
    assert "kept in your draft" in caught.value.todo


def test_an_early_application_is_told_when_the_round_opens() -> None:
    with pytest.raises(ApplicationError, match="2027-01-10"):
        may_apply(OPENING - ONE_SECOND)


@pytest.mark.parametrize("current", [each for each in rules.STATES if each != "withdrawn"])
def test_a_member_applies_once_in_a_round(current: State) -> None:
    with pytest.raises(ApplicationError, match="already applied"):
        may_apply(current=current)


def test_who_is_not_meant_is_told_why() -> None:
    with pytest.raises(ApplicationError, match="isn't open to you"):
        may_apply(in_audience=False)
    with pytest.raises(ApplicationError, match="requirements"):
        may_apply(is_eligible=False)


def test_each_round_has_drafts_of_its_own() -> None:
    assert rules.subject_of(ROUND) != rules.subject_of(replace(ROUND, key="2028"))


def test_which_states_can_be_withdrawn_confirmed_and_decided() -> None:
    withdrawable = {each for each in rules.STATES if accepts(rules.check_withdrawal, each)}
    assert withdrawable == {"submitted", "accepted", "confirmed", "waiting"}
    confirmable = {
        each
        for each in rules.STATES
        if accepts(rules.check_confirmation, each, ROUND, UNION, CLOSING)
    }
    assert confirmable == {"accepted"}
    decidable = {each for each in rules.STATES if accepts(rules.check_preparing, each, own=False)}
    assert decidable == {"submitted", "waiting", "declined"}


@pytest.mark.parametrize("state", rules.STATES)
def test_nobody_decides_about_their_own_application(state: State) -> None:
    with pytest.raises(ApplicationError, match="your own"):
        rules.check_preparing(state, own=True)


def test_a_seat_can_be_confirmed_until_the_last_day_of_the_program() -> None:
    evening = datetime(2027, 9, 1, 6, 59, tzinfo=UTC)  # 31 August in Los Angeles
    assert date(2027, 8, 31) == ROUND.ends
    rules.check_confirmation("accepted", ROUND, UNION, evening)
    with pytest.raises(ApplicationError, match="over"):
        rules.check_confirmation("accepted", ROUND, UNION, evening + timedelta(minutes=1))
