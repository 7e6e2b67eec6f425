"""Accounts that cannot be linked without a person: the questions that are asked about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bridge.errors import MoodleRefused, StewardpathError
from bridge.moodle.learners.account_matching import (
    AccountAnswers,
    AmbiguousMatch,
    MatchResult,
    UnconfirmedMatch,
)
from bridge.moodle.schemas.companion_feed import UserMatch
from bridge.store.accounts import questions
from bridge.store.accounts.questions import Question
from bridge.store.database import Database
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.store.members.matching import email_key
from bridge.workflows.delivery.dispatcher import Outcome


def unresolved_outcomes(
    claimed: Mapping[int, ClaimedDelivery], found: Mapping[int, MatchResult]
) -> Iterator[list[Outcome]]:
    """What becomes of the members (by id) whose account is in doubt, or has to wait."""
    waiting = {key: one for key, one in found.items() if isinstance(one, UnconfirmedMatch)}
    yield [Outcome(claimed[key], "later", one.reason) for key, one in waiting.items()]
    doubts = {key: one for key, one in found.items() if isinstance(one, AmbiguousMatch)}
    asked = [_question(claimed[k], m) for k, one in doubts.items() for m in one.candidates]
    ask = partial(_ask, tuple(asked))
    yield [Outcome(claimed[k], "never", one.reason, then=ask) for k, one in doubts.items()]


def answers(database: Database, member_ids: Collection[int]) -> dict[int, AccountAnswers]:
    """What persons have answered about these members' accounts."""
    with database.reading() as session:
        found = questions.answers(session, member_ids)
    return {member: AccountAnswers(one.same, one.different) for member, one in found.items()}


def with_account_hint(error: MoodleRefused, said: AccountAnswers | None) -> MoodleRefused:
    """The error, with what to do if an account that is somebody else's may be the obstacle."""
    if not said or not said.different:
        return error
    ids = ", ".join(map(str, sorted(said.different)))
    return MoodleRefused(
        error.what,
        code=error.code,
        where=error.where,
        todo=f"If Moodle user {ids} has this member's e-mail address, Moodle accepts no second "
        "user with it: correct the address there or here, and try again.",
    )


def _question(delivery: ClaimedDelivery, match: UserMatch) -> Question:
    return Question(
        delivery.member_id, match.userid, _reason(delivery, match), match.email, match.idnumber
    )


def _reason(delivery: ClaimedDelivery, match: UserMatch) -> str:
    if email_key(match.email) != email_key(delivery.email):
        return questions.EMAIL_DIFFERS
    if match.idnumber and match.idnumber != delivery.number:
        return questions.NUMBER_DIFFERS
    return questions.SUSPENDED if match.suspended else questions.NOT_CERTAIN


def _ask(
    asked: Sequence[Question], session: Session, settled: Sequence[Outcome], now: datetime
) -> dict[int, StewardpathError]:
    members = {outcome.delivery.member_id for outcome in settled}
    questions.ask(session, [one for one in asked if one.member_id in members], now)
    return {}
