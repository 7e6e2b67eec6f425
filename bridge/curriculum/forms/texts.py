"""`short-text` and `long-text`: what people type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from bridge.curriculum.forms.field import (
    REQUIRED,
    Answer,
    AnswerValue,
    FormField,
    Typed,
    shared_values,
)
from bridge.curriculum.forms.limits import whole
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.value_types import Field, Integer, optional
from bridge.messages import NOTHING, Message

MAX_LINE_LENGTH = 300
MAX_TEXT_LENGTH = 10_000
"""Characters of an answer without limits of its own."""
MAX_LIMIT = 20_000
"""The highest limit that a form can set, in characters or words."""


def too_long(text: str, characters: int, words: int | None = None) -> Message:
    """Say by how much a text exceeds its limits; NOTHING if it doesn't."""
    count = len(text.split())
    if words and count > words:
        return Message(
            "This text has %(count)s words; at most %(limit)s are allowed. Shorten it.",
            count=count, limit=words,
        )  # fmt: skip
    if len(text) > characters:
        return Message(
            "This text has %(count)s characters; at most %(limit)s are allowed. Shorten it.",
            count=len(text), limit=characters,
        )  # fmt: skip
    return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortText(FormField):
    """One line. `characters`: how many are allowed."""

    type: ClassVar[str] = "short-text"
    about: ClassVar[str] = "One line to type."
    keys: ClassVar[tuple[Field, ...]] = (
        REQUIRED,
        optional(
            "characters",
            Integer(1, MAX_LINE_LENGTH),
            "The most characters that are allowed.",
            str(MAX_LINE_LENGTH),
        ),
    )

    characters: int = MAX_LINE_LENGTH

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """The table of keys says everything."""

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        characters = whole(record, "characters") or MAX_LINE_LENGTH
        return cls(**shared_values(record), characters=characters)

    def read(self, typed: Typed) -> Answer:
        text = " ".join(typed[0].split())
        return Answer(text, too_long(text, self.characters))

    def in_words(self, value: AnswerValue, language: str) -> str:
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LongText(FormField):
    """A text with several lines. `characters`, `words`: how many are allowed."""

    type: ClassVar[str] = "long-text"
    about: ClassVar[str] = "A text with several lines."
    keys: ClassVar[tuple[Field, ...]] = (
        REQUIRED,
        optional("words", Integer(1, MAX_LIMIT), "The most words that are allowed.", "no limit"),
        optional(
            "characters",
            Integer(1, MAX_LIMIT),
            "The most characters that are allowed.",
            f"{MAX_TEXT_LENGTH}, or {MAX_LIMIT} with `words`",
        ),
    )

    characters: int = MAX_TEXT_LENGTH
    words: int | None = None

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """The table of keys says everything."""

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        words = whole(record, "words")
        default = MAX_LIMIT if words else MAX_TEXT_LENGTH
        characters = whole(record, "characters") or default
        return cls(**shared_values(record), characters=characters, words=words)

    def read(self, typed: Typed) -> Answer:
        text = typed[0].strip()
        return Answer(text, too_long(text, self.characters, self.words))

    def in_words(self, value: AnswerValue, language: str) -> str:
        return str(value)
