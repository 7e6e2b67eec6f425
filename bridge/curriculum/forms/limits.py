"""Check the limits in a form's YAML."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.messages import Message


def check_order(record: ParsedRecord, report: Report, as_value: Callable[[str], Any]) -> None:
    """Report a `min` that is more than the `max`: nobody could answer."""
    low, high = record.word("min"), record.word("max")
    if low and high and as_value(low) > as_value(high):
        report.error(
            record.position_of("min"),
            Message("`min` (%(low)s) is more than `max` (%(high)s).", low=low, high=high),
            Message("exchange them, or correct one"),
        )


def as_decimal(text: str) -> Decimal:
    """A number of the YAML format."""
    return Decimal(text)


def whole(record: ParsedRecord, key: str) -> int | None:
    """A whole number, None if it isn't set."""
    word = record.word(key)
    return int(word) if word else None
