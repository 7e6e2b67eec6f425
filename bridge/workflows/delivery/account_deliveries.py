"""Finds, links and creates the Moodle accounts of members."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bridge.config import MoodleSettings
from bridge.errors import MoodleMisconfigured, MoodleRefused, StewardpathError
from bridge.moodle.client.batches import call_split, in_batches
from bridge.moodle.learners import users as moodle_users
from bridge.moodle.learners.account_creation import create_users
from bridge.moodle.learners.account_matching import (
    AccountAnswers,
    FoundUser,
    MatchResult,
    MoodleUserData,
    Trust,
)
from bridge.moodle.learners.account_rules import account_problem, first_of_each_email
from bridge.store.accounts import questions as account_questions
from bridge.store.delivery import profiles
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.store.members.queries import set_moodle_users
from bridge.workflows.delivery import unclear_accounts
from bridge.workflows.delivery.outcomes import Halt, Outcome, blocked_outcome, failed_outcome
from bridge.workflows.delivery.site_lookup import SiteLookup
from bridge.workflows.delivery.split_outcomes import halt_if_given_up, not_done
from bridge.workflows.delivery.unclear_accounts import INVALID_PARAMETER

Outcomes = Iterator[Sequence[Outcome]]
ReadAnswers = Callable[[Collection[int]], Mapping[int, AccountAnswers]]
"""Returns the committee's answers about the accounts of these members (ids)."""


def no_answers(_members: Collection[int]) -> Mapping[int, AccountAnswers]:
    """A ReadAnswers for when no questions have been answered."""
    return {}


class AccountDeliveries:
    """Handles deliveries of the kind "account" for one run."""

    def __init__(self, lookup: SiteLookup, settings: MoodleSettings, answers: ReadAnswers) -> None:
        self._lookup = lookup
        self._moodle = lookup.moodle
        self._settings = settings
        self._answers = answers

    def deliver(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """Find or create the Moodle users: two calls a batch, unless Moodle refuses one."""
        yield [Outcome(delivery, "done") for delivery in claimed if delivery.moodle_user_id]
        by_member = {d.member_id: d for d in claimed if not d.moodle_user_id}
        users = [self._user_data(delivery) for delivery in by_member.values()]
        row = partial(moodle_users.user_params, login=self._settings.login)
        for batch in in_batches(users, row, max_fields=self._lookup.surveyed_site.max_fields):
            yield from self._find_or_create(by_member, batch)

    def _find_or_create(
        self, by_member: Mapping[int, ClaimedDelivery], users: Sequence[MoodleUserData]
    ) -> Outcomes:
        answers = self._answers({user.key for user in users})
        looked_up = call_split(self._finder(answers), users)
        yield not_done(looked_up, {user: by_member[user.key] for user in users})
        matches = {key: match for found in looked_up.answers for key, match in found.items()}
        yield from self._link_found(by_member, matches)
        yield from unclear_accounts.unresolved_outcomes(by_member, matches)
        missing = [user for user in looked_up.done if matches[user.key] is None]
        problems = {
            user.key: why
            for user in missing
            if (why := account_problem(user.first_name, user.last_name, user.email))
        }
        yield [Outcome(by_member[key], "never", why) for key, why in problems.items()]
        first, again = first_of_each_email([user for user in missing if user.key not in problems])
        yield from self._create(by_member, first, answers)
        if again:  # their address belongs to an account now: a person decides whose it is
            yield from self._find_or_create(by_member, again)
        halt_if_given_up(looked_up)

    def _finder(
        self, answers: Mapping[int, AccountAnswers]
    ) -> Callable[[Sequence[MoodleUserData]], dict[int, MatchResult]]:
        site = self._lookup.surveyed_site
        numbers_trusted = self._settings.trust_numbers and site.numbers_locked
        return partial(
            moodle_users.find_users,
            self._moodle,
            companion=self._lookup.has_companion,
            trust=Trust(numbers=numbers_trusted, emails=site.emails_confirmed),
            answers=answers,
        )

    def _link_found(
        self, by_member: Mapping[int, ClaimedDelivery], matches: Mapping[int, MatchResult]
    ) -> Outcomes:
        """Link the accounts that were found; write our member number into those that lack it."""
        found = {member: match for member, match in matches.items() if isinstance(match, FoundUser)}
        numbers = {
            match.userid: by_member[member].number or ""
            for member, match in found.items()
            if match.adopt
        }
        numbered = call_split(self._set_numbers(numbers), list(numbers))
        refused = {user: why for answer in numbered.answers for user, why in answer.items()}
        yield [
            Outcome(by_member[member], "never", refused[match.userid])
            if match.userid in refused
            else _linked(by_member[member], match.userid)
            for member, match in found.items()
            if match.userid not in numbers or match.userid in numbered.done
        ]
        yield not_done(numbered, {found[member].userid: by_member[member] for member in found})
        halt_if_given_up(numbered)

    def _set_numbers(self, numbers: Mapping[int, str]) -> Callable[[Sequence[int]], dict[int, str]]:
        return lambda users: moodle_users.set_member_numbers(
            self._moodle, {user: numbers[user] for user in users}
        )

    def _create(
        self,
        by_member: Mapping[int, ClaimedDelivery],
        users: Sequence[MoodleUserData],
        answers: Mapping[int, AccountAnswers],
    ) -> Outcomes:
        """Create the accounts. If a username is taken, try again with another one."""
        find = self._finder(answers)
        create = partial(create_users, self._moodle, login=self._settings.login, find=find)
        first = create(users)
        missing = {user.key for user in users if not user.language}
        yield _all_created(by_member, first.answers, missing)
        refused = [user for user, _ in first.bad]
        second = create(moodle_users.with_free_usernames(self._moodle, refused) if refused else [])
        yield _all_created(by_member, second.answers, missing)
        not_refused = (*second.done, *second.untried, *(user for user, _ in second.unknown))
        settled = {user.key for user in not_refused}
        errors = {
            user.key: error for user, error in (*first.bad, *second.bad) if user.key not in settled
        }
        refused_all = _refused_all(users, errors)
        if refused_all:
            yield [blocked_outcome(by_member[user.key], refused_all) for user in users]
            raise Halt(refused_all)
        yield [
            failed_outcome(by_member[key], unclear_accounts.explained(error, answers.get(key)))
            for key, error in errors.items()
        ]
        yield [
            failed_outcome(by_member[user.key], error)
            for user, error in (*first.unknown, *second.unknown)
        ]
        halt_if_given_up(first)
        halt_if_given_up(second)

    def _user_data(self, delivery: ClaimedDelivery) -> MoodleUserData:
        """The member as Moodle gets it, without a language that Moodle has no pack for."""
        has_pack = bool(delivery.language) and self._lookup.has_language_pack(delivery.language)
        return MoodleUserData(
            delivery.member_id,
            delivery.number or "",
            delivery.email,
            delivery.first_name,
            delivery.last_name,
            delivery.language if has_pack else "",
        )


def _refused_all(
    users: Sequence[MoodleUserData], errors: Mapping[int, MoodleRefused]
) -> MoodleMisconfigured | None:
    """The error to report if Moodle refuses several new accounts, and all for the same reason.

    Moodle says `invalidparameter` about every account if `moodle.login` is not enabled there
    (core_user_create_users in user/externallib.php).
    """
    codes = {errors[user.key].code if user.key in errors else "" for user in users}
    if len(users) < 2 or codes != {INVALID_PARAMETER}:
        return None
    return MoodleMisconfigured(
        f"Moodle refuses every new account ({INVALID_PARAMETER}).",
        where="core_user_create_users",
        todo="Check that the authentication method in `moodle.login` is enabled in Moodle (Site "
        "administration > Plugins > Authentication), then the names and emails of these members.",
    )


def _all_created(
    by_member: Mapping[int, ClaimedDelivery],
    answers: Iterable[Mapping[int, int]],
    without_language: Collection[int],
) -> list[Outcome]:
    """`without_language`: members whose language Moodle has no pack for. They get it later."""
    return [
        Outcome(by_member[member], "done", user=user, on_settle=_link_without_language)
        if member in without_language
        else _linked(by_member[member], user)
        for created in answers
        for member, user in created.items()
    ]


def _linked(delivery: ClaimedDelivery, user: int) -> Outcome:
    return Outcome(delivery, "done", user=user, on_settle=_link_accounts)


def _link_accounts(
    session: Session, outcomes: Sequence[Outcome], _now: datetime
) -> dict[int, StewardpathError]:
    by_member = {outcome.delivery.member_id: outcome for outcome in outcomes}
    errors = set_moodle_users(
        session, {member: outcome.user for member, outcome in by_member.items()}
    )
    account_questions.drop_open(session, by_member.keys() - errors.keys())
    linked = [each.delivery for member, each in by_member.items() if member not in errors]
    profiles.remember(session, linked)
    profiles.record_missing_languages(session, {each.member_id: None for each in linked})
    return {by_member[member].delivery.id: error for member, error in errors.items()}


def _link_without_language(
    session: Session, outcomes: Sequence[Outcome], now: datetime
) -> dict[int, StewardpathError]:
    errors = _link_accounts(session, outcomes, now)
    linked = [outcome.delivery for outcome in outcomes if outcome.delivery.id not in errors]
    profiles.record_missing_languages(
        session, {each.member_id: each.language or None for each in linked}
    )
    return errors
