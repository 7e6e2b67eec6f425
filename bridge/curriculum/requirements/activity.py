"""The requirements `quiz:`, `page:` and `link:`: completing an activity."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import ClassVar

from bridge.curriculum.parsed_curriculum import (
    ParsedCurriculum,
)
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

KIND_LABELS = {"page": Message("page"), "link": Message("link"), "quiz": Message("quiz")}


@dataclass(frozen=True, slots=True)
class ActivityDone(SingleRequirement):
    """Met by completing an activity: passing a quiz, reading a page or opening a link."""

    kind: ClassVar = "activity"
    evidence: ClassVar = "activities"
    recorded_by: ClassVar[RecordedBy] = "moodle"

    @classmethod
    def records(cls, requirements: ListOf) -> tuple[Record, ...]:
        return (
            Record(
                "quiz-requirement",
                "Passing a quiz of this curriculum.",
                (Field("quiz", Name(refers=True), "The quiz to pass."),),
            ),
            Record(
                "page-requirement",
                "Reading a page of this curriculum.",
                (Field("page", Name(refers=True), "The page to read."),),
            ),
            Record(
                "link-requirement",
                "Opening a link of this curriculum.",
                (Field("link", Name(refers=True), "The link to open."),),
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
        kind = _kind_of(record)
        if not record.has(kind):
            return
        key, position = record.word(kind), record.position_of(kind)
        found = parsed.activity(key)
        if found is None:
            if parsed.complete:
                missing = Message(
                    "There is no %(kind)s `%(key)s`.", kind=KIND_LABELS[kind], key=key
                )
                advice = report.suggest(
                    position,
                    key,
                    parsed.keys_of_kind(kind) - beside,
                    parsed.activity_titled(kind, key),
                )
                report.error(position, missing, advice)
        elif found[0].schema.name != kind:
            real = found[0].schema.name
            other = Message(
                "`%(key)s` is a %(real)s, not a %(kind)s.",
                key=key, kind=KIND_LABELS[kind], real=KIND_LABELS[real],
            )  # fmt: skip
            report.error(position, other, Message("write `%(better)s`", better=f"{real}: {key}"))

    @classmethod
    def can_be_met(
        cls,
        record: ParsedRecord,
        parsed: ParsedCurriculum,
        enterable: AbstractSet[str],
        parts: Sequence[bool],
    ) -> bool:
        kind = _kind_of(record)
        if not record.has(kind):
            return True
        found = parsed.activity(record.word(kind))
        milestone = found[1].word("milestone") if found else ""
        return milestone not in parsed.order or milestone in enterable

    @classmethod
    def build(cls, record: ParsedRecord, parts: tuple[Requirement, ...]) -> ActivityDone:
        return cls(record.word(_kind_of(record)))

    def is_met(self, facts: Facts) -> bool:
        return self.key in facts.activities

    def words(self, names: Names) -> Message:
        title = key_as_words(self.key)
        return names.tasks.get(self.key) or Message("Complete “%(title)s”", title=title)

    @classmethod
    def name_of(cls, key: str, names: Names) -> str:
        return names.activities.get(key) or key_as_words(key)


def _kind_of(record: ParsedRecord) -> str:
    """`quiz`, `page` or `link`: the record's only key."""
    return record.schema.keys[0].name
