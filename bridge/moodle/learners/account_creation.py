"""Creates Moodle users: no duplicates, and one bad record doesn't stop the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bridge.moodle.client.batches import BatchResult, LookupResult, call_split
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners.account_matching import FoundUser, MatchResult, MoodleUserData
from bridge.moodle.learners.users import create_batch

CreatedUsers = Mapping[int, int]
"""Each person's key and the id of their Moodle user."""
AccountLookup = Callable[[Sequence[MoodleUserData]], Mapping[int, MatchResult]]
"""Looks up members: returns the result of `users.find_users` for each key."""


def create_users(
    moodle: Moodle, people: Sequence[MoodleUserData], *, login: str, find: AccountLookup
) -> BatchResult[MoodleUserData, CreatedUsers]:
    """Create users. If a call fails, look up who exists, and retry with each half.

    A proxy may send a request twice, and an answer may be lost: a user that is found after a
    failed call is `done`. A member whose account is uncertain keeps the error of the call. Raises
    MoodleError only from the first call (see `call_split`).
    """

    def make(batch: Sequence[MoodleUserData]) -> CreatedUsers:
        return create_batch(moodle, batch, login)

    def look(batch: Sequence[MoodleUserData]) -> LookupResult[MoodleUserData, CreatedUsers]:
        found = find(batch)
        known = {
            key: user.userid
            for key, user in found.items()
            if isinstance(user, FoundUser) and not user.adopt
        }
        there = [person for person in batch if person.key in known]
        missing = [person for person in batch if found[person.key] is None]
        return LookupResult(there, known, missing)

    return call_split(make, people, look=look)
