"""Requirements to choose from, by milestone: first those of milestones that someone works on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import ngettext

from bridge.curriculum.model import Curriculum, Milestone
from bridge.curriculum.model import signoff_titles as all_titles
from bridge.curriculum.requirements.signoff import signoff_titles
from bridge.curriculum.text import Language, key_as_words

SignoffKey = tuple[str, str]
"""Curriculum and key."""


@dataclass(frozen=True, slots=True)
class RequirementGroup:
    """The sign-offs of a milestone: each with its value in the form and its title."""

    title: str
    options: Sequence[tuple[str, str]]


def requirement_groups(
    curricula: Iterable[Curriculum],
    allowed: Collection[SignoffKey],
    language: Language,
    working: Mapping[tuple[str, str], int],
    *,
    counted: bool = True,
) -> list[RequirementGroup]:
    """The sign-offs that are allowed, each under the first milestone that requires it.

    `working`: how many members work on each milestone, by curriculum and key. Those that someone
    works on come first, the others in the order of the curriculum. `counted`: say how many.
    """
    steps = [(path, step) for path in curricula for step in path.milestones]
    steps.sort(key=lambda each: not working.get((each[0].key, each[1].key), 0))
    left = set(allowed)
    groups = []
    for path, step in steps:
        mine = [key for key in signoff_titles(step.requirements) if (path.key, key) in left]
        left -= {(path.key, key) for key in mine}
        if mine:
            count = working.get((path.key, step.key), 0) if counted else 0
            options = [(f"{path.key}:{key}", title_of(path, key, language)) for key in mine]
            groups.append(RequirementGroup(_title(step, language, count), options))
    return groups


def options_of(groups: Iterable[RequirementGroup]) -> list[tuple[str, str]]:
    """All options, after an empty one: nothing is chosen beforehand."""
    return [("", ""), *(option for each in groups for option in each.options)]


def title_of(path: Curriculum, key: str, language: Language) -> str:
    """What a sign-off is called."""
    title = all_titles(path).get(key)
    return (title.shown(language) if title else "") or key_as_words(key)


def _title(step: Milestone, language: Language, count: int) -> str:
    title = step.title.shown(language)
    if not count:
        return title
    told = ngettext("%(num)s member works on it", "%(num)s members work on it", count)
    return f"{title} ({told})"
