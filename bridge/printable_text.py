"""Which characters a typed text may hold: those that people can see. Which were misread. Pure.

Refused: control characters, line and paragraph separators, surrogates (bytes that were not
UTF-8), characters that reorder text (bidirectional controls) and characters without width. A text
with several lines may have line ends and tabs. Joiners and variation selectors change the character
before them in some scripts and in emoji: they are allowed there, and nowhere else. See
docs/decisions/0049.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bridge.messages import NOTHING, Message

_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U00013430-\U00013438\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_VARIATIONS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
"""A flag such as Scotland's: a black flag, the letters of a region as tags, and an end."""
_REFUSED = re.compile(f"{_FLAG}|[{_CONTROL}{_INVISIBLE}{_NONCHARACTERS}{_VARIATIONS}]")
_VARIATION = re.compile(f"[{_VARIATIONS}]")
_WRONG_ENCODINGS = ("cp1252", "latin-1", "mac_roman", "cp850")
_MISREAD = re.compile("[ÂÃÅâ][\u0080-\u00bf\u0152-\u02dc\u2010-\u2122]{1,2}|√.|‚Ä.|[├┬].")
"""What UTF-8 becomes in Western Windows encodings, on old Macs, and in DOS."""
_MISREAD_SPACE = re.compile(
    r"(?<!\w)(?P<letter>Ã) (?=\s|$)|(?<=[a-zß-ÿ0-9»)])Â (?=[:;?!»%$€\d])|(?<=«)Â "
)
"""The same, if a program has made an ordinary space of a no-break space, the second half."""
_IS_USUAL = re.compile("[\u00a0-\u00ff\u0152\u0153\u0160\u0161\u0178\u2010-\u203a\u20ac\u2122]")
_JOINERS = "\u200c\u200d"
_FIRST_JOINED_SCRIPT = "\u0590"
"""Latin, Greek, Cyrillic and Armenian, which come before it, have no use for joiners."""


@dataclass(frozen=True, slots=True)
class Unprintable:
    """A character that a text may not hold. `line` and `column` count from 1."""

    character: str
    index: int
    line: int
    column: int

    @property
    def code(self) -> str:
        """Such as U+0007."""
        return f"U+{ord(self.character):04X}"

    @property
    def described(self) -> str:
        """Such as U+202E (right-to-left override); the code alone if there is no name."""
        name = unicodedata.name(self.character, "").lower()
        return f"{self.code} ({name})" if name else self.code


def find_unprintable(text: str, *, lines: bool = False) -> Unprintable | None:
    """The first character that the text may not hold. `lines`: it may have line ends and tabs."""
    for found in _REFUSED.finditer(text):
        if len(found[0]) == 1 and not _is_allowed(text, found.start(), lines=lines):
            return _at(text, found.start())
    return None


def unprintable_problem(text: str, *, lines: bool = False) -> Message:
    """Which character to delete, and where it is; NOTHING if the text is printable."""
    found = find_unprintable(text, lines=lines)
    if found is None:
        return NOTHING
    if found.character in "\n\r":
        return Message("Use a single line of text.")
    if lines and found.line > 1:
        return Message(
            "Line %(line)s, character %(column)s can't be seen or printed: %(code)s. Delete it.",
            line=found.line, column=found.column, code=found.described,
        )  # fmt: skip
    return Message(
        "Character %(column)s can't be seen or printed: %(code)s. Delete it.",
        column=found.column, code=found.described,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Misread:
    """Letters that were one letter before a program read them in a wrong encoding: `Ã©` for `é`."""

    index: int
    typed: str
    meant: str


def misread_letters(text: str) -> Iterator[Misread]:
    """The letters that a wrong encoding has changed. Nobody types such letters on purpose."""
    for found in _MISREAD.finditer(text):
        if meant := _letter_meant(found[0]):
            yield Misread(found.start(), found[0], meant)
    for found in _MISREAD_SPACE.finditer(text):
        yield Misread(found.start(), found[0], "à" if found["letter"] else "\u00a0")


def _letter_meant(typed: str) -> str:
    """The letter that was changed; '' if these letters were probably typed."""
    for encoding in _WRONG_ENCODINGS:
        try:
            meant = typed.encode(encoding).decode()
        except UnicodeError:
            continue
        if len(meant) == 1 and _IS_USUAL.match(meant):
            return meant
    return ""


def visible(text: str, *, lines: bool = False) -> str:
    """The text with escapes, such as `\\x1b` or `\\u202e`, for what it may not hold."""
    return _replaced(text, lambda bad: bad.encode("unicode_escape").decode(), lines)


def remove_unprintable(text: str, *, lines: bool = False) -> str:
    """The text without what it may not hold."""
    return _replaced(text, lambda _: "", lines)


def replace_unprintable(text: str, mark: str) -> str:
    """The text with a mark for each character that it may not hold."""
    return _replaced(text, lambda _: mark, lines=False)


def _replaced(text: str, replacement: Callable[[str], str], lines: bool) -> str:
    def replaced(found: re.Match[str]) -> str:
        if len(found[0]) > 1 or _is_allowed(text, found.start(), lines=lines):
            return found[0]
        return replacement(found[0])

    return _REFUSED.sub(replaced, text)


def _is_allowed(text: str, index: int, *, lines: bool) -> bool:
    character = text[index]
    before, after = text[max(0, index - 1) : index], text[index + 1 : index + 2]
    if character in _JOINERS:
        return _can_be_joined(before) and _can_be_joined(after)
    if _VARIATION.match(character):
        return _can_vary(before)
    if character == "\r":
        return lines and after == "\n"
    return lines and character in "\n\t"


def _can_be_joined(character: str) -> bool:
    return character >= _FIRST_JOINED_SCRIPT and unicodedata.category(character)[0] in "LMS"


def _can_vary(character: str) -> bool:
    if not character or character.isspace() or _VARIATION.match(character):
        return False
    return character >= _FIRST_JOINED_SCRIPT or not character.isalpha()


def _at(text: str, index: int) -> Unprintable:
    start = text.rfind("\n", 0, index) + 1
    return Unprintable(text[index], index, text.count("\n", 0, index) + 1, index - start + 1)
