"""Making Moodle users so that one bad record stops nobody else and nobody is made twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bridge.moodle.batches import Looked, Split, call_split
from bridge.moodle.client import Moodle
from bridge.moodle.people import Found, Known, Person, create

Made = Mapping[int, int]
"""Each person's key and the id of their Moodle user."""
Find = Callable[[Sequence[Person]], Mapping[int, Found]]
"""Looks people up: what `bridge.moodle.people.find` answers for each person's key."""


def create_users(
    moodle: Moodle, people: Sequence[Person], *, login: str, find: Find
) -> Split[Person, Made]:
    """Make users, in halves where Moodle fails; before each repeat it looks who is there.

    A proxy may have sent the request twice, and an answer may have been lost: a user that is
    found after a failed call is `done`. A person whose account is not certain keeps the error of
    the call. Raises MoodleError only from the first call (see `call_split`).
    """

    def make(batch: Sequence[Person]) -> Made:
        return create(moodle, batch, login)

    def look(batch: Sequence[Person]) -> Looked[Person, Made]:
        found = find(batch)
        known = {
            key: user.userid
            for key, user in found.items()
            if isinstance(user, Known) and not user.adopt
        }
        there = [person for person in batch if person.key in known]
        missing = [person for person in batch if found[person.key] is None]
        return Looked(there, known, missing)

    return call_split(make, people, look=look)
