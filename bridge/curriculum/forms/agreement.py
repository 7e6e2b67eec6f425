"""`yes-no` and `must-agree`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from bridge.curriculum.forms.field import (
    REQUIRED,
    Answer,
    AnswerValue,
    FormField,
    Typed,
    only_one,
    shared_values,
)
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.value_types import Field
from bridge.messages import Message

YES, NO = Message("Yes"), Message("No")
_CHOOSE = Message("Choose yes or no.")
AGREED = "agreed"
"""What a ticked box sends. Not `yes`: an answer to another question is no consent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(FormField):
    """Yes or no. Left empty, it is neither."""

    type: ClassVar[str] = "yes-no"
    about: ClassVar[str] = "Yes or no."
    keys: ClassVar[tuple[Field, ...]] = (REQUIRED,)
    missing: ClassVar[Message] = _CHOOSE

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """The table of keys says everything."""

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(**shared_values(record))

    def read(self, typed: Typed) -> Answer:
        if typed[0] in {"yes", "no"}:
            return Answer(typed[0] == "yes")
        return Answer(problem=_CHOOSE)

    def showable(self, typed: Typed) -> list[str]:
        return [each for each in only_one(typed) if each in {"yes", "no"}]

    def in_words(self, value: AnswerValue, language: str) -> str:
        return YES if value else NO


@dataclass(frozen=True, slots=True, kw_only=True)
class MustAgree(FormField):
    """A box that must be ticked before the form can be sent."""

    type: ClassVar[str] = "must-agree"
    about: ClassVar[str] = "A box that must be ticked before the form can be sent."
    keys: ClassVar[tuple[Field, ...]] = ()
    missing: ClassVar[Message] = Message("Tick this box to continue.")

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """The table of keys says everything."""

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        shared = shared_values(record)
        shared["required"] = True
        return cls(**shared)

    def read(self, typed: Typed) -> Answer:
        return Answer(True) if typed[0] == AGREED else Answer(problem=self.missing)

    def showable(self, typed: Typed) -> list[str]:
        return [each for each in only_one(typed) if each == AGREED]

    def in_words(self, value: AnswerValue, language: str) -> str:
        return YES if value else NO
