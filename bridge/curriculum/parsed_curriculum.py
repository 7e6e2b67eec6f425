"""All parsed records of a curriculum, with look-ups for the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from bridge.curriculum.parsed_record import ParsedRecord

ACTIVITY_KINDS = ("page", "link", "quiz")


@dataclass(frozen=True)
class ParsedCurriculum:
    """The records of curriculum.yaml, of all milestone files in their order, and of forms.yaml.

    `complete` is False if a file could not be read. Then missing references are not reported.
    `credit_keys`: the sessions, programs and so on that exist, by kind of credit. Any key is
    accepted for a kind that isn't listed.
    """

    curriculum: ParsedRecord
    milestones: tuple[ParsedRecord, ...]
    complete: bool
    credit_keys: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    forms: tuple[ParsedRecord, ...] = ()

    @property
    def order(self) -> list[str]:
        """The milestone keys listed in curriculum.yaml."""
        return [word.text.strip() for word in self.curriculum.words("milestones")]

    def milestone(self, key: str) -> ParsedRecord | None:
        return self._milestones_by_key.get(key)

    def activity(self, key: str) -> tuple[ParsedRecord, ParsedRecord] | None:
        """An activity and the milestone it belongs to."""
        return self._activities_by_key.get(key)

    @cached_property
    def _milestones_by_key(self) -> Mapping[str, ParsedRecord]:
        return {each.word("milestone"): each for each in reversed(self.milestones)}

    @cached_property
    def _activities_by_key(self) -> Mapping[str, tuple[ParsedRecord, ParsedRecord]]:
        found: dict[str, tuple[ParsedRecord, ParsedRecord]] = {}
        for milestone in self.milestones:
            for activity in activities(milestone):
                found.setdefault(key_of(activity), (activity, milestone))
        return found


def sections(milestone: ParsedRecord) -> tuple[ParsedRecord, ...]:
    course = milestone.record_of("course")
    return course.records("sections") if course else ()


def activities(milestone: ParsedRecord) -> Iterator[ParsedRecord]:
    for section in sections(milestone):
        yield from section.records("activities")


def key_of(record: ParsedRecord) -> str:
    """The key of a milestone, section, activity or question."""
    return record.word(record.schema.keys[0].name)
