"""`file`: a document or an image to upload."""

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
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.value_types import Field
from bridge.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class FileField(FormField):
    """A stored file. An answer has its ID and its name.

    The types and the size that are allowed are the same for every form, and checked when a file is
    stored.
    """

    type: ClassVar[str] = "file"
    about: ClassVar[str] = "A PDF, PNG or JPEG of at most 10 MB."
    keys: ClassVar[tuple[Field, ...]] = (REQUIRED,)
    missing: ClassVar[Message] = Message("Choose a file.")

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """The table of keys says everything."""

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(**shared_values(record))

    def read(self, typed: Typed) -> Answer:
        if len(typed) == 2 and typed[0].isascii() and typed[0].isdecimal():
            return Answer(list(typed))
        return Answer(problem=self.missing)

    def showable(self, typed: Typed) -> list[str]:
        return list(typed) if self.read(typed).value else []

    def in_words(self, value: AnswerValue, language: str) -> str:
        return value[1] if isinstance(value, list) else ""
