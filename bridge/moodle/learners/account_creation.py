"""Creates Moodle users: no duplicates, and one bad record doesn't stop the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bridge.moodle.client.batches import BatchResult, LookupResult, call_split
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners.account_matching import (
    AmbiguousMatch,
    FoundUser,
    MatchResult,
    MoodleUserData,
)
from bridge.moodle.learners.users import create_batch, username

CreatedUsers = Mapping[int, int]
"""Each person's key and the id of their Moodle user."""
AccountLookup = Callable[[Sequence[MoodleUserData]], Mapping[int, MatchResult]]
"""Looks up members: returns the result of `users.find_users` for each key."""


def create_users(
    moodle: Moodle, people: Sequence[MoodleUserData], *, login: str, find: AccountLookup
) -> BatchResult[MoodleUserData, CreatedUsers]:
    """Create users. If a call fails, look up who exists, and retry with each half.

    `people` have no account yet: look them up before. A proxy may send a request twice, and an
    answer may be lost: a user that is found after a failed call is `done`. A member whose account
    is uncertain keeps the error of the call. Raises MoodleError only from the first call (see
    `call_split`).
    """

    def make(batch: Sequence[MoodleUserData]) -> CreatedUsers:
        return create_batch(moodle, batch, login)

    def look(batch: Sequence[MoodleUserData]) -> LookupResult[MoodleUserData, CreatedUsers]:
        found = find(batch)
        known = {
            person.key: user
            for person in batch
            if (user := _created_user(person, found[person.key])) is not None
        }
        there = [person for person in batch if person.key in known]
        missing = [person for person in batch if found[person.key] is None]
        return LookupResult(there, known, missing)

    return call_split(make, people, look=look)


def _created_user(person: MoodleUserData, match: MatchResult) -> int | None:
    """The user that a failed call has created nevertheless; None if that isn't certain.

    Where an email alone proves nothing (Moodle doesn't confirm changed ones), the only account
    that fits is ours if it has exactly what we sent: it wasn't there just before.
    """
    if isinstance(match, FoundUser):
        return None if match.adopt else match.userid
    if not isinstance(match, AmbiguousMatch) or len(match.candidates) != 1:
        return None
    (user,) = match.candidates
    as_sent = (username(person), person.email.lower(), person.number)
    is_ours = (user.username, user.email.lower(), user.idnumber) == as_sent
    return user.userid if is_ours and user.confirmed and not user.suspended else None
