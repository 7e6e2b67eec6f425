"""Decides which Moodle account is a member's, without guessing. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bridge.moodle.schemas.companion_feed import UserMatch


@dataclass(frozen=True, slots=True)
class MoodleUserData:
    """A member's data for Moodle; `key` is the caller's ID, `number` is '' if unknown.

    `username` is '' for the default one.
    """

    key: int
    number: str
    email: str
    first_name: str
    last_name: str
    language: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class AccountAnswers:
    """A person's answers about one member's accounts, as Moodle user ids."""

    same: int | None = None
    different: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Trust:
    """Which fields of an account identify its owner.

    `numbers`: the ID number, if users can't change their own. `emails`: the email address, if
    Moodle confirms every change.
    """

    numbers: bool = False
    emails: bool = True


@dataclass(frozen=True, slots=True)
class FoundUser:
    """The member's user. `adopt`: set the member's number on it."""

    userid: int
    adopt: bool = False


@dataclass(frozen=True, slots=True)
class AmbiguousMatch:
    """A person must decide: the reason, and the accounts."""

    reason: str
    candidates: tuple[UserMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class UnconfirmedMatch:
    """Nothing can be decided until Moodle confirms or deletes an account: the reason."""

    reason: str


MatchResult = FoundUser | AmbiguousMatch | UnconfirmedMatch | None
NO_TRUST = Trust()
NO_ANSWERS = AccountAnswers()


def choose_match(
    person: MoodleUserData,
    matches: Iterable[UserMatch],
    trust: Trust = NO_TRUST,
    answers: AccountAnswers = NO_ANSWERS,
) -> MatchResult:
    """Choose one user, no user, a question for a person, or a reason to wait."""
    found = [match for match in matches if match.userid not in answers.different]
    if answers.same is not None:
        known = next((match for match in found if match.userid == answers.same), None)
        lacks = known is None or known.idnumber != person.number
        return FoundUser(answers.same, adopt=bool(person.number) and lacks)
    confirmed = [match for match in found if match.confirmed]
    if trust.numbers and (numbered := [m for m in confirmed if m.matchedby == "number"]):
        return _only(person, numbered, "member number")
    others = [match for match in confirmed if not _same_email(person, match)]
    mine = [match for match in confirmed if _same_email(person, match)]
    if others:
        return _contradiction(mine, others)
    if mine:
        return _by_email(person, mine, trust)
    unconfirmed = [match for match in found if _same_email(person, match)]
    return _waiting(unconfirmed[0]) if unconfirmed else None


def _same_email(person: MoodleUserData, match: UserMatch) -> bool:
    return match.email.strip().lower() == person.email.strip().lower()


def _contradiction(mine: Sequence[UserMatch], others: Sequence[UserMatch]) -> AmbiguousMatch:
    """An account has the number and another email. Users may be able to enter any number."""
    ids = ", ".join(str(match.userid) for match in others)
    have = f"users {ids} have" if len(others) > 1 else f"user {ids} has"
    also = f", and user {mine[0].userid} has this email address" if mine else ""
    return AmbiguousMatch(
        f"Moodle {have} this member number and another email address{also}: decide which "
        "account is this member's.",
        (*mine, *others),
    )


def _by_email(person: MoodleUserData, mine: Sequence[UserMatch], trust: Trust) -> MatchResult:
    numbered = [match for match in mine if person.number and match.idnumber == person.number]
    found = _only(person, numbered if len(numbered) == 1 else mine, "email address")
    if isinstance(found, FoundUser) and not trust.emails:
        return AmbiguousMatch(
            f"Moodle user {found.userid} has this email address, but Moodle does not confirm "
            "changed addresses (emailchangeconfirmation is off): decide whether it is this "
            "member's.",
            tuple(mine),
        )
    return found


def _only(
    person: MoodleUserData, fitting: Sequence[UserMatch], by: str
) -> FoundUser | AmbiguousMatch:
    """The only matching account, unless something contradicts it."""
    if len(fitting) > 1:
        ids = ", ".join(str(match.userid) for match in fitting)
        reason = f"Moodle users {ids} have the same {by}: correct one of them in Moodle."
        return AmbiguousMatch(reason, tuple(fitting))
    match = fitting[0]
    if match.idnumber and match.idnumber != person.number:
        return AmbiguousMatch(
            f"Moodle user {match.userid} has this email address and another member number: "
            "correct the address here or the ID number in Moodle.",
            (match,),
        )
    if match.suspended:
        reason = f"Moodle user {match.userid} is suspended: unsuspend it in Moodle, or leave it."
        return AmbiguousMatch(reason, (match,))
    return FoundUser(match.userid, adopt=bool(person.number) and not match.idnumber)


def _waiting(match: UserMatch) -> UnconfirmedMatch:
    if match.confirmed is None:
        return UnconfirmedMatch(
            f"Moodle user {match.userid} has this email address, and the companion plugin does "
            "not say whether it is confirmed: update the plugin."
        )
    return UnconfirmedMatch(
        f"Moodle user {match.userid} has this email address and has not confirmed it: Moodle "
        "must confirm or delete that user first."
    )
