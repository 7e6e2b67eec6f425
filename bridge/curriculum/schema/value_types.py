"""The kinds of value a key may have: what the table of keys is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bridge.messages import Message

KEY_PATTERN = "[a-z][a-z0-9-]*"
MAX_KEY_LENGTH = 28
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Name:
    """A stable key: lower-case letters, digits and hyphens, beginning with a letter."""

    max_length: int = MAX_KEY_LENGTH


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds (both included)."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Decimal:
    """A number with a decimal point if it needs one."""

    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A web address, http or https."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """The path of a PNG inside the curriculum's folder."""


@dataclass(frozen=True, slots=True)
class LanguageCode:
    """Such as `en`, `fr` or `fr-ca`."""


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A text in one or more languages.

    `markup`: `markdown` (paragraphs, lists…), `inline` (bold, links, code; one line), `none`.
    `max_length` counts the characters Moodle stores, multilang markup included; None: no limit.
    `may_be_quoted`: somebody's words may be quoted here, so curly quotes around it are no mistake.
    """

    markup: Literal["markdown", "inline", "none"] = "none"
    max_length: int | None = None
    may_be_quoted: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Shape
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class OneOf:
    """A mapping: one of the records named.

    Which one tells the key it has (its first), or the word under the key `by`. With `text`,
    a plain text may stand in its place.
    """

    records: tuple[str, ...]
    what: str
    by: str = ""
    text: TranslatedText | None = None


Shape = (
    Name
    | Word
    | Integer
    | Decimal
    | Address
    | ImageFile
    | LanguageCode
    | TranslatedText
    | ListOf
    | OneOf
)


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a mapping; `about` explains it in the schema and stands in the docs."""

    name: str
    shape: Shape
    about: str
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of mapping; the first key is the one it is known by."""

    name: str
    about: str
    keys: tuple[Field, ...]

    def key(self, name: str) -> Field | None:
        return next((key for key in self.keys if key.name == name), None)

    @property
    def label(self) -> Message:
        return Message(self.name.replace("-", " "))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.keys)


MAX_TITLE_LENGTH = 255
"""Characters of an activity's or section's name in Moodle, multilang markup included."""
MAX_COURSE_TITLE_LENGTH = 254
"""Characters of a course's full name in Moodle."""

MARKDOWN = TranslatedText("markdown", may_be_quoted=True)
INLINE = TranslatedText("inline", may_be_quoted=True)
PLAIN = TranslatedText("none")
TITLE = TranslatedText("none", MAX_TITLE_LENGTH)

PREVIOUSLY = Field(
    "previously",
    Name(),
    "The key this had before. Set it when you rename a key, so that nothing is lost in Moodle.",
    required=False,
)


def optional(name: str, shape: Shape, about: str, default: str = "") -> Field:
    """A key that may be left out; `default` says what holds then."""
    return Field(name, shape, about, required=False, default=default)


def titled(about: str, max_length: int = MAX_TITLE_LENGTH) -> Field:
    """The key `title`: plain text."""
    return Field("title", TranslatedText("none", max_length), about)
