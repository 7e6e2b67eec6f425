"""The person or member that an export or erasure is about."""

from __future__ import annotations

from dataclasses import dataclass

FORMER_MEMBER = "a former member"
NO_MEMBER = 0
"""No row has it. None would match the rows that belong to nobody."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The member or the person that an export or erasure is about.

    A member comes with their person. For a person, `member_id` is NO_MEMBER. `email_key` is the
    email in lower case, or None if rows under that address don't belong to the subject.
    """

    member_id: int
    person_ids: tuple[int, ...]
    email: str
    email_key: str | None
    number: str | None = None

    @property
    def names(self) -> set[str]:
        """What other records call the member, for example who handled a request."""
        if self.email_key is None:
            return set()
        return {name for name in (self.email, self.email_key, self.number) if name}
