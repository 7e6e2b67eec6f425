"""What goes into matching, and what comes out. All values are immutable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bridge.messages import NOTHING, Message

CriterionName = Literal[
    "topics", "teaches-back", "same-topics", "languages", "times", "format", "region", "again"
]


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone to be matched, in one round. The same `id` on both sides is the same person.

    `wants`, `offers`: keys of topics. `formats`: those that suit them, such as in person and
    online. `supervisors`: ids of those they report to, the direct supervisor first. `previous`: id
    of the mentor or peer of the last round. `capacity`: how many mentees a mentor takes.
    """

    id: str
    wants: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    region: str = ""
    supervisors: tuple[str, ...] = ()
    previous: str = ""
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Pin:
    """A pair that the committee has decided. The order doesn't matter for peers."""

    mentee: str
    mentor: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two people who must not be a pair, in either direction, and why."""

    first: str
    second: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Weight:
    """`points` for each value that two people share, for at most `most` values."""

    criterion: CriterionName
    points: int
    most: int = 1


@dataclass(frozen=True, slots=True)
class Rules:
    """What the committee decided beforehand, and how preferences are weighed.

    `load`: points that each further mentee of the same mentor costs, growing with each place.
    """

    weights: tuple[Weight, ...]
    load: int
    pins: tuple[Pin, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for a pair: the values they share, such as topics, and the points for them."""

    criterion: CriterionName
    values: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """In a pair, `teacher` can help `learner` with these topics."""

    teacher: str
    learner: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A proposed pair, or a group of three peers. Of a pair with a mentor, the mentee is first."""

    people: tuple[str, ...]
    reasons: tuple[Reason, ...]
    points: int
    pinned: bool = False
    lessons: tuple[Lesson, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Someone in no pair, and why."""

    id: str
    reason: Message = NOTHING


@dataclass(frozen=True, slots=True)
class Proposal:
    """The result, sorted by id. `points` is the total of preferences, less that for load."""

    groups: tuple[Group, ...]
    unmatched: tuple[Unmatched, ...]
    unused_mentors: tuple[Unmatched, ...]
    points: int
