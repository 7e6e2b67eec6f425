"""All parsed records of a curriculum, with look-ups for the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from bridge.curriculum.parsed_record import ParsedRecord

ACTIVITY_KINDS = ("page", "link", "quiz")


@dataclass(frozen=True)
class ParsedCurriculum:
    """The records of curriculum.yaml, of all milestone files in their order, and of other files.

    `complete` is False if the file of a milestone could not be read. Then missing references are
    not reported. `topics`, `programs`: of sessions.yaml and programs.yaml; None if there is no such
    file, or it could not be read.
    """

    curriculum: ParsedRecord
    milestones: tuple[ParsedRecord, ...]
    complete: bool
    forms: tuple[ParsedRecord, ...] = ()
    topics: tuple[ParsedRecord, ...] | None = None
    programs: tuple[ParsedRecord, ...] | None = None

    @property
    def order(self) -> list[str]:
        """The milestone keys listed in curriculum.yaml."""
        return [word.text.strip() for word in self.curriculum.words("milestones")]

    @property
    def credit_keys(self) -> Mapping[str, AbstractSet[str]]:
        """The keys that exist, by kind of credit. Any key may be required of other kinds."""
        found: dict[str, AbstractSet[str]] = {}
        if self.topics is not None:
            found["session"] = found["led"] = {key_of(each) for each in self.topics}
        if self.programs is not None:
            found["program"] = {key for each in self.programs for key in keys_of(each)}
            found["mentoring"] = {
                f"{key}/{part_key}"
                for each in self.programs
                for key in keys_of(each)
                for part in each.records("parts")
                for part_key in keys_of(part)
            }
        return found

    def milestone(self, key: str) -> ParsedRecord | None:
        return self._milestones_by_key.get(key)

    def activity(self, key: str) -> tuple[ParsedRecord, ParsedRecord] | None:
        """An activity and the milestone it belongs to."""
        return self._activities_by_key.get(key)

    def keys_of_kind(self, kind: str) -> AbstractSet[str]:
        """The keys of all pages, links or quizzes."""
        return self._keys_by_kind.get(kind, frozenset())

    def milestone_titled(self, title: str) -> str:
        """The key of the only milestone with a title, in any language; '' if there is none."""
        return _only(self._titles_by_kind.get("milestone", {}), title)

    def activity_titled(self, kind: str, title: str) -> str:
        """The key of the only page, link or quiz with a title; '' if there is none."""
        return _only(self._titles_by_kind.get(kind, {}), title)

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

    @cached_property
    def _keys_by_kind(self) -> Mapping[str, AbstractSet[str]]:
        found: dict[str, set[str]] = {}
        for key, (activity, _) in self._activities_by_key.items():
            found.setdefault(activity.schema.name, set()).add(key)
        return found

    @cached_property
    def _titles_by_kind(self) -> Mapping[str, Mapping[str, AbstractSet[str]]]:
        """By kind of record: the keys of those with a title, in lower case."""
        found: dict[str, dict[str, set[str]]] = {}
        for milestone in self.milestones:
            for each in (milestone, *activities(milestone)):
                titles = found.setdefault(each.schema.name, {})
                for _, text in each.text("title").translations:
                    titles.setdefault(_plain(text), set()).add(key_of(each))
        return found


def sections(milestone: ParsedRecord) -> tuple[ParsedRecord, ...]:
    course = milestone.record_of("course")
    return course.records("sections") if course else ()


def activities(milestone: ParsedRecord) -> Iterator[ParsedRecord]:
    for section in sections(milestone):
        yield from section.records("activities")


def _only(titles: Mapping[str, AbstractSet[str]], title: str) -> str:
    found = titles.get(_plain(title), frozenset())
    return next(iter(found)) if len(found) == 1 else ""


def _plain(title: str) -> str:
    return title.strip().casefold()


def key_of(record: ParsedRecord) -> str:
    """The key of a record that has one, such as a milestone, section or question."""
    return record.word(record.schema.keys[0].name)


def keys_of(record: ParsedRecord) -> tuple[str, ...]:
    """The key of a record, then those that it had before."""
    return (key_of(record), *(each.text.strip() for each in record.words("previously")))


def forms_of(program: ParsedRecord) -> tuple[ParsedRecord, ...]:
    """The forms of a program: one, or one for each side of a mentoring program."""
    found = (program.record_of(name) for name in ("form", "mentee-form", "mentor-form"))
    return tuple(form for form in found if form)
