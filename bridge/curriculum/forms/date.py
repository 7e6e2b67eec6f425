"""`date`: a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bridge.curriculum.forms.field import (
    REQUIRED,
    Answer,
    AnswerValue,
    Typed,
    only_one,
)
from bridge.curriculum.forms.limits import RangeField
from bridge.curriculum.value_types import Date, Field, optional
from bridge.messages import Message

_FORM = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField(RangeField):
    """A day from `min` to `max`, as `2027-03-01`; '' if there is no limit."""

    type: ClassVar[str] = "date"
    about: ClassVar[str] = "A date."
    keys: ClassVar[tuple[Field, ...]] = (
        REQUIRED,
        optional("min", Date(), "The first date that is allowed, such as 2027-01-31."),
        optional("max", Date(), "The last date that is allowed, such as 2027-12-31."),
    )
    missing: ClassVar[Message] = Message("Enter a date.")

    @staticmethod
    def as_value(text: str) -> str:
        return text

    def read(self, typed: Typed) -> Answer:
        parts = _FORM.fullmatch(typed[0].strip())
        if not parts:
            wrong = Message("Enter the date as year-month-day, such as 2027-01-31.")
            return Answer(problem=wrong)
        try:
            day = date(*map(int, parts.groups())).isoformat()
        except ValueError:
            return Answer(problem=Message("There is no such date. Check the day and the month."))
        return self.in_range(
            day,
            Message("Enter %(day)s or a later date.", day=self.min),
            Message("Enter %(day)s or an earlier date.", day=self.max),
        )

    def showable(self, typed: Typed) -> list[str]:
        return [each for each in only_one(typed) if _FORM.fullmatch(each.strip())]

    def in_words(self, value: AnswerValue, language: str) -> str:
        return str(value)
