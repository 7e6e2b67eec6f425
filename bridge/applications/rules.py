"""What holds for applications, whatever is stored. Depends on its arguments only."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal, get_args

from bridge.curriculum.programs import Round, Side
from bridge.errors import ApplicationError
from bridge.foundations.deadlines.local_time import LocalTime, find_zone, instant_of, wall_time
from bridge.messages import Message

State = Literal["submitted", "accepted", "confirmed", "waiting", "declined", "withdrawn"]
"""A draft is no state: it is a draft of the form, and becomes an application when it is sent."""
STATES: tuple[State, ...] = get_args(State)
Decision = Literal["accept", "waiting", "decline"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
RoundState = Literal["upcoming", "open", "closed"]

STATE_AFTER: dict[Decision, State] = {
    "accept": "accepted", "waiting": "waiting", "decline": "declined"
}  # fmt: skip
TAKES_SEAT: tuple[State, ...] = ("accepted", "confirmed")
CAN_WITHDRAW: tuple[State, ...] = ("submitted", "accepted", "confirmed", "waiting")
CAN_DECIDE: tuple[State, ...] = ("submitted", "waiting", "declined")
SIDES_WITH_SEATS: tuple[Side, ...] = ("applicant", "mentee")
"""The seats of a round are for those who take part; a mentor says how many mentees they take."""


def opening_moment(wanted: Round, union_zone: str) -> datetime:
    """When a round opens: the start of its first day, in UTC."""
    return instant_of(LocalTime(datetime.combine(wanted.opens, time()), wanted.zone or union_zone))


def closing_moment(wanted: Round, union_zone: str) -> datetime:
    """When a round closes, in UTC. Who sends a form from this moment on is late."""
    return instant_of(LocalTime(wanted.closes, wanted.zone or union_zone))


def round_state(wanted: Round, union_zone: str, now: datetime) -> RoundState:
    """Whether people can apply in a round now. `union_zone`: for a round without a zone."""
    if now < opening_moment(wanted, union_zone):
        return "upcoming"
    return "open" if now < closing_moment(wanted, union_zone) else "closed"


def subject_of(wanted: Round) -> str:
    """What drafts and submissions of a round are about. Their form has the program's key."""
    return f"round:{wanted.key}"


def check_may_apply(
    wanted: Round,
    union_zone: str,
    now: datetime,
    *,
    in_audience: bool,
    is_eligible: bool,
    current: State | None,
) -> None:
    """Raises ApplicationError if a member can't send an application to a round now.

    `current`: the state of the application that they have in this round, None if they have none.
    An application that was withdrawn can be sent again.
    """
    check_open(wanted, union_zone, now)
    if not in_audience:
        raise ApplicationError(
            Message("this program isn't open to you."),
            todo=Message("If you think it should be, ask the committee to check your details."),
        )
    if not is_eligible:
        raise ApplicationError(
            Message("you don't meet the requirements of this program yet."),
            todo=Message("The page of the program says what you need before you apply."),
        )
    if current not in (None, "withdrawn"):
        raise ApplicationError(
            Message("you have already applied in this round."),
            todo=Message("To change your application, withdraw it and send it again."),
        )


def check_open(wanted: Round, union_zone: str, now: datetime) -> None:
    """Raises ApplicationError if a round isn't open."""
    zone = wanted.zone or union_zone
    match round_state(wanted, union_zone, now):
        case "upcoming":
            raise ApplicationError(
                Message("this round opens on %(day)s.", day=wanted.opens.isoformat()),
                todo=Message("Come back then. What you typed is kept in your draft."),
            )
        case "closed":
            raise ApplicationError(
                Message(
                    "this round closed on %(time)s (%(zone)s).",
                    time=f"{wanted.closes:%Y-%m-%d %H:%M}", zone=zone,
                ),
                todo=Message("What you typed is kept in your draft."),
            )  # fmt: skip
        case "open":
            return


def check_withdrawal(state: State) -> None:
    """Raises ApplicationError if an application can't be withdrawn."""
    if state == "withdrawn":
        raise ApplicationError(Message("this application is withdrawn already."))
    if state not in CAN_WITHDRAW:
        raise ApplicationError(
            Message("this application has been declined, so there is nothing to withdraw.")
        )


def check_confirmation(state: State, wanted: Round, union_zone: str, now: datetime) -> None:
    """Raises ApplicationError if a seat can't be confirmed: it must be offered, and the program
    must not be over.
    """
    if state == "confirmed":
        raise ApplicationError(Message("you have confirmed your seat already."))
    if state != "accepted":
        raise ApplicationError(Message("there is no seat for you to confirm."))
    if wall_time(now, find_zone(wanted.zone or union_zone)).date() > wanted.ends:
        raise ApplicationError(Message("this program is over."))


def check_preparing(state: State, *, own: bool) -> None:
    """Raises ApplicationError if a reviewer can't prepare a decision.

    `own`: whether the application is the reviewer's. After its release, a place on the waiting list
    and a refusal can be changed by another decision. A seat that was offered is only returned.
    """
    if own:
        raise ApplicationError(Message("you can't decide about your own application."))
    if state not in CAN_DECIDE:
        raise ApplicationError(
            Message("this application has been accepted or withdrawn."),
            todo=Message("Load the page again."),
        )
