"""Texts in one or more languages."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.curriculum.images.image_file import ImageFile
from bridge.typography import french_spacing

Language = str


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one or more languages, as typed (Markdown where the format allows it).

    A text without a language is in the curriculum's first language. `images`: those it shows.
    """

    translations: tuple[tuple[Language, str], ...] = ()
    images: tuple[ImageFile, ...] = ()

    def __bool__(self) -> bool:
        return any(text.strip() for _, text in self.translations)

    @property
    def languages(self) -> tuple[Language, ...]:
        return tuple(language for language, _ in self.translations)

    def pick(self, language: Language = "") -> str:
        """The text in `language`, or else in the first language that has one, or else ''."""
        chosen = dict(self.translations)
        return chosen.get(language) or next((text for text in chosen.values() if text), "")

    def shown(self, language: Language) -> str:
        """The same text for people to read: French has its no-break spaces. Not to be compared."""
        picked = self.pick(language)
        return french_spacing(picked) if picked == dict(self.translations).get("fr") else picked


NO_TEXT = Text()


def key_as_words(key: str) -> str:
    """A key without a title, as words."""
    return key.replace("-", " ").replace("_", " ")


def plain_text(text: str) -> Text:
    """A text that is the same in every language."""
    return Text((("", text),)) if text else NO_TEXT
