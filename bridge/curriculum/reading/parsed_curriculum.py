"""The filled-in records of one folder together, with the questions every check asks of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bridge.curriculum.reading.parsed_record import ParsedRecord

ACTIVITY_KINDS = ("page", "link", "quiz")


@dataclass(frozen=True, slots=True)
class ParsedCurriculum:
    """`milestones` by the order of their files; `complete` is False if a file is missing here
    because it could not be read, so that nothing can be said about what is not there."""

    curriculum: ParsedRecord
    milestones: tuple[ParsedRecord, ...]
    complete: bool

    @property
    def order(self) -> list[str]:
        """The milestone keys as listed in curriculum.yaml."""
        return [word.text.strip() for word in self.curriculum.words("milestones")]

    def milestone(self, key: str) -> ParsedRecord | None:
        return next((m for m in self.milestones if m.word("milestone") == key), None)

    def activity(self, key: str) -> tuple[ParsedRecord, ParsedRecord] | None:
        """An activity and the milestone it belongs to."""
        for milestone in self.milestones:
            for activity in activities(milestone):
                if key_of(activity) == key:
                    return activity, milestone
        return None


def sections(milestone: ParsedRecord) -> tuple[ParsedRecord, ...]:
    course = milestone.record_of("course")
    return course.records("sections") if course else ()


def activities(milestone: ParsedRecord) -> Iterator[ParsedRecord]:
    for section in sections(milestone):
        yield from section.records("activities")


def key_of(record: ParsedRecord) -> str:
    """The stable key of a milestone, section, activity or question."""
    return record.word(record.schema.keys[0].name)


def requirements(records: tuple[ParsedRecord, ...]) -> Iterator[ParsedRecord]:
    """Requirements and, after each, those inside it."""
    for record in records:
        yield record
        yield from requirements(inner(record))


def inner(requirement: ParsedRecord) -> tuple[ParsedRecord, ...]:
    """The requirements of `any:` or `at-least:`; () for every other."""
    return requirement.records("any") or requirement.records("of")
