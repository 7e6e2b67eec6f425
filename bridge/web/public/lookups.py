"""Find a milestone and its activities, and their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, assert_never
from urllib.parse import quote

from flask import url_for
from werkzeug.exceptions import NotFound

from bridge.config import Config
from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import (
    Activity,
    Curriculum,
    Link,
    Milestone,
    Page,
    Quiz,
    Text,
    idnumber,
)
from bridge.web.common.services import Services

LessonKind = Literal["page", "link", "quiz"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One activity in a list. `kind` is page, link or quiz; `address` is '' if account needed."""

    key: str
    title: Text
    kind: LessonKind
    address: str


def content_language(curriculum: Curriculum, language: str) -> str:
    """`language` if the curriculum is written in it, else the curriculum's own."""
    return language if language in curriculum.languages else curriculum.languages[0]


def find_milestone(
    services: Services, curriculum: str, milestone: str
) -> tuple[Curriculum, Milestone]:
    """By key, or by a former key, which older emails may have. Raises NotFound."""
    for path in services.curricula:
        for step in path.milestones if path.key == curriculum else ():
            if milestone in all_keys(step):
                return path, step
    raise NotFound


def course(config: Config, curriculum: Curriculum, milestone: Milestone) -> str:
    """The address of the course in Moodle, which finds it by its idnumber."""
    wanted = quote(idnumber(curriculum.key, milestone.key), safe="")
    return f"{config.site.url}/course/view.php?idnumber={wanted}"


def following_milestone(curriculum: Curriculum, milestone: Milestone) -> Milestone | None:
    """The milestone after this one; None after the last."""
    steps = curriculum.milestones
    return (*steps, None)[steps.index(milestone) + 1]


def lesson(curriculum: Curriculum, milestone: Milestone, activity: Activity) -> Lesson:
    """The activity with its address for people without an account."""
    kind, address = _kind_and_address(curriculum, milestone, activity)
    match milestone.access:
        case "open":
            return Lesson(activity.key, activity.title, kind, address)
        case "account":
            return Lesson(activity.key, activity.title, kind, "")
        case _:
            assert_never(milestone.access)


def lessons(curriculum: Curriculum, milestone: Milestone) -> list[Lesson]:
    """Pages and quizzes in order, without links to other sites."""
    every = (lesson(curriculum, milestone, each) for each in milestone.course.activities)
    return [each for each in every if each.kind != "link"]


def _kind_and_address(
    curriculum: Curriculum, milestone: Milestone, activity: Activity
) -> tuple[LessonKind, str]:
    path, step = curriculum.key, milestone.key
    match activity:
        case Page():
            return "page", url_for(
                "lessons.page", curriculum=path, milestone=step, page=activity.key
            )
        case Link():
            return "link", activity.url
        case Quiz():
            return "quiz", url_for(
                "lessons.quiz", curriculum=path, milestone=step, quiz=activity.key
            )
        case _:
            assert_never(activity)
