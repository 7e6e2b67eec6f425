"""Translatable messages: an English template, and the values for its placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Quote(str):
    """Text from another program, never translated. `lang` is its language, or '' if unknown."""

    lang: str

    def __new__(cls, text: str, lang: str = "en") -> Self:
        quote = super().__new__(cls, text)
        quote.lang = lang
        return quote


Value = str | int
"""The value of a placeholder: a Message, a Quote, a number, or a text as typed."""


class Message(str):
    """A message in English, usable as a `str`. Pages translate `template` and fill in `values`.

    Write the template as one string literal with placeholders like `%(name)s`: only literals are
    found for translation.
    """

    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str = "", **values: Value) -> Self:
        english = {name: _english(value) for name, value in values.items()}
        message = super().__new__(cls, template % english)
        message.template, message.values = template, values
        return message

    def __getnewargs_ex__(self) -> tuple[tuple[str], Mapping[str, Value]]:
        return (self.template,), self.values


NOTHING = Message()


def _english(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def as_data(text: str) -> object:
    """A text as JSON data; `from_data` turns it back into the same text."""
    if isinstance(text, Message):
        values = {
            name: as_data(value) if isinstance(value, str) else value
            for name, value in text.values.items()
        }
        return {"template": text.template, "values": values}
    return {"quote": str(text), "lang": text.lang} if isinstance(text, Quote) else str(text)


def from_data(data: object) -> str:
    """The Message, Quote or plain text that was passed to `as_data`."""
    match data:
        case {"template": str(template), "values": dict(values)}:
            restored = {
                str(name): value if isinstance(value, int) else from_data(value)
                for name, value in values.items()
            }
            return Message(template, **restored)
        case {"quote": str(text), "lang": str(lang)}:
            return Quote(text, lang)
        case _:
            return str(data)
