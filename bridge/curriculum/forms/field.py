"""What every type of form field provides. A new type is a subclass, listed in `register`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self, TypedDict

from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.text import NO_TEXT, Text
from bridge.curriculum.value_types import Field, Word, optional
from bridge.messages import NOTHING, Message
from bridge.printable_text import unprintable_problem

Typed = Sequence[str]
"""What a person typed or chose in one field, as the page sends it."""
AnswerValue = str | bool | list[str] | None
"""An answer as JSON; None if the field was left empty."""

REQUIRED = optional("required", Word(("yes", "no")), "Whether the field must be filled in.", "no")


@dataclass(frozen=True, slots=True)
class Answer:
    """A valid answer, or what is wrong with it."""

    value: AnswerValue = None
    problem: Message = NOTHING


class SharedValues(TypedDict):
    """The values that all types have."""

    key: str
    label: Text
    help: Text
    required: bool
    previously: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField(ABC):
    """A field of a form. Each type has a subclass with its own values."""

    type: ClassVar[str]
    """The word under the key `type`. The template is `web/forms/fields/<type>.html`."""
    about: ClassVar[str]
    """One sentence for editors."""
    keys: ClassVar[tuple[Field, ...]]
    """The keys of the YAML format that only some types have."""
    missing: ClassVar[Message] = Message("Fill in this field.")
    """What is said if a required field is empty."""

    key: str
    label: Text
    help: Text = NO_TEXT
    required: bool = False
    previously: str = ""

    @classmethod
    @abstractmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """Report what the table of keys cannot say, such as limits that contradict each other."""

    @classmethod
    @abstractmethod
    def build(cls, record: ParsedRecord) -> Self:
        """The field of a record without errors."""

    @abstractmethod
    def read(self, typed: Typed) -> Answer:
        """Check an answer, tidied and not empty. Never raises."""

    @abstractmethod
    def in_words(self, value: AnswerValue, language: str) -> str:
        """A valid answer as people read it. It may be a Message, which pages translate."""

    def showable(self, typed: Typed) -> list[str]:
        """What of a draft's answer the page can show. It may be to a field of another type."""
        return only_one(typed)

    def accept(self, typed: Typed) -> Answer:
        """Check what was typed, which may be nothing. Never raises."""
        filled = [each for each in typed if each]
        for each in filled:
            if problem := unprintable_problem(each, lines=True):
                return Answer(problem=problem)
        if filled:
            return self.read(filled)
        return Answer(problem=self.missing if self.required else NOTHING)


def only_one(typed: Typed) -> list[str]:
    """What was typed in a field for one value; nothing if it has several."""
    filled = [each for each in typed if each]
    return filled if len(filled) == 1 else []


def shared_values(record: ParsedRecord) -> SharedValues:
    """The values that all types have, from a record."""
    return {
        "key": record.word("field"),
        "label": record.text("label"),
        "help": record.text("help"),
        "required": record.option("required") == "yes",
        "previously": record.word("previously"),
    }
