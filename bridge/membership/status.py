"""What a person's status in the union allows. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

NOT_YET_MEMBER, MEMBER, RETIRED, LEFT = "not-yet-member", "member", "retired", "left"


@dataclass(frozen=True, slots=True)
class Participation:
    """What a person with some status may do, and what is done for them.

    `learns`: is enrolled in new courses and earns milestones. `stewards`: also those for
    stewards. `served`: deliveries (Moodle, emails) are carried out for them, and they get emails
    that answer no action of theirs, such as reminders. `counted`: counts as a member in statistics
    and notices. `included`: belongs to an audience that names no status, such as that of a form
    for members. Signing in, reading open pages, filling in what is for everyone, seeing what they
    have sent, and exporting or erasing their own data is always allowed. So are the emails that
    belong to it.
    """

    learns: bool = True
    stewards: bool = True
    served: bool = True
    counted: bool = True
    included: bool = True


_RULES: Mapping[str, Participation] = {
    "": Participation(),
    NOT_YET_MEMBER: Participation(stewards=False, counted=False),
    MEMBER: Participation(),
    RETIRED: Participation(),
    LEFT: Participation(learns=False, stewards=False, served=False, counted=False, included=False),
}
STATUSES = tuple(status for status in _RULES if status)
"""The statuses that a source may name. '' means that no source has said."""


def participation(status: str) -> Participation:
    """What a status allows. An unknown status counts as none."""
    return _RULES.get(status, _RULES[""])


def statuses_without(right: Callable[[Participation], bool]) -> tuple[str, ...]:
    """The statuses that don't have a right, such as `lambda rights: rights.counted`."""
    return tuple(status for status, rights in _RULES.items() if not right(rights))
