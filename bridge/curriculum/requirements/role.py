"""The requirement `role:`: having a role."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import ClassVar

from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.facts import Facts
from bridge.curriculum.requirements.requirement import (
    Names,
    RecordedBy,
    Requirement,
    SingleRequirement,
)
from bridge.curriculum.text import key_as_words
from bridge.curriculum.value_types import Field, ListOf, Name, Record
from bridge.messages import Message

ROLES = {
    "steward": Message("steward"),
    "chief-steward": Message("chief steward"),
    "training-chair": Message("training chair"),
}
"""Common roles. Others are shown as their key in words."""


@dataclass(frozen=True, slots=True)
class HasRole(SingleRequirement):
    """Met while the member has a role, according to the membership system or the committee."""

    kind: ClassVar = "role"
    evidence: ClassVar = "role"
    recorded_by: ClassVar[RecordedBy] = "committee"

    @classmethod
    def records(cls, requirements: ListOf) -> tuple[Record, ...]:
        return (
            Record(
                "role",
                "Having a role.",
                (Field("role", Name(is_role=True), "The role, such as `steward`."),),
            ),
        )

    @classmethod
    def check(
        cls,
        record: ParsedRecord,
        beside: AbstractSet[str],
        parsed: ParsedCurriculum,
        report: Report,
    ) -> None:
        """Nothing to check: the membership system decides which roles there are."""

    @classmethod
    def can_be_met(
        cls,
        record: ParsedRecord,
        parsed: ParsedCurriculum,
        enterable: AbstractSet[str],
        parts: Sequence[bool],
    ) -> bool:
        return True

    @classmethod
    def build(cls, record: ParsedRecord, parts: tuple[Requirement, ...]) -> HasRole:
        return cls(record.word("role"))

    def is_met(self, facts: Facts) -> bool:
        return self.key in facts.roles

    def words(self, names: Names) -> Message:
        return Message("Role in the union: %(role)s", role=self.name_of(self.key, names))

    @classmethod
    def name_of(cls, key: str, names: Names) -> str:
        return names.roles.get(key) or role_name(key)


def role_name(key: str) -> str:
    """The name of a role."""
    return ROLES.get(key) or key_as_words(key)
