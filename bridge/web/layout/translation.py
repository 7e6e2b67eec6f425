"""Translate messages from other layers into the visitor's language."""

from __future__ import annotations

from flask_babel import format_decimal, get_locale, gettext
from markupsafe import Markup, escape

from bridge.errors import StewardpathError
from bridge.messages import Message, Quote, Value, from_data


def translate(text: str) -> Markup:
    """A Message in the visitor's language. Other text is marked with its own language."""
    if not isinstance(text, Message):
        return _quoted(text if isinstance(text, Quote) else Quote(text))
    if not text.template:
        return Markup("")
    filled = {name: _filled(value) for name, value in text.values.items()}
    return escape(gettext(text.template)) % filled


def translated_text(text: str) -> str:
    """A Message as plain text in the visitor's language. Other text, such as a title, as it is."""
    return translate(text).unescape() if isinstance(text, Message) else text


def translate_error(data: object) -> Markup:
    """An error, or a stored message or error (see their `as_data`), in the visitor's language."""
    match data:
        case StewardpathError():
            return translate_error(data.as_data())
        case {"where": str(where), "what": what, "todo": todo}:
            place = escape(f"{where}: ") if where else Markup("")
            first = translate(from_data(what))
            begun = first if where else first[:1].upper() + first[1:]
            return place + begun + " " + translate(from_data(todo))
        case _:
            return translate(from_data(data))


def _filled(value: Value) -> Markup:
    if isinstance(value, int):
        return escape(format_decimal(value))
    return translate(value) if isinstance(value, Message | Quote) else escape(value)


def _quoted(quote: Quote) -> Markup:
    if str(get_locale()) == quote.lang:
        return escape(quote)
    return Markup('<span lang="{}">{}</span>').format(quote.lang, quote)
