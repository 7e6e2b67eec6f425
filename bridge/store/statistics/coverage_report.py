"""The gap analysis: what trains and what assesses each expectation, and how many members meet it.

A member meets an expectation if one of the quizzes and sign-offs that assess it is on their record.
If nothing assesses it, one of the pages, links and sessions that train it counts instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import Curriculum, Milestone, signoff_titles
from bridge.curriculum.requirements.training import Trainer, Training
from bridge.curriculum.text import Language, Text, key_as_words
from bridge.curriculum.topics import names_of
from bridge.store.statistics.coverage import CoverageCounts, Group, GroupKey

EVERYONE = ""
"""The group of everyone who has reached a milestone."""


@dataclass(frozen=True, slots=True)
class RegionCoverage:
    """How many members of a region have reached a milestone, and how many meet an expectation."""

    region: str
    reached: int
    meeting: int

    @property
    def share(self) -> float:
        return self.meeting / self.reached if self.reached else 0.0


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One expectation. `number`: its place in the milestone, from 1.

    `regions`: the counts by region; `total`: of all of them. Both are 0 if nothing shows that a
    member meets it, or the counts aren't known yet.
    """

    curriculum: Curriculum
    milestone: Milestone
    number: int
    expectation: Text
    training: Training
    regions: Sequence[RegionCoverage]
    total: RegionCoverage

    @property
    def gap(self) -> int:
        """How large the gap is: 0 nothing trains it, 1 nothing assesses it, 2 neither of these."""
        if not self.training.teaching:
            return 0
        return 2 if self.training.assessing else 1


def coverage_groups(curricula: Iterable[Curriculum]) -> Iterator[Group]:
    """What to count for a gap analysis of these curricula."""
    for curriculum in curricula:
        for milestone in curriculum.milestones:
            yield Group((curriculum.key, milestone.key, EVERYONE), all_keys(milestone))
            for _, training in milestone.trained_expectations:
                if training.shown_by:
                    yield _group(curriculum, milestone, training)


def coverage_rows(
    milestones: Iterable[tuple[Curriculum, Milestone]],
    counts: CoverageCounts | None,
    regions: Sequence[str],
) -> list[CoverageRow]:
    """One row for each expectation, largest gaps first, then the smallest shares of members."""
    people = counts.people if counts else {}
    rows = [
        _row(curriculum, milestone, number, people, regions)
        for curriculum, milestone in milestones
        for number in range(len(milestone.expectations))
    ]
    return sorted(rows, key=lambda each: (each.gap, each.total.share))


def trainer_titles(curriculum: Curriculum, language: Language) -> Callable[[Trainer], str]:
    """A function that says what a part of a curriculum is called."""
    activities = {a.key: a.title for m in curriculum.milestones for a in m.course.activities}
    topics = {topic.key: topic.title for topic in curriculum.topics}
    signoffs = signoff_titles(curriculum)

    def title(part: Trainer) -> str:
        titles = {"session": topics, "signoff": signoffs}.get(part.kind, activities)
        found = titles.get(part.key)
        return (found.shown(language) if found else "") or key_as_words(part.key)

    return title


def _row(
    curriculum: Curriculum,
    milestone: Milestone,
    number: int,
    people: Mapping[GroupKey, Mapping[str, int]],
    regions: Sequence[str],
) -> CoverageRow:
    path = curriculum.key
    expectation, training = list(milestone.trained_expectations)[number]
    everyone = people.get((path, milestone.key, EVERYONE), {})
    shown = _shown_by(training)
    meeting = people.get((path, milestone.key, shown), {}) if shown else {}
    counted = [
        RegionCoverage(each, everyone.get(each, 0), meeting.get(each, 0)) for each in regions
    ]
    total = RegionCoverage(
        "", sum(each.reached for each in counted), sum(each.meeting for each in counted)
    )
    return CoverageRow(curriculum, milestone, number + 1, expectation, training, counted, total)


def _group(curriculum: Curriculum, milestone: Milestone, training: Training) -> Group:
    by_kind = _keys_by_kind(curriculum, training.shown_by)
    return Group(
        (curriculum.key, milestone.key, _shown_by(training)),
        all_keys(milestone),
        [key for kind in ("page", "link", "quiz") for key in by_kind.get(kind, ())],
        by_kind.get("signoff", ()),
        by_kind.get("session", ()),
    )


def _keys_by_kind(curriculum: Curriculum, parts: Iterable[Trainer]) -> Mapping[str, list[str]]:
    """The current and former keys of parts, by kind."""
    activities = {a.key: all_keys(a) for m in curriculum.milestones for a in m.course.activities}
    topics = {topic.key: names_of(topic) for topic in curriculum.topics}
    found: dict[str, list[str]] = {}
    for part in parts:
        renamed = topics if part.kind == "session" else activities
        known = (part.key,) if part.kind == "signoff" else renamed.get(part.key, (part.key,))
        found.setdefault(part.kind, []).extend(known)
    return found


def _shown_by(training: Training) -> str:
    """What shows that a member meets it, as a key of the saved counts; '' if nothing does."""
    return " ".join(sorted(f"{each.kind}:{each.key}" for each in training.shown_by))
