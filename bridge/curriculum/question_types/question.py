"""What every question type provides. A new type is a subclass, listed in `register`."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self, TypedDict
from xml.etree.ElementTree import Element

from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.text import NO_TEXT, Text
from bridge.curriculum.value_types import Field, Record

Response = Sequence[str]
"""The values that the public self-check's form sends for a question, in the order of its fields."""
Verdict = Literal["right", "wrong", "missed", ""]
FieldKind = Literal["radio", "checkbox", "select", "text", "number"]

MIN_RIGHT = 0.999999
"""The mark from which Moodle calls a response right (question_state::graded_state_for_fraction).

Three thirds, with the seven decimals that Moodle stores, are 0.9999999.
"""


@dataclass(frozen=True, slots=True)
class ResponseNote:
    """The verdict on one choice, pair or answer. `missed`: right, but not chosen.

    `answer` is what belongs to `text`, where two things are matched.
    """

    text: Text
    verdict: Verdict
    feedback: Text = NO_TEXT
    answer: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Marking:
    """The mark of a response, from 0.0 to 1.0 as Moodle gives it, and notes about its parts."""

    fraction: float
    answered: bool
    notes: tuple[ResponseNote, ...] = ()

    @property
    def right(self) -> bool:
        return self.fraction > MIN_RIGHT


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a field: its value in a `Response` and in Moodle's form, and its label."""

    value: str
    moodle_value: str
    label: Text


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a question in Moodle's form.

    `name` is Moodle's, without the prefix of the attempt and slot. A `checkbox` has one option.
    """

    kind: FieldKind
    name: str
    label: Text = NO_TEXT
    options: tuple[Option, ...] = ()


class SharedValues(TypedDict):
    """The values that all question types have."""

    key: str
    text: Text
    feedback: Text
    previously: str
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question(ABC):
    """A question. Each type has a subclass with its own values.

    The texts of a question read from Moodle XML are HTML; those from a curriculum are Markdown.
    """

    type: ClassVar[str]
    """The word under the key `type`. The templates are in `web/questions/<type>.html`."""
    about: ClassVar[str]
    """One sentence for editors."""
    keys: ClassVar[tuple[Field, ...]]
    """The keys of the YAML format that only this type has."""
    parts: ClassVar[tuple[Record, ...]] = ()
    """The records in the lists under `keys`, such as a choice."""
    moodle_type: ClassVar[str]
    """The type in Moodle XML."""

    key: str
    text: Text
    feedback: Text = NO_TEXT
    previously: str = ""
    earlier: tuple[str, ...] = ()

    @classmethod
    @abstractmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """Report what the table of keys cannot say, such as a missing right answer."""

    @classmethod
    @abstractmethod
    def explains_every_answer(cls, record: ParsedRecord) -> bool:
        """Whether every answer has its own feedback, so that the question needs none."""

    @classmethod
    @abstractmethod
    def build(cls, record: ParsedRecord) -> Self:
        """The question of a record without errors."""

    @abstractmethod
    def moodle_xml(self) -> Iterable[str]:
        """The XML elements that only this type has."""

    @classmethod
    def is_in_xml(cls, node: Element) -> bool:
        """Whether a `<question>` of Moodle XML is of this type."""
        return node.get("type") == cls.moodle_type

    @classmethod
    @abstractmethod
    def from_moodle_xml(cls, node: Element) -> Self:
        """The question of a `<question>` element. Raises BadQuestion if it cannot be used."""

    @abstractmethod
    def form(self, seed: str) -> tuple[FormField, ...]:
        """The fields of Moodle's form; the order of the parts depends only on `seed`."""

    @abstractmethod
    def mark(self, response: Response, seed: str, *, language: str = "en") -> Marking:
        """Mark a response. Never raises: an invalid value counts as not answered.

        It marks as Moodle does. `language`: the reader's, in which Moodle reads numbers.
        """

    @abstractmethod
    def right_response(self, seed: str) -> Response:
        """A response that earns the full mark."""

    @property
    @abstractmethod
    def right_answers(self) -> tuple[Text, ...]:
        """The right answers, as shown after answering."""


def shared_values(record: ParsedRecord) -> SharedValues:
    """The values that all question types have, from a record."""
    previously, earlier = record.former_keys
    return {
        "key": record.word("question"),
        "text": record.text("text"),
        "feedback": record.text("feedback"),
        "previously": previously,
        "earlier": earlier,
    }


def shuffled(count: int, seed: str) -> list[int]:
    """The numbers from 0 to `count` - 1, in an order that depends only on `seed`."""
    return sorted(range(count), key=lambda i: hashlib.sha256(f"{seed}:{i}".encode()).digest())
