"""`number`: a number, with or without decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from bridge.curriculum.forms.field import (
    REQUIRED,
    Answer,
    AnswerValue,
    FormField,
    Typed,
    shared_values,
)
from bridge.curriculum.forms.limits import as_decimal, check_order
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.value_types import Decimal as DecimalShape
from bridge.curriculum.value_types import Field, optional
from bridge.messages import Message

_PLAIN = re.compile(r"-?(\d{1,15}(\.\d{1,15})?|\.\d{1,15})", re.ASCII)
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2},\d{3}", re.ASCII)
_ENGLISH = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)
_CONTINENTAL = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+,\d+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberField(FormField):
    """A number from `min` to `max`, as typed in YAML; '' if there is no limit.

    Answers are stored as decimal numbers in a text, so that nothing is rounded.
    """

    type: ClassVar[str] = "number"
    about: ClassVar[str] = "A number, with decimals if needed."
    keys: ClassVar[tuple[Field, ...]] = (
        REQUIRED,
        optional("min", DecimalShape(), "The lowest number that is allowed."),
        optional("max", DecimalShape(), "The highest number that is allowed."),
    )
    missing: ClassVar[Message] = Message("Enter a number.")

    min: str = ""
    max: str = ""

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        check_order(record, report, as_decimal)

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(**shared_values(record), min=record.word("min"), max=record.word("max"))

    def read(self, typed: Typed) -> Answer:
        bare = re.sub(r"[\s'’]", "", typed[0]).replace("−", "-").removeprefix("+")
        if _AMBIGUOUS.fullmatch(bare):
            one, other = bare.replace(",", ""), bare.replace(",", ".")
            return Answer(problem=Message("Do you mean %(one)s or %(other)s? Write it like that.",
                                          one=one, other=other))  # fmt: skip
        text = _with_point(bare)
        if not _PLAIN.fullmatch(text):
            return Answer(problem=Message("Enter a number in digits, such as 25 or 2.5."))
        number = Decimal(text)
        if self.min and number < Decimal(self.min):
            return Answer(problem=Message("Enter %(number)s or more.", number=self.min))
        if self.max and number > Decimal(self.max):
            return Answer(problem=Message("Enter %(number)s or less.", number=self.max))
        return Answer(f"{number:f}")

    def in_words(self, value: AnswerValue, language: str) -> str:
        return str(value).replace(".", ",") if language.startswith("fr") else str(value)


def _with_point(bare: str) -> str:
    """A number in English or French notation, with a decimal point and no separators."""
    if _ENGLISH.fullmatch(bare):
        return bare.replace(",", "")
    if _CONTINENTAL.fullmatch(bare):
        return bare.replace(".", "").replace(",", ".")
    return bare.replace(",", ".")
