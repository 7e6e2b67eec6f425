"""Moodle's own words for people, as one line that any terminal, page or database takes."""

from __future__ import annotations

import re
from html import unescape
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

LONGEST_MESSAGE = 300
"""Letters of a message of Moodle's that are shown."""
_TAG = re.compile(r"<[^>]*>")


def plain(message: str, longest: int = LONGEST_MESSAGE) -> str:
    """`message` without tags, line ends and letters that cannot be printed, cut to `longest`."""
    text = " ".join(unescape(_TAG.sub(" ", message)).split())
    text = "".join(letter for letter in text if letter.isprintable())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _text(value: object) -> object:
    return "" if value is None else value


Words = Annotated[str, BeforeValidator(_text), AfterValidator(plain)]
"""A message for people in an answer; Moodle's null is the empty text."""
