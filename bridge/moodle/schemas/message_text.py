"""Moodle's messages as one line of plain text, safe for terminals, pages and databases."""

from __future__ import annotations

import re
from html import unescape
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

MAX_MESSAGE_LENGTH = 300
"""Maximum number of characters shown of a Moodle message."""
_TAG = re.compile(r"<[^>]*>")


def plain(message: str, max_length: int = MAX_MESSAGE_LENGTH) -> str:
    """`message` without tags, line breaks and unprintable characters, shortened to `max_length`."""
    text = " ".join(unescape(_TAG.sub(" ", message)).split())
    text = "".join(char for char in text if char.isprintable())
    return text if len(text) <= max_length else text[: max_length - 1] + "…"


def _text(value: object) -> object:
    return "" if value is None else value


MessageText = Annotated[str, BeforeValidator(_text), AfterValidator(plain)]
"""A message in an answer; null becomes the empty text."""
