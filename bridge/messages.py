"""Sentences that can be said in another language: an English template, and what fills its gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Quote(str):
    """Words of another program, left in its own language (`lang`; '' if nobody knows which)."""

    lang: str

    def __new__(cls, words: str, lang: str = "en") -> Self:
        quote = super().__new__(cls, words)
        quote.lang = lang
        return quote


Value = str | int
"""What fills a gap: a Sentence, a Quote, a number, or a text as typed."""


class Message(str):
    """Its English, as any `str`; pages say `template` in the visitor's language and fill it.

    The template is one literal with gaps as `%(name)s`, so that it is found for translation.
    """

    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str = "", **values: Value) -> Self:
        english = {name: _english(value) for name, value in values.items()}
        sentence = super().__new__(cls, template % english)
        sentence.template, sentence.values = template, values
        return sentence

    def __getnewargs_ex__(self) -> tuple[tuple[str], Mapping[str, Value]]:
        return (self.template,), self.values


NOTHING = Message()


def _english(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def as_data(text: str) -> object:
    """A text as JSON can carry it; `from_data` brings it back."""
    if isinstance(text, Message):
        values = {
            name: as_data(value) if isinstance(value, str) else value
            for name, value in text.values.items()
        }
        return {"template": text.template, "values": values}
    return {"quote": str(text), "lang": text.lang} if isinstance(text, Quote) else str(text)


def from_data(data: object) -> str:
    """A Sentence, Quote or plain text, as it was given to `as_data`."""
    match data:
        case {"template": str(template), "values": dict(values)}:
            known = {
                str(name): value if isinstance(value, int) else from_data(value)
                for name, value in values.items()
            }
            return Message(template, **known)
        case {"quote": str(words), "lang": str(lang)}:
            return Quote(words, lang)
    return str(data)
