"""Suggestions of the editor: keys of the format, their values, and names to refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.curriculum.schema.fields import RECORDS
from bridge.curriculum.value_types import LanguageCode, ListOf, OneOf, Shape, Word
from bridge.web.layout.language import LANGUAGES


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A key of the format: its help text, its allowed values, and names it can refer to."""

    about: str
    options: tuple[str, ...]
    names: tuple[str, ...]


def suggestions(names: Mapping[str, tuple[str, ...]]) -> dict[str, Suggestion]:
    """A suggestion for each key of the format, with the names it can refer to.

    `names`: the names defined in the curriculum, by key (see `referenced_names`).
    """
    about: dict[str, str] = {}
    options: dict[str, set[str]] = {}
    for record in RECORDS.values():
        for key in record.keys:
            about.setdefault(key.name, key.about)
            options.setdefault(key.name, set()).update(_options(key.shape))
    return {
        key: Suggestion(what, tuple(sorted(options[key])), names.get(key, ()))
        for key, what in about.items()
    }


def _options(shape: Shape) -> tuple[str, ...]:
    if isinstance(shape, ListOf) and isinstance(shape.item, LanguageCode):
        return tuple(LANGUAGES)
    if isinstance(shape, OneOf) and shape.word:
        return shape.word.options
    return tuple(shape.options) if isinstance(shape, Word) else ()
