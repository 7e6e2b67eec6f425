"""What the editor completes: the format's keys and words, and the names that can be referred to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.curriculum.schema.fields import RECORDS
from bridge.curriculum.schema.value_types import LanguageCode, ListOf, Shape, Word
from bridge.web.layout.language import LANGUAGES


@dataclass(frozen=True, slots=True)
class KnownWords:
    """One key: what it is about, the words it may be followed by, and names of the curriculum."""

    about: str
    options: tuple[str, ...]
    names: tuple[str, ...]


def known_words(names: Mapping[str, tuple[str, ...]]) -> dict[str, KnownWords]:
    """Each key of the format, with the names that may stand behind it (see `names_in`)."""
    about: dict[str, str] = {}
    options: dict[str, set[str]] = {}
    for record in RECORDS.values():
        for key in record.keys:
            about.setdefault(key.name, key.about)
            options.setdefault(key.name, set()).update(_options(key.shape))
    return {
        key: KnownWords(what, tuple(sorted(options[key])), names.get(key, ()))
        for key, what in about.items()
    }


def _options(shape: Shape) -> tuple[str, ...]:
    if isinstance(shape, ListOf) and isinstance(shape.item, LanguageCode):
        return tuple(LANGUAGES)
    return tuple(shape.options) if isinstance(shape, Word) else ()
