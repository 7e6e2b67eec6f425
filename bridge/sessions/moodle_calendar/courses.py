"""In which courses' calendars a session appears. Depends on its arguments only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bridge.curriculum.former_keys import former_keys
from bridge.curriculum.model import Curriculum, Milestone, idnumber
from bridge.curriculum.requirements.credited import required_keys
from bridge.curriculum.topics import Topic, names_of


def milestones_of(curriculum: Curriculum, topic: Topic) -> list[Milestone]:
    """The milestones that require attending or leading the topic, also in a part of a group."""
    names = set(names_of(topic))
    return [
        each
        for each in curriculum.milestones
        if names & required_keys(each.requirements, "session")
        or names & required_keys(each.requirements, "led")
    ]


def courses_of(curriculum: Curriculum, topic: Topic) -> list[str]:
    """The ID numbers of these milestones' courses."""
    return [idnumber(curriculum.key, each.key) for each in milestones_of(curriculum, topic)]


def renamed_courses(curricula: Iterable[Curriculum]) -> Mapping[str, str]:
    """Former ID number -> ID number of each course whose milestone was renamed."""
    return {
        idnumber(curriculum.key, former): idnumber(curriculum.key, milestone.key)
        for curriculum in curricula
        for milestone in curriculum.milestones
        for former in former_keys(milestone)
    }


def former_courses(curricula: Sequence[Curriculum], course: str) -> list[str]:
    """The ID numbers that a course had before. Moodle has one of them until it is published."""
    return [former for former, now in renamed_courses(curricula).items() if now == course]
