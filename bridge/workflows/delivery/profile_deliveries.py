"""Writes corrected names and emails, and missing languages, into Moodle's profiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bridge.delivery_check import Profile, ProfileUpdate, profile_update
from bridge.errors import MoodleRefused, StewardpathError
from bridge.membership.names import for_moodle
from bridge.moodle.client.batches import call_split, in_batches
from bridge.moodle.learners import users as moodle_users
from bridge.moodle.learners.account_rules import account_problem
from bridge.moodle.schemas.core import User
from bridge.store.accounts.questions import EMAIL_DIFFERS, NewQuestion, add_questions
from bridge.store.delivery import profiles
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.workflows.delivery.account_deliveries import ReadAnswers
from bridge.workflows.delivery.outcomes import Outcome, failed_outcome
from bridge.workflows.delivery.site_lookup import SiteLookup
from bridge.workflows.delivery.split_outcomes import halt_if_given_up, not_done

Outcomes = Iterator[Sequence[Outcome]]
NOT_SHOWN = MoodleRefused(
    "Moodle does not show the member's account.",
    todo="Nothing to do if it was deleted: the nightly check finds or creates it again.",
)


@dataclass(frozen=True, slots=True)
class _Correction:
    """One account's current profile, and what to write into it."""

    delivery: ClaimedDelivery
    user: User
    update: ProfileUpdate
    language: str = ""
    """The language to write, '' for none."""
    language_is_due: bool = False
    """Whether Moodle has a pack for the missing language, so that nothing is missing any more."""

    @property
    def is_needed(self) -> bool:
        return self.update.name or self.update.email or bool(self.language)

    @property
    def problem(self) -> str:
        """Why Moodle would refuse the correction, as a sentence; '' if it wouldn't."""
        if not self.update.name and not self.update.email:
            return ""
        ours = self.delivery
        return account_problem(ours.first_name, ours.last_name, ours.email)

    @property
    def params(self) -> dict[str, str | int]:
        """The row of `core_user_update_users`."""
        row: dict[str, str | int] = {"id": self.user.id}
        if self.update.name:
            row["firstname"] = for_moodle(self.delivery.first_name)
            row["lastname"] = for_moodle(self.delivery.last_name)
        if self.update.email:
            row["email"] = self.delivery.email
        if self.language:
            row["lang"] = self.language
        return row


class ProfileDeliveries:
    """Handles deliveries of the kind "profile" for one run."""

    def __init__(self, lookup: SiteLookup, answers: ReadAnswers) -> None:
        self._lookup = lookup
        self._answers = answers

    def deliver(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """Two calls a batch: read the profiles, then write what was corrected here.

        A correction is written only where the member has not changed the same field in Moodle.
        """
        users = moodle_users.users_by_ids(
            self._lookup.moodle, [each.moodle_user_id or 0 for each in claimed]
        )
        yield [
            failed_outcome(delivery, NOT_SHOWN)
            for delivery in claimed
            if delivery.moodle_user_id not in users
        ]
        shown = [each for each in claimed if each.moodle_user_id in users]
        found = [self._correction(each, users) for each in shown]
        yield [_settled(each) for each in found if not each.is_needed]
        yield [Outcome(each.delivery, "never", each.problem) for each in found if each.problem]
        todo = [each for each in found if each.is_needed and not each.problem]
        max_fields = self._lookup.site.max_fields
        for batch in in_batches(todo, lambda each: each.params, max_fields=max_fields):
            yield from self._write(batch)

    def _write(self, batch: Sequence[_Correction]) -> Outcomes:
        by_account = {each.user.id: each for each in batch}
        split = call_split(self._update(by_account), list(by_account))
        refused = {user: why for answer in split.answers for user, why in answer.items()}
        yield [
            Outcome(by_account[user].delivery, "never", refused[user])
            if user in refused
            else _settled(by_account[user])
            for user in split.done
        ]
        yield not_done(split, {user: each.delivery for user, each in by_account.items()})
        halt_if_given_up(split)

    def _update(self, by_account: Mapping[int, _Correction]) -> moodle_users.UpdateAccounts:
        return lambda accounts: moodle_users.update_users(
            self._lookup.moodle, [by_account[account].params for account in accounts]
        )

    def _correction(self, delivery: ClaimedDelivery, users: Mapping[int, User]) -> _Correction:
        user = users[delivery.moodle_user_id or 0]
        theirs = Profile(user.firstname, user.lastname, user.email)
        ours = Profile(delivery.first_name, delivery.last_name, delivery.email)
        confirmed = self._answers([delivery.member_id]).get(delivery.member_id)
        proven = confirmed is not None and confirmed.same == user.id
        update = profile_update(_before(delivery, ours), ours, theirs, proven=proven)
        missing = delivery.missing_language or ""
        due = bool(missing) and self._lookup.has_language_pack(missing)
        # An account with another language than the site's: the member has chosen it there.
        write = due and user.lang in ("", self._lookup.site.language)
        return _Correction(delivery, user, update, missing if write else "", due)


def _before(delivery: ClaimedDelivery, ours: Profile) -> Profile:
    if delivery.profile_email is None:
        return ours
    first, last = delivery.profile_first_name or "", delivery.profile_last_name or ""
    return Profile(first, last, delivery.profile_email)


def _settled(each: _Correction) -> Outcome:
    if each.update.contradicts:
        ask = partial(_ask, {each.user.id: each.user}, each.language_is_due)
        return Outcome(each.delivery, "done", on_settle=ask)
    settle = _remember_with_language if each.language_is_due else _remember
    return Outcome(each.delivery, "done", on_settle=settle)


def _remember(
    session: Session, outcomes: Sequence[Outcome], _now: datetime
) -> dict[int, StewardpathError]:
    profiles.remember(session, [each.delivery for each in outcomes])
    return {}


def _remember_with_language(
    session: Session, outcomes: Sequence[Outcome], now: datetime
) -> dict[int, StewardpathError]:
    members = {outcome.delivery.member_id: None for outcome in outcomes}
    profiles.record_missing_languages(session, members)
    return _remember(session, outcomes, now)


def _ask(
    users: Mapping[int, User],
    language_is_due: bool,
    session: Session,
    outcomes: Sequence[Outcome],
    now: datetime,
) -> dict[int, StewardpathError]:
    """Ask whether the account is the member's, because its email was changed too."""
    if language_is_due:
        members = {outcome.delivery.member_id: None for outcome in outcomes}
        profiles.record_missing_languages(session, members)
    profiles.remember(session, [each.delivery for each in outcomes], email=False)
    asked = [(each.delivery, users[each.delivery.moodle_user_id or 0]) for each in outcomes]
    questions = [
        NewQuestion(delivery.member_id, user.id, EMAIL_DIFFERS, user.email, user.idnumber)
        for delivery, user in asked
    ]
    add_questions(session, questions, now)
    return {}
