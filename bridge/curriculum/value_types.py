"""The types of values in the YAML format, and the classes that describe keys and records."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bridge.messages import Message

KEY_PATTERN = "[a-z][a-z0-9-]*"
YEAR_KEY_PATTERN = "[a-z0-9][a-z0-9-]*"
MAX_KEY_LENGTH = 28
MONTHS_PATTERN = "([0-9]{1,4}) (months?|years?)"
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Name:
    """A permanent key: lower-case letters, digits and hyphens, starting with a letter.

    `is_role`: it is the key of a role. `refers`: it is the key of something that must exist, so its
    form needs no check of its own. `may_be_year`: it may also start with a digit, such as `2027`.
    """

    max_length: int = MAX_KEY_LENGTH
    is_role: bool = False
    refers: bool = False
    may_be_year: bool = False

    @property
    def pattern(self) -> str:
        return YEAR_KEY_PATTERN if self.may_be_year else KEY_PATTERN


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two keys with a slash between them, such as `steward-mentoring/part-one`."""


@dataclass(frozen=True, slots=True)
class Months:
    """A number of months or years, such as `36 months` or `1 year`; at most `maximum` months."""

    maximum: int = 1200


@dataclass(frozen=True, slots=True)
class Word:
    """One of the given words."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from `minimum` to `maximum`, inclusive. `per_cent`: it is a percentage."""

    minimum: int
    maximum: int
    per_cent: bool = False


@dataclass(frozen=True, slots=True)
class Decimal:
    """A number, with a decimal point if needed. `is_distance`: it says how far apart two may be."""

    minimum: int | None = None
    is_distance: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """A date such as `2027-01-31`."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date with or without a time, such as `2027-01-31 17:00`."""


@dataclass(frozen=True, slots=True)
class ZoneName:
    """The IANA name of a time zone, such as `America/Toronto`."""


@dataclass(frozen=True, slots=True)
class Email:
    """An email address."""


@dataclass(frozen=True, slots=True)
class Address:
    """A web address (http or https)."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """The path of a PNG in the curriculum's folder."""


@dataclass(frozen=True, slots=True)
class LanguageCode:
    """A language code such as `en`, `fr` or `fr-ca`."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name as the membership system writes it, on one line. Case doesn't matter."""

    max_length: int


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A text in one or more languages.

    `markup`: `markdown` (paragraphs, lists…), `inline` (bold, links, code; one line) or `none`.
    `max_length`: limit on the characters that Moodle stores, including language tags.
    `may_be_quoted`: the text may be a quotation, so curly quotes around it are not a mistake.
    `has_wildcards`: a `*` in it matches any characters.
    `images`: it can show images.
    """

    markup: Literal["markdown", "inline", "none"] = "none"
    max_length: int | None = None
    may_be_quoted: bool = False
    has_wildcards: bool = False
    images: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of at least `minimum` items. `or_word`: one item may be written without a list."""

    item: Shape
    minimum: int = 1
    or_word: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """A mapping that is one of the named records.

    The record is recognised by its first key, or by the word under the key `by`. With `text`, a
    plain text is allowed instead of a mapping; with `word`, one of its words. `what` names the
    value in messages.
    """

    records: tuple[str, ...]
    what: str
    by: str = ""
    text: TranslatedText | None = None
    word: Word | None = None


Shape = (
    Name
    | NamePair
    | Months
    | Word
    | Integer
    | Decimal
    | Date
    | Moment
    | ZoneName
    | Email
    | Address
    | ImageFile
    | LanguageCode
    | Label
    | TranslatedText
    | ListOf
    | OneOf
)


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a mapping. `about` explains it to authors, in messages and in editors."""

    name: str
    shape: Shape
    about: str
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of mapping. It is recognised by its first key."""

    name: str
    about: str
    keys: tuple[Field, ...]

    def key(self, name: str) -> Field | None:
        return next((key for key in self.keys if key.name == name), None)

    @property
    def label(self) -> Message:
        """The record's name for messages."""
        return Message(self.name.replace("-", " "))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.keys)


MAX_TITLE_LENGTH = 255
"""Characters that Moodle keeps of an activity's or section's name, including language tags."""
MAX_COURSE_TITLE_LENGTH = 254
"""Characters that Moodle keeps of a course's full name."""

MARKDOWN = TranslatedText("markdown", may_be_quoted=True)
ILLUSTRATED = TranslatedText("markdown", may_be_quoted=True, images=True)
"""Markdown that can show images: it becomes a text in Moodle that can have files."""
INLINE = TranslatedText("inline", may_be_quoted=True)
ILLUSTRATED_LINE = TranslatedText("inline", may_be_quoted=True, images=True)
PLAIN = TranslatedText("none", has_wildcards=True)
"""A short answer."""
SENTENCE = TranslatedText("none")
TITLE = TranslatedText("none", MAX_TITLE_LENGTH)

YES = frozenset({"true", "yes"})
YES_OR_NO = Word(("true", "false", "yes", "no"))

FEEDBACK = "The explanation shown after answering (Markdown)."

FORMER_KEYS = ListOf(Name(), or_word=True)
PREVIOUSLY = Field(
    "previously",
    FORMER_KEYS,
    "The key this had before, or a list of all former keys. Set it when you rename a key, so that "
    "nothing is lost.",
    required=False,
)


def optional(name: str, shape: Shape, about: str, default: str = "") -> Field:
    """An optional key. `default` describes the value without it."""
    return Field(name, shape, about, required=False, default=default)


def titled(about: str, max_length: int = MAX_TITLE_LENGTH) -> Field:
    """The key `title`, a plain text."""
    return Field("title", TranslatedText("none", max_length), about)


def in_months(text: str) -> int:
    """The number of months in a valid text such as `36 months` or `3 years`."""
    count, unit = text.split()
    return int(count) * (12 if unit.startswith("year") else 1)
