"""The seats of a round are never exceeded, and a returned one goes to the first in line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.applications import rules, seats
from bridge.applications.seats import Applicant
from bridge.curriculum.programs import Side
from bridge.errors import ApplicationError
from tests.applications.sample_rounds import CLOSING, ROUND

UNION = "America/Toronto"
UNLIMITED = replace(ROUND, seats=None)


def listed(number: int, minutes: int, side: Side = "applicant") -> Applicant:
    return Applicant(number, side, "waiting", None, CLOSING + timedelta(minutes=minutes))


def test_decisions_are_released_together() -> None:
    applicants = [
        Applicant(1, "applicant", "submitted", "accept"),
        Applicant(2, "applicant", "submitted", "waiting"),
        Applicant(3, "applicant", "submitted", "decline"),
        Applicant(4, "applicant", "submitted"),
        Applicant(5, "applicant", "withdrawn", "accept"),
        Applicant(6, "applicant", "declined", "accept"),
    ]
    new = seats.released_states(applicants, ROUND, UNION, CLOSING)
    assert new == {1: "accepted", 2: "waiting", 3: "declined", 6: "accepted"}


def test_nothing_is_released_while_the_round_is_open() -> None:
    applicants = [Applicant(1, "applicant", "submitted", "decline")]
    with pytest.raises(ApplicationError, match="still open"):
        seats.released_states(applicants, ROUND, UNION, CLOSING - timedelta(seconds=1))


def test_more_acceptances_than_free_seats_are_refused_with_both_numbers() -> None:
    applicants = [
        Applicant(1, "applicant", "confirmed"),
        Applicant(2, "applicant", "submitted", "accept"),
        Applicant(3, "applicant", "submitted", "accept"),
    ]
    with pytest.raises(ApplicationError, match=r"acceptances \(2\) than free seats \(1\)"):
        seats.released_states(applicants, ROUND, UNION, CLOSING)
    assert len(seats.released_states(applicants, UNLIMITED, UNION, CLOSING)) == 2


def test_mentors_take_no_seat() -> None:
    mentors = [Applicant(each, "mentor", "submitted", "accept") for each in range(5)]
    mentee = Applicant(9, "mentee", "accepted")
    assert len(seats.released_states([*mentors, mentee], ROUND, UNION, CLOSING)) == 5
    assert seats.free_seats([replace(mentors[0], state="accepted"), mentee], ROUND) == 1


def test_a_returned_seat_goes_to_the_first_on_the_waiting_list() -> None:
    accepted = Applicant(1, "applicant", "accepted")
    waiting = [listed(2, 9), listed(4, 1), listed(3, 1), replace(listed(5, 0), prepared="decline")]
    assert seats.next_in_line([accepted, *waiting], ROUND) == [3]
    returned = replace(accepted, state="withdrawn")
    assert seats.next_in_line([returned, *waiting], ROUND) == [3, 4]
    full = [accepted, replace(accepted, id=8, state="confirmed")]
    assert seats.next_in_line([*full, *waiting], ROUND) == []


def test_without_a_limit_everyone_on_the_list_gets_a_seat_except_mentors() -> None:
    waiting = [listed(1, 2), listed(2, 1), listed(3, 0, "mentor")]
    assert seats.next_in_line(waiting, UNLIMITED) == [2, 1]


def test_fewer_seats_after_an_edit_take_none_away() -> None:
    accepted = [Applicant(each, "applicant", "accepted") for each in range(3)]
    assert seats.free_seats(accepted, ROUND) == 0
    assert seats.next_in_line([*accepted, listed(9, 0)], ROUND) == []


APPLICANTS = st.lists(
    st.builds(
        Applicant,
        st.integers(1, 99),
        st.sampled_from(["applicant", "mentee", "mentor"]),
        st.sampled_from(rules.STATES),
        st.sampled_from([None, *rules.DECISIONS]),
    ),
    unique_by=lambda each: each.id,
    max_size=12,
)


def taken(applicants: Sequence[Applicant]) -> int:
    return sum(
        each.state in rules.TAKES_SEAT and each.side in rules.SIDES_WITH_SEATS
        for each in applicants
    )


@given(APPLICANTS, st.integers(0, 6))
def test_a_release_and_the_waiting_list_never_exceed_the_seats(
    applicants: list[Applicant], count: int
) -> None:
    wanted = replace(ROUND, seats=count)
    limit = max(count, taken(applicants))
    try:
        new = seats.released_states(applicants, wanted, UNION, CLOSING)
    except ApplicationError:
        new = {}
    after = [
        replace(each, state=new.get(each.id, each.state), prepared=None) for each in applicants
    ]
    assert taken(after) <= limit
    assert seats.released_states(after, wanted, UNION, CLOSING) == {}
    line = seats.next_in_line(after, wanted)
    moved = [replace(each, state="accepted") if each.id in line else each for each in after]
    assert taken(moved) <= limit
