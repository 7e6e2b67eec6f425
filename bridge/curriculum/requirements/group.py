"""The requirements `any:` and `at-least:`: meeting some of several requirements."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import ClassVar

from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.facts import Facts
from bridge.curriculum.requirements.requirement import Names, Requirement
from bridge.curriculum.value_types import Field, Integer, ListOf, Record
from bridge.messages import Message


@dataclass(frozen=True, slots=True)
class AtLeast(Requirement):
    """Met when at least `count` of its parts are met; `any:` is a count of 1."""

    count: int
    of: tuple[Requirement, ...]

    kind: ClassVar = "at-least"

    @classmethod
    def records(cls, requirements: ListOf) -> tuple[Record, ...]:
        return (
            Record(
                "any",
                "Meeting one of several requirements.",
                (Field("any", requirements, "The requirements. A member must meet one of them."),),
            ),
            Record(
                "at-least",
                "Meeting some of several requirements.",
                (
                    Field("at-least", Integer(1, 100), "How many of them a member must meet."),
                    Field("of", requirements, "The requirements to choose from."),
                ),
            ),
        )

    @classmethod
    def parts_of(cls, record: ParsedRecord) -> tuple[ParsedRecord, ...]:
        return record.records("any") or record.records("of")

    @classmethod
    def check(
        cls,
        record: ParsedRecord,
        beside: AbstractSet[str],
        parsed: ParsedCurriculum,
        report: Report,
    ) -> None:
        count, among = int(record.word("at-least") or "0"), len(record.records("of"))
        if count > among > 0:
            report.error(
                record.position_of("at-least"),
                Message(
                    "`at-least: %(count)s` cannot be met: there are only %(among)s "
                    "requirements under `of:`.",
                    count=count,
                    among=among,
                ),
                Message("write %(among)s or fewer, or add requirements under `of:`", among=among),
            )

    @classmethod
    def can_be_met(
        cls,
        record: ParsedRecord,
        parsed: ParsedCurriculum,
        enterable: AbstractSet[str],
        parts: Sequence[bool],
    ) -> bool:
        return sum(parts) >= min(_count(record), len(parts))

    @classmethod
    def build(cls, record: ParsedRecord, parts: tuple[Requirement, ...]) -> AtLeast:
        return cls(_count(record), parts)

    @property
    def parts(self) -> tuple[Requirement, ...]:
        return self.of

    def is_met(self, facts: Facts) -> bool:
        return sum(part.is_met(facts) for part in self.of) >= self.count

    def words(self, names: Names) -> Message:
        if self.count == len(self.of):
            return Message("All of these")
        if self.count == 1:
            return Message("One of these")
        return Message("At least %(count)s of these", count=self.count)

    def as_data(self) -> dict[str, object]:
        return {"kind": self.kind, "count": self.count}


def _count(record: ParsedRecord) -> int:
    return int(record.word("at-least", "1"))
