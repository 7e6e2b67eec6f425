"""The limits in a form's YAML: of answers, and whether they contradict each other."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from bridge.curriculum.forms.field import Answer, FormField, shared_values
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeField(FormField):
    """A field whose answers are from `min` to `max`, as in the YAML; '' if there is no limit."""

    min: str = ""
    max: str = ""

    @staticmethod
    @abstractmethod
    def as_value(text: str) -> Any:
        """A limit or an answer as a value that can be compared."""

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        check_order(record, report, cls.as_value)

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(**shared_values(record), min=record.word("min"), max=record.word("max"))

    def in_range(self, text: str, too_low: Message, too_high: Message) -> Answer:
        """The answer, or which limit it doesn't keep to."""
        value = self.as_value(text)
        if self.min and value < self.as_value(self.min):
            return Answer(problem=too_low)
        if self.max and value > self.as_value(self.max):
            return Answer(problem=too_high)
        return Answer(text)


def check_order(record: ParsedRecord, report: Report, as_value: Callable[[str], Any]) -> None:
    """Report a `min` that is more than the `max`: nobody could answer."""
    low, high = record.word("min"), record.word("max")
    if low and high and as_value(low) > as_value(high):
        report.error(
            record.position_of("min"),
            Message("`min` (%(low)s) is more than `max` (%(high)s).", low=low, high=high),
            Message("exchange them, or correct one"),
        )


def whole(record: ParsedRecord, key: str) -> int | None:
    """A whole number, None if it isn't set."""
    word = record.word(key)
    return int(word) if word else None
