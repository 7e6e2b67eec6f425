"""Typographic rules that are applied when a text is shown, so that nobody has to type them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_TWO_LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O",
     "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ı": "i"}
)  # fmt: skip
_ACCENTS = re.compile("[\u0300-\u036f]")
NARROW_SPACE = "\u202f"
"""Narrow no-break space: before ; ? !"""
WIDE_SPACE = "\u00a0"
"""No-break space: before a colon and inside « »."""

UNCHANGED = re.compile(
    r"`[^`]*`"  # code in Markdown
    r"|\\\([^\0]{1,1000}?\\\)|\\\[[^\0]{1,1000}?\\\]|\$\$[^$]{1,1000}\$\$"  # formulas
    r"|(?P<open><(?:code|pre|kbd|samp|script|style|math)\b)"  # until the closing tag
    r"|<[^<>]*>"  # tags, with their attributes
    r"|https?://\S+"
    r"|&#?\w{1,31};",  # HTML entities
    re.IGNORECASE,
)
END_OF_TAG = re.compile("[^<>]*>")
CLOSING_TAG = re.compile(r"</(?:code|pre|kbd|samp|script|style|math)>", re.IGNORECASE)
SPACE = "[ \u00a0\u202f]"
END = r"(?=$|[\s)\]»”\"'<>*_.,;:?!…])"
"""A mark ends a phrase here. Elsewhere it's something else, such as a key or an option."""
WORD_BEFORE = r"(?<=[\w)\]»”’\"%])"
RULES = (
    (re.compile(f"«{SPACE}*"), f"«{WIDE_SPACE}"),
    # It begins where the spaces begin: otherwise a long row of spaces takes quadratic time.
    (re.compile(f"(?<!{SPACE}){SPACE}*»"), f"{WIDE_SPACE}»"),
    (re.compile(f"(?:{SPACE}|{WORD_BEFORE})([;?!]+){END}"), rf"{NARROW_SPACE}\1"),
    (re.compile(f"{SPACE}:{END}"), f"{WIDE_SPACE}:"),
    (re.compile(rf"{WORD_BEFORE}:(?=$|\s)"), f"{WIDE_SPACE}:"),
)


def without_accents(text: str) -> str:
    """The text with `e` for `é` and `oe` for `œ`, for names of files and keys."""
    plain = unicodedata.normalize("NFKD", text.translate(_TWO_LETTERS))
    return _ACCENTS.sub("", plain)


def french_spacing(text: str) -> str:
    """A French text with the no-break spaces that French wants around its marks.

    Spaces before `: ; ? ! »` and after `«` become no-break spaces, and missing ones are put in
    where a mark ends a phrase: not in 12:30. Code, tags, HTML entities and URLs are left alone.
    `text` is plain text, Markdown or HTML. Calling it twice changes nothing.
    """
    return "".join(part if left_alone else _spaced(part) for part, left_alone in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text, and whether each is left alone. Reads the text once."""
    done, at, last_closing = 0, 0, _last_closing_tag(text)
    while found := UNCHANGED.search(text, at):
        start, at = found.span()
        if found["open"]:
            closing = CLOSING_TAG.search(text, at) if at <= last_closing else None
            ends = closing or END_OF_TAG.match(text, at)
            at = ends.end() if ends else at
        yield text[done:start], False
        yield text[start:at], True
        done = at
    yield text[done:], False


def _last_closing_tag(text: str) -> int:
    """Where the last closing tag begins; -1 without one. Nothing is searched for after it."""
    return max((found.start() for found in CLOSING_TAG.finditer(text)), default=-1)


def _spaced(text: str) -> str:
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text
