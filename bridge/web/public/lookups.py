"""Find a milestone and its activities, and their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for
from werkzeug.exceptions import NotFound

from bridge.config import Config
from bridge.curriculum.model import Activity, Curriculum, Link, Milestone, Quiz, Text, idnumber
from bridge.web.common.services import Services


@dataclass(frozen=True, slots=True)
class Lesson:
    """One activity in a list. `kind` is page, link or quiz; `address` is '' if account needed."""

    key: str
    title: Text
    kind: str
    address: str


def content_language(curriculum: Curriculum, language: str) -> str:
    """`language` if the curriculum is written in it, else the curriculum's own."""
    return language if language in curriculum.languages else curriculum.languages[0]


def find_milestone(
    services: Services, curriculum: str, milestone: str
) -> tuple[Curriculum, Milestone]:
    """By key, or by its previous key, which older emails may have. Raises NotFound."""
    for path in services.curricula:
        for step in path.milestones if path.key == curriculum else ():
            if milestone in (step.key, step.previously):
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
    kind = (
        "quiz" if isinstance(activity, Quiz) else "link" if isinstance(activity, Link) else "page"
    )
    address = ""
    if milestone.access == "open":
        address = activity.url if isinstance(activity, Link) else _address(
            curriculum, milestone, activity.key, kind
        )  # fmt: skip
    return Lesson(activity.key, activity.title, kind, address)


def lessons(curriculum: Curriculum, milestone: Milestone) -> list[Lesson]:
    """Pages and quizzes in order, without links to other sites."""
    every = (lesson(curriculum, milestone, each) for each in milestone.course.activities)
    return [each for each in every if each.kind != "link"]


def _address(curriculum: Curriculum, milestone: Milestone, key: str, kind: str) -> str:
    if kind == "quiz":
        return url_for("lessons.quiz", curriculum=curriculum.key, milestone=milestone.key, quiz=key)
    return url_for("lessons.page", curriculum=curriculum.key, milestone=milestone.key, page=key)
