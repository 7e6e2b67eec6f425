"""Outcomes that record more than that a delivery is done: an account found, a course entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import StewardpathError
from bridge.jobs.deliver import Outcome
from bridge.store import account_questions, enrolments
from bridge.store.deliveries import Claimed
from bridge.store.members import set_moodle_users


def all_linked(
    claimed: Mapping[int, Claimed], answers: Iterable[Mapping[int, int]]
) -> list[Outcome]:
    """The outcomes of accounts made, by member id."""
    return [linked(claimed[m], user) for made in answers for m, user in made.items()]


def linked(delivery: Claimed, user: int) -> Outcome:
    """Done, and the member has this Moodle user."""
    return Outcome(delivery, "done", user=user, then=_link)


def _link(
    session: Session, outcomes: Sequence[Outcome], _now: datetime
) -> dict[int, StewardpathError]:
    members = {outcome.delivery.member_id: outcome for outcome in outcomes}
    errors = set_moodle_users(session, {m: outcome.user for m, outcome in members.items()})
    account_questions.drop_open(session, members.keys() - errors.keys())
    return {members[member].delivery.id: error for member, error in errors.items()}


def enrolled(delivery: Claimed) -> Outcome:
    """Done, and the member is in the course."""
    return Outcome(delivery, "done", then=_mark_enrolled)


def _mark_enrolled(
    session: Session, outcomes: Sequence[Outcome], now: datetime
) -> dict[int, StewardpathError]:
    entered: dict[tuple[str, str], list[int]] = {}
    for delivery in (outcome.delivery for outcome in outcomes):
        course = str(delivery.payload["curriculum"]), str(delivery.payload["milestone"])
        entered.setdefault(course, []).append(delivery.member_id)
    for (curriculum, milestone), members in entered.items():
        enrolments.mark_enrolled(session, members, curriculum, milestone, now)
    return {}
