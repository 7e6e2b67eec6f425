"""Language codes, and what people type instead of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from bridge.curriculum.text import Language
from bridge.curriculum.value_types import LANGUAGE_CODE

_USUAL_LANGUAGES = ("en", "fr")
_NAMES: Mapping[str, Language] = {
    "english": "en",
    "anglais": "en",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
}
_LOOK_ALIKE = {"a": "а", "c": "с", "e": "е", "i": "і", "o": "о", "s": "ѕ"}
"""Latin letters, each with the Cyrillic one that looks the same."""
LATIN = str.maketrans({other: latin for latin, other in _LOOK_ALIKE.items()})
_REGION = "(?:[-_][A-Za-z]{2})?"


def begins_with_language(key: str, languages: Collection[Language]) -> bool:
    """Whether a key is a language, perhaps mistyped, such as `en`, `EN` or `en:Hello`."""
    return bool(re.match(rf"(?:{codes_pattern(languages)})(?::|$)", key, re.IGNORECASE))


def language_meant(name: str, languages: Collection[Language]) -> Language:
    """The language that a wrong key such as `EN` or `english` is for; '' if it is none."""
    meant = language_of(name, languages)
    is_known = meant in {*languages, *_USUAL_LANGUAGES}
    is_valid = name in languages or (
        not languages and LANGUAGE_CODE.fullmatch(name) and "-" in name
    )
    return meant if meant != name and is_known and not is_valid else ""


def language_of(name: str, languages: Collection[Language]) -> Language:
    """The code of a language as typed: `FR`, `français` and `fr_CA` are `fr`."""
    plain = name.translate(LATIN).lower()
    region = plain.replace("_", "-")
    known = next((each for each in (plain, region) if each in languages), "")
    base = region.partition("-")[0]
    return (
        known or _NAMES.get(plain) or (base if base in {*languages, *_USUAL_LANGUAGES} else plain)
    )


def codes_pattern(languages: Collection[Language]) -> str:
    """A pattern for the code of a language, or for one of its names."""
    known = sorted({*languages, *_USUAL_LANGUAGES, *_NAMES}, key=len, reverse=True)
    names = "|".join("".join(map(_letter, name)) for name in known)
    return f"(?:{names}){_REGION}"


def _letter(letter: str) -> str:
    return f"[{letter}{_LOOK_ALIKE[letter]}]" if letter in _LOOK_ALIKE else re.escape(letter)
