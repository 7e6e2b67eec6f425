"""All parsed records of a curriculum, with look-ups for the checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from bridge.curriculum.parsed_record import ParsedRecord

ACTIVITY_KINDS = ("page", "link", "quiz")


@dataclass(frozen=True)
class ParsedCurriculum:
    """The records of curriculum.yaml, of all milestone files in their order, and of other files.

    `complete` is False if the file of a milestone could not be read. Then missing references are
    not reported. `topics`: of sessions.yaml; None if there is none, or it could not be read.
    """

    curriculum: ParsedRecord
    milestones: tuple[ParsedRecord, ...]
    complete: bool
    forms: tuple[ParsedRecord, ...] = ()
    topics: tuple[ParsedRecord, ...] | None = None

    @property
    def order(self) -> list[str]:
        """The milestone keys listed in curriculum.yaml."""
        return [word.text.strip() for word in self.curriculum.words("milestones")]

    @property
    def credit_keys(self) -> Mapping[str, AbstractSet[str]]:
        """The keys that exist, by kind of credit. Any key may be required of other kinds."""
        if self.topics is None:
            return {}
        keys = {key_of(each) for each in self.topics}
        return {"session": keys, "led": keys}

    def milestone(self, key: str) -> ParsedRecord | None:
        return self._milestones_by_key.get(key)

    def activity(self, key: str) -> tuple[ParsedRecord, ParsedRecord] | None:
        """An activity and the milestone it belongs to."""
        return self._activities_by_key.get(key)

    def of_kind(self, kind: str) -> Iterator[ParsedRecord]:
        """All pages, links or quizzes."""
        every = (each for milestone in self.milestones for each in activities(milestone))
        return (each for each in every if each.schema.name == kind)

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


def key_with_title(title: str, records: Iterable[ParsedRecord]) -> str:
    """The key of the only record with a title, in any language; '' if there is none."""
    found = {key_of(each) for each in records if _has_title(each, title.strip().casefold())}
    return found.pop() if len(found) == 1 else ""


def _has_title(record: ParsedRecord, title: str) -> bool:
    return any(text.strip().casefold() == title for _, text in record.text("title").translations)


def key_of(record: ParsedRecord) -> str:
    """The key of a record that has one, such as a milestone, section or question."""
    return record.word(record.schema.keys[0].name)
