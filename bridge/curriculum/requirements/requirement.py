"""What every kind of requirement provides.

A kind is one class in one module of this package, listed in register.py. mypy refuses it there
if it lacks one of the methods below, and importing register.py fails if it lacks `kind` or
`evidence`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.facts import Facts
from bridge.curriculum.text import Language
from bridge.curriculum.value_types import ListOf, Record
from bridge.messages import Message

RecordedBy = Literal["moodle", "session", "committee"]
"""Who records that a requirement is met; `session`: the leader of a live session. Members are told
to do the first of these first.
"""


@dataclass(frozen=True, slots=True)
class Names:
    """What the items of one curriculum are called in one language, by key.

    `tasks`: what to do in each activity, such as `Read the page “Rights”`. `credits`: only those
    whose requirement has a title, by `Credited.evidence_key`. `roles`: only those
    with a name of the union's own.
    """

    language: Language
    tasks: Mapping[str, Message]
    activities: Mapping[str, str]
    signoffs: Mapping[str, str]
    credits: Mapping[str, str]
    roles: Mapping[str, str] = field(default_factory=dict)


class Requirement(ABC):
    """A condition for earning a milestone."""

    __slots__ = ()

    kind: ClassVar[str]
    """The kind's name in the API."""

    @classmethod
    @abstractmethod
    def records(cls, requirements: ListOf) -> tuple[Record, ...]:
        """How it is written in YAML. `requirements`: a list of requirements of any kind."""

    @classmethod
    @abstractmethod
    def parts_of(cls, record: ParsedRecord) -> tuple[ParsedRecord, ...]:
        """The requirements written inside it; () unless it is a group."""

    @classmethod
    @abstractmethod
    def check(
        cls,
        record: ParsedRecord,
        beside: AbstractSet[str],
        parsed: ParsedCurriculum,
        report: Report,
    ) -> None:
        """Report wrong references and numbers. Its parts are checked separately.

        `beside`: the keys of all requirements of its kind in its list; none is suggested again.
        """

    @classmethod
    @abstractmethod
    def can_be_met(
        cls,
        record: ParsedRecord,
        parsed: ParsedCurriculum,
        enterable: AbstractSet[str],
        parts: Sequence[bool],
    ) -> bool:
        """Whether a member who can enter only the milestones `enterable` can meet it.

        `parts`: whether each of its parts can be met. What `check` reports counts as met.
        """

    @classmethod
    @abstractmethod
    def build(cls, record: ParsedRecord, parts: tuple[Requirement, ...]) -> Requirement:
        """The requirement written in a record without errors. `parts`: its parts, built."""

    @property
    @abstractmethod
    def parts(self) -> tuple[Requirement, ...]:
        """The requirements it consists of; () unless it is a group."""

    @abstractmethod
    def is_met(self, facts: Facts) -> bool:
        """Whether the facts meet it."""

    @abstractmethod
    def words(self, names: Names) -> Message:
        """What a member must do, as a short sentence without a full stop; without its parts."""

    @abstractmethod
    def as_data(self) -> dict[str, object]:
        """The requirement as JSON data, for the API; without its parts."""


@dataclass(frozen=True, slots=True)
class SingleRequirement(Requirement):
    """A requirement that is met by one fact with the key `key`. All kinds but groups."""

    key: str

    evidence: ClassVar[str]
    """The key under which awards store what met it. Stored awards have it: never change it."""
    recorded_by: ClassVar[RecordedBy]

    @property
    def evidence_key(self) -> str:
        """What awards store when it is met. By default its key."""
        return self.key

    @classmethod
    @abstractmethod
    def name_of(cls, key: str, names: Names) -> str:
        """What the fact with this evidence key is called, in the list of an award's evidence."""

    @classmethod
    def parts_of(cls, record: ParsedRecord) -> tuple[ParsedRecord, ...]:
        return ()

    @property
    def parts(self) -> tuple[Requirement, ...]:
        return ()

    def as_data(self) -> dict[str, object]:
        return {"kind": self.kind, "key": self.key}


def with_parts(requirements: Iterable[Requirement]) -> Iterator[Requirement]:
    """All requirements, each followed by its parts."""
    for requirement in requirements:
        yield requirement
        yield from with_parts(requirement.parts)
