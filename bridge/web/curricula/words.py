"""What the editor completes: the format's keys and words, with what they mean."""

from __future__ import annotations

from functools import lru_cache

from bridge.curriculum.keys import RECORDS
from bridge.curriculum.shapes import Shape, Word


@lru_cache
def known_words() -> dict[str, dict[str, object]]:
    """Each key of the format: what it is about, and the words it may be followed by."""
    words: dict[str, dict[str, object]] = {}
    for record in RECORDS.values():
        for key in record.keys:
            entry = words.setdefault(key.name, {"about": key.about, "options": []})
            entry["options"] = sorted({*_listed(entry["options"]), *_options(key.shape)})
    return words


def _listed(options: object) -> list[str]:
    return [str(each) for each in options] if isinstance(options, list) else []


def _options(shape: Shape) -> tuple[str, ...]:
    return tuple(shape.options) if isinstance(shape, Word) else ()
