"""The model of a curriculum. Immutable values, built by the reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Literal

from bridge.curriculum.audience import Audience
from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.forms.form import Form
from bridge.curriculum.images.image_file import ImageFile
from bridge.curriculum.programs import Program
from bridge.curriculum.question_types.question import Question
from bridge.curriculum.requirements.requirement import Requirement
from bridge.curriculum.requirements.signoff import Signer
from bridge.curriculum.requirements.signoff import signoff_signers as signers_of_signoffs
from bridge.curriculum.requirements.signoff import signoff_titles as titles_of_signoffs
from bridge.curriculum.requirements.training import NO_TRAINING, Training
from bridge.curriculum.text import NO_TEXT as NO_TEXT
from bridge.curriculum.text import Language as Language
from bridge.curriculum.text import Text as Text
from bridge.curriculum.topics import Topic, names_of

PREFIX = "stewardpath"

Access = Literal["open", "account"]


def curriculum_prefix(curriculum: str) -> str:
    """The prefix of all idnumbers of a curriculum: `stewardpath:<curriculum>:`."""
    return f"{PREFIX}:{curriculum}:"


def idnumber(curriculum: str, key: str) -> str:
    """The Moodle idnumber of an item: `stewardpath:<curriculum>:<key>` (at most 100 characters)."""
    return curriculum_prefix(curriculum) + key


@dataclass(frozen=True, slots=True)
class Page:
    """A page in a course. `previously`, `earlier`: its former keys, as for every activity."""

    key: str
    title: Text
    body: Text
    previously: str = ""
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    key: str
    title: Text
    url: str
    description: Text = NO_TEXT
    previously: str = ""
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz without time limit. Unlimited attempts, the best counts; `pass_mark` in per cent."""

    key: str
    title: Text
    questions: tuple[Question, ...]
    pass_mark: int = 70
    intro: Text = NO_TEXT
    previously: str = ""
    earlier: tuple[str, ...] = ()


Activity = Page | Link | Quiz


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: Text
    activities: tuple[Activity, ...] = ()
    summary: Text = NO_TEXT
    previously: str = ""
    earlier: tuple[str, ...] = ()


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
    """The message and the badge that members get when they earn a milestone.

    `in_moodle`: whether the message is also sent in Moodle. It's always in the email.
    """

    message: Text = NO_TEXT
    badge: Badge | None = None
    in_moodle: bool = False


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of a curriculum. `previously`, `earlier`: its former keys, see `former_keys`.

    `training`: what trains each expectation, in their order.
    """

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
    earlier: tuple[str, ...] = ()
    training: tuple[Training, ...] = ()

    @property
    def trained_expectations(self) -> Iterator[tuple[Text, Training]]:
        """Each expectation, with what trains it."""
        return zip(self.expectations, chain(self.training, repeat(NO_TRAINING)), strict=False)


@dataclass(frozen=True, slots=True)
class Curriculum:
    """A curriculum. `milestones` are in the order of curriculum.yaml.

    `revision`: SHA-256 (hexadecimal) of the files it was read from. `images`: those its texts show.
    """

    key: str
    title: Text
    languages: tuple[Language, ...]
    milestones: tuple[Milestone, ...]
    revision: str
    summary: Text = NO_TEXT
    forms: tuple[Form, ...] = ()
    topics: tuple[Topic, ...] = ()
    images: tuple[ImageFile, ...] = ()
    programs: tuple[Program, ...] = ()

    def form(self, key: str) -> Form | None:
        return next((form for form in self.forms if form.key == key), None)

    def topic(self, key: str) -> Topic | None:
        """The topic with this key, or with this former key."""
        return next((topic for topic in self.topics if key in names_of(topic)), None)

    def program(self, key: str) -> Program | None:
        """The program with this key, or with this former key."""
        return next((each for each in self.programs if key in all_keys(each)), None)

    def milestone(self, key: str) -> Milestone | None:
        return next((m for m in self.milestones if m.key == key), None)


def signoff_titles(curriculum: Curriculum) -> dict[str, Text]:
    """Key -> title of each sign-off that the curriculum requires."""
    return titles_of_signoffs(each for m in curriculum.milestones for each in m.requirements)


def signoff_signers(curriculum: Curriculum) -> dict[str, frozenset[Signer]]:
    """Key -> who may record each sign-off that the curriculum requires."""
    return signers_of_signoffs(each for m in curriculum.milestones for each in m.requirements)
