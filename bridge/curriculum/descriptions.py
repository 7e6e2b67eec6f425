"""Requirements in words, the same for members, the committee, the command and the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from bridge.curriculum import programs, topics
from bridge.curriculum.former_keys import former_keys
from bridge.curriculum.model import Activity, Curriculum, Link, Page, Quiz, signoff_titles
from bridge.curriculum.requirements.credited import credit_titles
from bridge.curriculum.requirements.requirement import Names, Requirement
from bridge.curriculum.text import Language
from bridge.messages import Message


def names_of(
    curriculum: Curriculum,
    language: Language,
    role_labels: Mapping[str, Mapping[Language, str]],
) -> Names:
    """What the items of a curriculum are called in `language`, also by their former keys.

    `role_labels`: what the union calls its roles, by key and language; '' means any language.
    """
    activities = [each for m in curriculum.milestones for each in m.course.activities]
    by_key = {old: each for each in activities for old in former_keys(each)}
    by_key |= {each.key: each for each in activities}
    titles = signoff_titles(curriculum)
    credit_names = topics.credit_titles(curriculum.topics)
    credit_names |= programs.credit_titles(curriculum.programs)
    required = credit_titles(each for m in curriculum.milestones for each in m.requirements)
    credit_names |= {key: title for key, title in required.items() if title}
    return Names(
        language=language,
        tasks={key: task(each, language) for key, each in by_key.items()},
        activities={key: each.title.shown(language) for key, each in by_key.items()},
        signoffs={key: title.shown(language) for key, title in titles.items()},
        credits={key: title.shown(language) for key, title in credit_names.items()},
        roles={key: _label(labels, language) for key, labels in role_labels.items()},
    )


def _label(labels: Mapping[Language, str], language: Language) -> str:
    return labels.get(language) or next(iter(labels.values()), "")


def describe(requirement: Requirement, names: Names) -> Message:
    """What a member must do, with all its parts: `One of these: …; …`."""
    words = requirement.words(names)
    if not requirement.parts:
        return words
    return Message("%(words)s: %(parts)s", words=words, parts=_parts(requirement, names))


def task(activity: Activity, language: Language) -> Message:
    """What to do in an activity."""
    title = activity.title.shown(language)
    match activity:
        case Quiz():
            return Message("Pass the quiz “%(title)s”", title=title)
        case Page():
            return Message("Read the page “%(title)s”", title=title)
        case Link():
            return Message("Open the link “%(title)s”", title=title)
    assert_never(activity)


def _parts(requirement: Requirement, names: Names) -> Message:
    first, *others = (_part(each, names) for each in requirement.parts)
    for other in others:
        first = Message("%(one)s; %(other)s", one=first, other=other)
    return first


def _part(requirement: Requirement, names: Names) -> Message:
    """A group inside a group is in parentheses, so that it is clear where it ends."""
    words = requirement.words(names)
    if not requirement.parts:
        return words
    return Message("%(words)s (%(parts)s)", words=words, parts=_parts(requirement, names))
