"""Checks of answers, shared by the question types."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Position, Report, quoted
from bridge.curriculum.text import Text
from bridge.messages import Message


def text_of(answer: ParsedRecord) -> Text:
    """The text of a choice or an answer: the value of its first key."""
    return answer.text(answer.schema.keys[0].name)


def check_duplicates(texts: Iterable[tuple[Position, Text]], report: Report) -> None:
    """Report texts that are listed twice, ignoring case."""
    seen: set[str] = set()
    for position, text in texts:
        plain = text.pick().casefold()
        if plain in seen and plain:
            twice = Message("%(text)s is listed twice.", text=quoted(plain))
            report.error(position, twice, Message("delete one"))
        seen.add(plain)
