"""Characters that look like a space or a hyphen, where YAML needs the real one."""

from __future__ import annotations

import re
import unicodedata

from bridge.curriculum.problems import Position, Report
from bridge.curriculum.schema.fields import RECORDS
from bridge.messages import Message

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_MARKERS = "‐‑‒–—―−•·‣▪◦●∙○"
_ODD_SPACE = re.compile(
    rf"^ *(?:- +)*(?P<at>[{_SPACES}])"
    rf"|^ *(?:- +)*-(?P<after>[{_SPACES}])"
    rf"|^ *(?:- +)*(?P<name>[\w-]+) *(?P<key>[{_SPACES}])[ {_SPACES}]*:(?: |$)"
    rf"|^ *(?:- +)*[\w-]+:(?P<value>[{_SPACES}])"
)
_ODD_INDENTATION = re.compile(rf"^ *[{_SPACES}][ {_SPACES}]*(?:- |[\w-]+:(?: |$))")
_MAX_LINES_ABOVE = 3
"""How far above the error of the parser the cause can be."""
_KEYS = frozenset(key.name for record in RECORDS.values() for key in record.keys)
_MARKER = re.compile(rf"^[ {_SPACES}]*(?P<at>[{_MARKERS}]|\*(?= ))[ {_SPACES}]*")
_DOUBLE = re.compile(r"^ *- +-(?= )")
_HYPHEN = re.compile(rf"^ *-(?=[{_SPACES}])")
_NUMBER = re.compile(r"^ *(?P<at>\d{1,3}[.)]) *(?=\S)")
_KEY = re.compile(r"(?P<name>[a-z][a-z-]*):(?: |$)")
_NO_SPACE = re.compile(r"^ *-(?P<at>[^\s-])")
_SPACE_ADVICE = Message("replace it with an ordinary space")
_MARKER_ADVICE = Message("begin each item with `- `, a hyphen and a space")


def explain_odd_character(file: str, number: int, report: Report) -> bool:
    """Report an odd space or list marker on a line (from 1), or a `- - x` there or above it."""
    return (
        _report_space(file, number, report)
        or _report_indentation_above(file, number, report)
        or _report_marker(file, number, report)
        or _report_marker_above(file, number, report)
        or _report_double(file, number, report)
        or _report_double(file, number - 1, report)
    )


def report_wrong_marker(position: Position, report: Report) -> bool:
    """Report what is typed instead of `- ` at the start of the list at `position`, if anything."""
    if _report_space(position.file, position.line, report):
        return True
    return (
        _report_marker(position.file, position.line, report)
        or _report_no_space(position.file, position.line, report)
        or _report_number(position.file, position.line, report)
    )


def report_double_marker(position: Position, report: Report) -> bool:
    """Report a `- - x`, if the list at `position` is one."""
    return _report_double(position.file, position.line, report)


def begins_with_marker(line: str) -> str:
    """The odd list marker that a line begins with, such as `–`; '' if there is none.

    A hyphen is odd before a space that isn't an ordinary one.
    """
    if _HYPHEN.match(line):
        return "-"
    found = _MARKER.match(line)
    return found["at"] if found and found["at"] != "*" and found[0][-1] != found["at"] else ""


def named(character: str) -> str:
    """The character for a message, such as `U+00A0 (no-break space)`."""
    return f"U+{ord(character):04X} ({unicodedata.name(character, '?').lower()})"


def without_odd_spaces(text: str) -> str:
    """The text with ordinary spaces only, and none around it."""
    return re.sub(f"[{_SPACES}]", " ", text).strip()


def without_plain_spaces(text: str) -> str:
    """The characters of a text that look like spaces and aren't."""
    return re.sub(f"[^{_SPACES}]", "", text)


def report_odd_space(position: Position, report: Report) -> None:
    """Report the odd space near a key. Expects that its line has one."""
    _report_space(position.file, position.line, report)


def _report_space(file: str, number: int, report: Report) -> bool:
    found = _ODD_SPACE.match(report.line(file, number))
    if not found or (found["key"] and found["name"] not in _KEYS):
        return False
    group = str(found.lastgroup)
    message = Message(
        "There is a special space here, %(code)s, where YAML needs an ordinary one.",
        code=named(found[group]),
    )
    report.error(Position(file, number, found.start(group) + 1), message, _SPACE_ADVICE)
    return True


def _report_indentation_above(file: str, number: int, report: Report) -> bool:
    """Report an odd space in the indentation of a line that the parser took for a text."""
    above = range(number - 1, max(0, number - _MAX_LINES_ABOVE - 1), -1)
    return any(
        _ODD_INDENTATION.match(report.line(file, each)) and _report_space(file, each, report)
        for each in above
    )


def _report_marker(file: str, number: int, report: Report) -> bool:
    found = _MARKER.match(report.line(file, number))
    if not found:
        return False
    code = "" if found["at"] == "*" else named(found["at"])
    message = (
        Message(
            "A list item cannot begin with `%(at)s`, which is %(code)s.", at=found["at"], code=code
        )
        if code
        else Message("A list item cannot begin with `*`.")
    )
    report.error(Position(file, number, found.start("at") + 1), message, _MARKER_ADVICE)
    return True


def _report_double(file: str, number: int, report: Report) -> bool:
    found = _DOUBLE.match(report.line(file, number))
    if not found:
        return False
    message = Message("There are two `- ` here, which begin a list inside a list.")
    advice = Message("delete one; if it is part of the text, put the text in straight quotes")
    report.error(Position(file, number, found.end()), message, advice)
    return True


def _report_no_space(file: str, number: int, report: Report) -> bool:
    found = _NO_SPACE.match(report.line(file, number))
    if not found:
        return False
    place = Position(file, number, found.start("at") + 1)
    report.error(place, Message("There must be a space after the hyphen."), _MARKER_ADVICE)
    return True


def _report_number(file: str, number: int, report: Report) -> bool:
    found = _NUMBER.match(report.line(file, number))
    if not found:
        return False
    message = Message("A list item cannot begin with `%(at)s`.", at=found["at"])
    report.error(Position(file, number, found.start("at") + 1), message, _MARKER_ADVICE)
    return True


def _report_marker_above(file: str, number: int, report: Report) -> bool:
    """Report what is typed instead of `- ` before a key, on a line or the one above it.

    The parser takes the first line of such an item for a text, and stops at the next line.
    """
    for at in (number, number - 1):
        line = report.line(file, at)
        found = _MARKER.match(line) or _NUMBER.match(line) or _NO_SPACE.match(line)
        start = found and (found.start("at") if found.re is _NO_SPACE else found.end())
        key = _KEY.match(line, start) if start is not None else None
        odd = _HYPHEN.match(line) and at < number and _report_space(file, at, report)
        if odd or (
            key
            and key["name"] in _KEYS
            and (
                _report_marker(file, at, report)
                or _report_number(file, at, report)
                or _report_no_space(file, at, report)
            )
        ):
            return True
    return False
