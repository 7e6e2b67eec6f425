"""`number`: a number, with or without decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from bridge.curriculum.forms.field import (
    REQUIRED,
    Answer,
    AnswerValue,
    Typed,
)
from bridge.curriculum.forms.limits import RangeField
from bridge.curriculum.value_types import Decimal as DecimalShape
from bridge.curriculum.value_types import Field, optional
from bridge.messages import Message

_PLAIN = re.compile(r"-?(\d{1,15}(\.\d{1,15})?|\.\d{1,15})", re.ASCII)
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2},\d{3}", re.ASCII)
_ENGLISH = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)
_CONTINENTAL = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+,\d+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberField(RangeField):
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

    @staticmethod
    def as_value(text: str) -> Decimal:
        return Decimal(text)

    def read(self, typed: Typed) -> Answer:
        bare = re.sub(r"[\s'’]", "", typed[0]).replace("−", "-").removeprefix("+")
        if _AMBIGUOUS.fullmatch(bare):
            one, other = bare.replace(",", ""), bare.replace(",", ".")
            return Answer(problem=Message("Do you mean %(one)s or %(other)s? Write it like that.",
                                          one=one, other=other))  # fmt: skip
        text = _with_point(bare)
        if not _PLAIN.fullmatch(text):
            return Answer(problem=Message("Enter a number in digits, such as 25 or 2.5."))
        return self.in_range(
            f"{Decimal(text):f}",
            Message("Enter %(number)s or more.", number=self.min),
            Message("Enter %(number)s or less.", number=self.max),
        )

    def in_words(self, value: AnswerValue, language: str) -> str:
        return str(value).replace(".", ",") if language.startswith("fr") else str(value)


def _with_point(bare: str) -> str:
    """A number in English or French notation, with a decimal point and no separators."""
    if _ENGLISH.fullmatch(bare):
        return bare.replace(",", "")
    if _CONTINENTAL.fullmatch(bare):
        return bare.replace(".", "").replace(",", ".")
    return bare.replace(",", ".")
