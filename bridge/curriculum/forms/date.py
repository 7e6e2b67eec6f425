"""`date`: a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from bridge.curriculum.forms.field import (
    REQUIRED,
    Answer,
    AnswerValue,
    FormField,
    Typed,
    shared_values,
)
from bridge.curriculum.forms.limits import check_order
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.value_types import Date, Field, optional
from bridge.messages import Message

_FORM = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField(FormField):
    """A day from `min` to `max`, as `2027-03-01`; '' if there is no limit."""

    type: ClassVar[str] = "date"
    about: ClassVar[str] = "A date."
    keys: ClassVar[tuple[Field, ...]] = (
        REQUIRED,
        optional("min", Date(), "The first date that is allowed, such as 2027-01-31."),
        optional("max", Date(), "The last date that is allowed, such as 2027-12-31."),
    )
    missing: ClassVar[Message] = Message("Enter a date.")

    min: str = ""
    max: str = ""

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        check_order(record, report, str)

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(**shared_values(record), min=record.word("min"), max=record.word("max"))

    def read(self, typed: Typed) -> Answer:
        parts = _FORM.fullmatch(typed[0].strip())
        if not parts:
            wrong = Message("Enter the date as year-month-day, such as 2027-01-31.")
            return Answer(problem=wrong)
        try:
            day = date(*map(int, parts.groups())).isoformat()
        except ValueError:
            return Answer(problem=Message("There is no such date. Check the day and the month."))
        if self.min and day < self.min:
            return Answer(problem=Message("Enter %(day)s or a later date.", day=self.min))
        if self.max and day > self.max:
            return Answer(problem=Message("Enter %(day)s or an earlier date.", day=self.max))
        return Answer(day)

    def in_words(self, value: AnswerValue, language: str) -> str:
        return str(value)
