"""Checks whether members are linked to the right Moodle accounts. Changes no link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import MoodleMisconfigured
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners.users import users_by_ids
from bridge.moodle.schemas.core import User
from bridge.store.accounts.questions import (
    EMAIL_DIFFERS,
    GONE,
    NUMBER_FROM_MOODLE,
    UNCONFIRMED,
    NewQuestion,
    add_questions,
)
from bridge.store.database import Database
from bridge.store.members.account_links import (
    MOODLE,
    LinkedMember,
    linked_members,
    numbers_from_moodle,
)
from bridge.store.members.matching import email_key
from bridge.store.operations import runs

RUN_KIND = "check-accounts"
ACCOUNT_BATCH_SIZE = 500
"""Users read in one call: fewer than the 1,000 form fields that PHP accepts by default."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A member whose account may be another person's. `user`: None if Moodle doesn't show it."""

    member: LinkedMember
    user: User | None
    reasons: Sequence[str]

    @property
    def question(self) -> NewQuestion:
        """The question for the committee."""
        email, number = (self.user.email, self.user.idnumber) if self.user else ("", "")
        account = self.member.moodle_user_id
        return NewQuestion(self.member.id, account, " ".join(self.reasons), email, number)


@dataclass(frozen=True, slots=True)
class Report:
    """The suspicions, and how many members with an account were checked."""

    checked: int
    suspicions: Sequence[Suspicion]


def check_accounts(database: Database, moodle: Moodle, *, numbers_trusted: bool = False) -> Report:
    """Compare every linked account with its member: one call to Moodle for each 500 members.

    With `numbers_trusted`, a member number from a Moodle profile is no reason for suspicion.

    Raises MoodleError. If Moodle shows none of several accounts, that is an error too: the token
    may lack the right to see users, which says nothing about the accounts.
    """
    checked, shown = 0, 0
    suspicions: list[Suspicion] = []
    for members, unproven in _pages(database):
        users = _users(moodle, members)
        checked, shown = checked + len(members), shown + len(users)
        doubtful = set() if numbers_trusted else unproven
        for member in members:
            user = users.get(member.moodle_user_id)
            if why := reasons(member, user, number_unproven=member.id in doubtful):
                suspicions.append(Suspicion(member, user, why))
    if checked > 1 and not shown:
        raise MoodleMisconfigured(
            f"Moodle shows none of the {checked} linked accounts.",
            todo="Check that `moodle.url` is the right site, and give the token's user the rights "
            "that docs/moodle.md lists.",
        )
    return Report(checked, suspicions)


def reasons(member: LinkedMember, user: User | None, *, number_unproven: bool) -> list[str]:
    """Why this account may not be the member's; [] if there is no reason to doubt it.

    A field that Moodle leaves out is no reason. A member who registered in Moodle and has no
    number is identified by the account alone, so a different email there is no reason either. Nor
    is the email that the account had when it was linked: a correction is on its way to Moodle.
    """
    checks: tuple[tuple[str, bool], ...] = ((NUMBER_FROM_MOODLE, number_unproven),)
    if user:
        ours = {email_key(member.email), email_key(member.profile_email or member.email)}
        differs = bool(user.email) and email_key(user.email) not in ours
        has_other_identity = member.source != MOODLE or member.number is not None
        checks += (
            (EMAIL_DIFFERS, has_other_identity and differs),
            (UNCONFIRMED, user.confirmed is False),
        )
    gone = [] if user else [GONE]
    return gone if member.confirmed else [reason for reason, applies in checks if applies] + gone


def create_questions(database: Database, report: Report, now: datetime) -> None:
    """Ask the committee about each suspicion. Answered questions stay answered."""
    questions = [each.question for each in report.suspicions]
    for start in range(0, len(questions), ACCOUNT_BATCH_SIZE):
        with database.transaction() as session:
            add_questions(session, questions[start : start + ACCOUNT_BATCH_SIZE], now)


def numbers_checked(session: Session) -> bool:
    """Return whether `moodle.trust_numbers` may take effect.

    Numbers that were entered before Moodle locked the field stay in the profiles. So a check must
    have asked about them first, with the setting on and the field locked.
    """
    run = runs.last_run(session, RUN_KIND, ok_only=True)
    return run is not None and run.detail.get("numbers_checked") is True


def _pages(database: Database) -> Iterator[tuple[Sequence[LinkedMember], set[int]]]:
    after = 0
    while True:
        with database.reading() as session:
            members = linked_members(session, ACCOUNT_BATCH_SIZE, after)
            unproven = numbers_from_moodle(session, [member.id for member in members])
        if not members:
            return
        yield members, unproven
        after = members[-1].id


def _users(moodle: Moodle, members: Sequence[LinkedMember]) -> Mapping[int, User]:
    return users_by_ids(moodle, [member.moodle_user_id for member in members])
