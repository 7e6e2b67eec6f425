"""What two records have in common although their keys differ."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from bridge.curriculum.parsed_curriculum import key_of, sections
from bridge.curriculum.parsed_record import ParsedRecord

_TITLES = ("title", "label", "text", "body")
_PARTS = ("activities", "questions", "fields", "parts")
Likeness = tuple[str, object]
MIN_SIMILARITY = 0.8
"""From which similarity (0 to 1) on two texts are probably one text that was changed."""


def likenesses(record: ParsedRecord) -> Iterator[Likeness]:
    """What would be the same if only the key had been changed, or the key and the title."""
    for name in _TITLES:
        if text := record.text(name):
            yield name, text
    if record.has("url"):
        yield "url", record.word("url")
    for name in _PARTS:
        if keys := frozenset(key_of(part) for part in record.records(name)):
            yield name, keys
    if keys := frozenset(key_of(section) for section in sections(record)):
        yield "sections", keys


def is_similar(one: ParsedRecord, other: ParsedRecord) -> bool:
    """Whether a text of the one is probably a changed text of the other."""
    pairs = ((one.text(name), other.text(name)) for name in _TITLES)
    return any(are_similar(a.pick(), b.pick()) for a, b in pairs if a and b)


def are_similar(one: str, other: str) -> bool:
    """Whether two texts are probably one text that was changed."""
    return SequenceMatcher(None, one, other).ratio() >= MIN_SIMILARITY
