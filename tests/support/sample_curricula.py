"""Builders for small curricula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bridge.curriculum.audience import Audience
from bridge.curriculum.model import (
    Acknowledgement,
    Activity,
    Badge,
    Course,
    Curriculum,
    Entry,
    Link,
    Milestone,
    Page,
    Quiz,
    Section,
    Text,
)
from bridge.curriculum.question_types.question import Question
from bridge.curriculum.question_types.true_false import TrueFalse
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.requirement import Requirement

PNG = b"\x89PNG\r\n\x1a\n"


def text(content: str) -> Text:
    return Text((("en", content),)) if content else Text()


def question(key: str, content: str = "Is it so?", previously: str = "") -> TrueFalse:
    return TrueFalse(key, text(content), correct=True, previously=previously)


def quiz(key: str, *questions: str | Question, previously: str = "", pass_mark: int = 70) -> Quiz:
    built = tuple(question(q) if isinstance(q, str) else q for q in questions or ("one", "two"))
    return Quiz(key, text(f"Quiz {key}"), built, pass_mark, text("No hurry."), previously)


def page(key: str, body: str = "Read *this*.", previously: str = "") -> Page:
    return Page(key, text(f"Page {key}"), text(body), previously)


def link(key: str, previously: str = "") -> Link:
    return Link(key, text(f"Link {key}"), f"https://example.org/{key}", text("Look."), previously)


def section(key: str, *activities: Activity, previously: str = "") -> Section:
    return Section(key, text(f"Section {key}"), activities, text("What is here."), previously)


def milestone(
    key: str,
    *sections: Section,
    after: tuple[str, ...] = (),
    role: str = "",
    requirements: Sequence[Requirement] | None = None,
    previously: str = "",
    badge: bool = True,
    in_moodle: bool = True,
) -> Milestone:
    """A milestone. By default it requires all its quizzes, and its message is sent in Moodle."""
    course = Course(sections)
    needed = [ActivityDone(quiz.key) for quiz in course.quizzes]
    image = Badge(text(f"Badge {key}"), text("Earned."), "b.png", PNG + key.encode())
    return Milestone(
        key=key,
        title=text(f"Milestone {key}"),
        audience=Audience(),
        access="account",
        summary=text("What it is about."),
        expectations=(),
        entry=Entry(after, role),
        course=course,
        requirements=tuple(needed if requirements is None else requirements),
        acknowledgement=Acknowledgement(
            text("Well done."), image if badge else None, in_moodle=in_moodle
        ),
        next=text("Go on."),
        previously=previously,
    )


def curriculum(*milestones: Milestone, key: str = "path", revision: str = "a" * 64) -> Curriculum:
    return Curriculum(key, text(f"The {key}"), ("en",), milestones, revision)


def small() -> Curriculum:
    """Two milestones: a page and a quiz, then a link and a quiz for those who passed."""
    first = milestone("first", section("start", page("hello"), quiz("check")))
    second = milestone("second", section("on", link("agreement"), quiz("deep")), after=("first",))
    return curriculum(first, second)


def edited(path: Curriculum, index: int, new: Milestone) -> Curriculum:
    """`path` with one milestone replaced, as a new revision."""
    milestones = [*path.milestones]
    milestones[index] = new
    return replace(path, milestones=tuple(milestones), revision="b" * 64)
