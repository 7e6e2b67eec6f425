"""The model of a curriculum. Immutable values, built by the reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bridge.curriculum.requirements.requirement import Requirement
from bridge.curriculum.requirements.signoff import signoff_titles as titles_of_signoffs
from bridge.curriculum.text import NO_TEXT as NO_TEXT
from bridge.curriculum.text import Language as Language
from bridge.curriculum.text import Text as Text

PREFIX = "stewardpath"

QuestionType = Literal["one", "many", "true-false", "short", "number", "match"]
Audience = Literal["members", "stewards"]
Access = Literal["open", "account"]


def curriculum_prefix(curriculum: str) -> str:
    """The prefix of all idnumbers of a curriculum: `stewardpath:<curriculum>:`."""
    return f"{PREFIX}:{curriculum}:"


def idnumber(curriculum: str, key: str) -> str:
    """The Moodle idnumber of an item: `stewardpath:<curriculum>:<key>` (at most 100 characters)."""
    return curriculum_prefix(curriculum) + key


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a `one` or `many` question."""

    text: Text
    right: bool
    feedback: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted (or expected wrong) answer of a `short` question; `*` is a wildcard."""

    text: Text
    right: bool = True
    feedback: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of a `match` question. Without `left`, `right` is a wrong choice."""

    left: Text
    right: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One question. The `type` decides which of the fields below are used:

    one, many: `choices`; true-false: `correct` with `if_true`/`if_false` feedback;
    short: `answers`; number: `number` and `tolerance`; match: `pairs`.
    """

    key: str
    type: QuestionType
    text: Text
    feedback: Text = NO_TEXT
    choices: tuple[Choice, ...] = ()
    correct: bool = False
    if_true: Text = NO_TEXT
    if_false: Text = NO_TEXT
    answers: tuple[Answer, ...] = ()
    number: str = ""
    tolerance: str = "0"
    pairs: tuple[Pair, ...] = ()
    previously: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    key: str
    title: Text
    body: Text
    previously: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    key: str
    title: Text
    url: str
    description: Text = NO_TEXT
    previously: str = ""


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz without time limit. Unlimited attempts, the best counts; `pass_mark` in per cent."""

    key: str
    title: Text
    questions: tuple[Question, ...]
    pass_mark: int = 70
    intro: Text = NO_TEXT
    previously: str = ""


Activity = Page | Link | Quiz


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: Text
    activities: tuple[Activity, ...] = ()
    summary: Text = NO_TEXT
    previously: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    sections: tuple[Section, ...] = ()

    @property
    def activities(self) -> Iterator[Activity]:
        return (activity for section in self.sections for activity in section.activities)

    @property
    def quizzes(self) -> Iterator[Quiz]:
        return (activity for activity in self.activities if isinstance(activity, Quiz))


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is enrolled: members who have earned all of `after` and have `role`, if set."""

    after: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    name: Text
    description: Text = NO_TEXT
    image: str = ""
    """Path relative to the curriculum's folder, or ''."""
    content: bytes = field(default=b"", repr=False)
    """The PNG image itself."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The message and the badge that members get when they earn a milestone."""

    message: Text = NO_TEXT
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    key: str
    title: Text
    audience: Audience
    access: Access
    summary: Text
    expectations: tuple[Text, ...]
    entry: Entry
    course: Course
    requirements: tuple[Requirement, ...]
    acknowledgement: Acknowledgement = Acknowledgement()
    next: Text = NO_TEXT
    previously: str = ""


@dataclass(frozen=True, slots=True)
class Curriculum:
    """A curriculum. `milestones` are in the order of curriculum.yaml.

    `revision`: SHA-256 (hexadecimal) of the files it was read from.
    """

    key: str
    title: Text
    languages: tuple[Language, ...]
    milestones: tuple[Milestone, ...]
    revision: str
    summary: Text = NO_TEXT

    def milestone(self, key: str) -> Milestone | None:
        return next((m for m in self.milestones if m.key == key), None)


def signoff_titles(curriculum: Curriculum) -> dict[str, Text]:
    """Key -> title of each sign-off that the curriculum requires."""
    return titles_of_signoffs(each for m in curriculum.milestones for each in m.requirements)
