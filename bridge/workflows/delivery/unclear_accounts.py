"""Asks the committee about Moodle accounts that may or may not be a member's."""

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
from bridge.store.accounts.questions import NewQuestion
from bridge.store.database import Database
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.store.members.matching import email_key
from bridge.workflows.delivery.outcomes import Outcome

INVALID_PARAMETER = "invalidparameter"
NOT_SAID = "Moodle refuses the account and does not say why (invalidparameter)."
NO_REASON = (
    "The name and the email address are valid. Perhaps another account has the address in another "
    "spelling, such as with capital letters, because Moodle accepts each address only once; or the "
    "authentication method in `moodle.login` is not enabled in Moodle. Correct it, and try again."
)


def unresolved_outcomes(
    by_member: Mapping[int, ClaimedDelivery], matches: Mapping[int, MatchResult]
) -> Iterator[list[Outcome]]:
    """The outcomes of members (ids) whose account is not confirmed yet, or needs a question."""
    unconfirmed = {m: match for m, match in matches.items() if isinstance(match, UnconfirmedMatch)}
    yield [Outcome(by_member[m], "later", match.reason) for m, match in unconfirmed.items()]
    ambiguous = {m: match for m, match in matches.items() if isinstance(match, AmbiguousMatch)}
    new_questions = tuple(
        _question(by_member[member], candidate)
        for member, match in ambiguous.items()
        for candidate in match.candidates
    )
    ask = partial(_ask, new_questions)
    yield [
        Outcome(by_member[member], "never", match.reason, on_settle=ask)
        for member, match in ambiguous.items()
    ]


def answers(database: Database, member_ids: Collection[int]) -> dict[int, AccountAnswers]:
    """The committee's answers about these members' accounts."""
    with database.reading() as session:
        found = questions.answers(session, member_ids)
    return {member: AccountAnswers(one.same, one.different) for member, one in found.items()}


def explained(error: MoodleRefused, known: AccountAnswers | None) -> MoodleRefused:
    """The error about a new account, with its likely causes if Moodle doesn't say what is wrong.

    `known`: another person's account may be the cause.
    """
    if known and known.different:
        ids = ", ".join(map(str, sorted(known.different)))
        todo = (
            f"If Moodle user {ids} has this member's email address, Moodle accepts no second "
            "user with it. Correct the address there or here, and try again."
        )
    elif error.code == INVALID_PARAMETER:
        todo = NO_REASON
    else:
        return error
    what = NOT_SAID if error.code == INVALID_PARAMETER else error.what
    return MoodleRefused(what, code=error.code, where=error.where, todo=todo)


def _question(delivery: ClaimedDelivery, candidate: UserMatch) -> NewQuestion:
    return NewQuestion(
        delivery.member_id,
        candidate.userid,
        _reason(delivery, candidate),
        candidate.email,
        candidate.idnumber,
    )


def _reason(delivery: ClaimedDelivery, candidate: UserMatch) -> str:
    if email_key(candidate.email) != email_key(delivery.email):
        return questions.EMAIL_DIFFERS
    if candidate.idnumber and candidate.idnumber != delivery.number:
        return questions.NUMBER_DIFFERS
    return questions.SUSPENDED if candidate.suspended else questions.NOT_CERTAIN


def _ask(
    new_questions: Sequence[NewQuestion],
    session: Session,
    settled: Sequence[Outcome],
    now: datetime,
) -> dict[int, StewardpathError]:
    members = {outcome.delivery.member_id for outcome in settled}
    questions.add_questions(
        session, [each for each in new_questions if each.member_id in members], now
    )
    return {}
