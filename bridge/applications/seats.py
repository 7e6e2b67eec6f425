"""Who gets the seats of a round: they are never more than there are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.applications.rules import (
    CAN_DECIDE,
    SIDES_WITH_SEATS,
    STATE_AFTER,
    TAKES_SEAT,
    Decision,
    State,
    closing_moment,
)
from bridge.curriculum.programs import Round, Side
from bridge.errors import ApplicationError
from bridge.messages import Message


@dataclass(frozen=True, slots=True)
class Applicant:
    """An application as far as seats depend on it.

    `prepared`: the decision that isn't released yet, None if there is none. `listed_at`: when it
    was put on the waiting list, or when that was prepared; the earliest comes first.
    """

    id: int
    side: Side
    state: State
    prepared: Decision | None = None
    listed_at: datetime | None = None


def free_seats(applicants: Sequence[Applicant], wanted: Round) -> int | None:
    """How many seats of a round are free; None if there is no limit. Never below 0."""
    if wanted.seats is None:
        return None
    return max(wanted.seats - sum(_has_seat(each.side, each.state) for each in applicants), 0)


def released_states(
    applicants: Sequence[Applicant], wanted: Round, union_zone: str, now: datetime
) -> Mapping[int, State]:
    """The new state of each application of a round whose prepared decision is released now, by ID.

    Empty if nothing is prepared, so a second release changes nothing. Decisions about applications
    that were withdrawn meanwhile are passed over. Raises ApplicationError if the round is still
    open, or if there are fewer free seats than acceptances.
    """
    if now < closing_moment(wanted, union_zone):
        raise ApplicationError(
            Message("this round is still open."),
            todo=Message("Release the decisions after it has closed."),
        )
    new = {
        each.id: STATE_AFTER[each.prepared]
        for each in applicants
        if each.prepared is not None and each.state in CAN_DECIDE
    }
    more = sum(_has_seat(each.side, new[each.id]) for each in applicants if each.id in new)
    free = free_seats(applicants, wanted)
    if free is not None and more > free:
        raise ApplicationError(
            Message(
                "there are more acceptances (%(accepted)s) than free seats (%(free)s).",
                accepted=more, free=free,
            ),
            todo=Message("Put some of them on the waiting list."),
        )  # fmt: skip
    return new


def next_in_line(applicants: Sequence[Applicant], wanted: Round) -> Sequence[int]:
    """The IDs of those on the waiting list who get the free seats, the first of the list first.

    Without a limit nobody is passed over: everyone on the list gets a seat. Mentors hold no seat,
    so a reviewer decides about them. Who has another prepared decision waits for its release.
    """
    listed = [
        each
        for each in applicants
        if (each.state, each.prepared) in (("waiting", None), ("waiting", "waiting"))
        and each.side in SIDES_WITH_SEATS
    ]
    listed.sort(key=_place)
    return [each.id for each in listed[: free_seats(applicants, wanted)]]


def _place(applicant: Applicant) -> tuple[float, int]:
    at = applicant.listed_at
    return at.timestamp() if at else float("inf"), applicant.id


def _has_seat(side: Side, state: State) -> bool:
    return side in SIDES_WITH_SEATS and state in TAKES_SEAT
