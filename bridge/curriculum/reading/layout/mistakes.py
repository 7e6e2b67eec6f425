"""Find the line whose indentation, hyphen or colon is wrong, and say how to begin it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.curriculum.problems import Position, Report, instead
from bridge.curriculum.reading.layout.levels import is_possible, levels_before
from bridge.curriculum.reading.layout.lines import CHILDREN, FIRST_KEYS, KEYS, Line, read_lines
from bridge.curriculum.reading.odd_characters import report_wrong_marker
from bridge.messages import NOTHING, Message

BAD_INDENTATION = Message("The indentation of this line does not match the lines above it.")
_NO_HYPHEN = Message("This line begins an item of a list, and has no `- `.")
_NO_COLON = re.compile(r"(?P<key>[a-z][a-z-]*) +(?P<value>[a-z0-9-]+|[{\"'].*)$")
_NO_COLON_BEFORE_TEXT = re.compile(r"(?P<key>[a-z][a-z-]*) +(?P<value>\S.*)$")
_ONE_HYPHEN = 2
"""Length of `- `."""
_STEP = 2
"""How far what belongs to a key is indented."""


@dataclass(frozen=True, slots=True)
class _Mistake:
    """A wrong line, the reason, and the column (from 0) and the text that it begins with."""

    line: Line
    reason: Message
    column: int
    start: str


def explain_layout(file: str, number: int, report: Report) -> bool:
    """Report the wrong line, if any, that the parser stopped at, or just above (from 1)."""
    source = report.lines(file)
    lines = read_lines(source)
    at = max((index for index, each in enumerate(lines) if each.number <= number), default=-1)
    if at < 0:
        return False
    if _report_colon(file, lines, at, report):
        return True
    found = (
        _outside_parent(lines, at)
        or _outside_parent(lines, at - 1)
        or _missing_hyphen(lines, at)
        or _wrong_indentation(lines, at)
    )
    if not found:
        return False
    place = Position(file, found.line.number, found.line.indent + 1)
    if found.reason is _NO_HYPHEN and report_wrong_marker(place, report):
        return True
    report.error(place, found.reason, _begin(found.column, found.start))
    return True


def new_item(key: str, position: Position, report: Report) -> Message:
    """How to begin the line of a key that needs a `- `; NOTHING if that isn't its mistake.

    `position`: that of the mapping in which the key is.
    """
    first = report.line(position.file, position.line)[: position.column - 1]
    if key not in FIRST_KEYS or not first.endswith("- "):
        return NOTHING
    return _begin(len(first.rstrip("- ")), f"- {key}:")


def report_missing_colon(position: Position, report: Report) -> bool:
    """Report a key without a colon on the line of an item."""
    source = report.lines(position.file)
    line = next((each for each in read_lines(source) if each.number == position.line), None)
    if line is None:
        return False
    return _report_missing_colon(position.file, line, report, _NO_COLON_BEFORE_TEXT)


def _begin(column: int, start: str) -> Message:
    return Message(
        "begin the line in column %(column)s, with `%(start)s`", column=column + 1, start=start
    )


def _report_colon(file: str, lines: Sequence[Line], at: int, report: Report) -> bool:
    """Report a missing colon on a line, or on the item above that it belongs to."""
    line, above = lines[at], lines[at - 1] if at else None
    if _report_missing_colon(file, line, report):
        return True
    if not above:
        return False
    belongs = above.is_item and line.key in KEYS and line.indent > above.indent
    pattern = _NO_COLON_BEFORE_TEXT if belongs else _NO_COLON
    return _report_missing_colon(file, above, report, pattern)


def _report_missing_colon(
    file: str, line: Line, report: Report, pattern: re.Pattern[str] = _NO_COLON
) -> bool:
    found = pattern.match(line.rest) if not line.key else None
    if not found or found["key"] not in KEYS:
        return False
    hyphen = "- " if line.is_item else ""
    place = Position(file, line.number, line.column + len(found["key"]) + 1)
    missing = Message("A colon is missing after `%(key)s`.", key=found["key"])
    report.error(place, missing, instead(f"{hyphen}{found['key']}: {found['value']}"))
    return True


def _outside_parent(lines: Sequence[Line], at: int) -> _Mistake | None:
    """The first line below an empty key, if it isn't indented enough to belong to it."""
    if at < 1:
        return None
    line, parent = lines[at], lines[at - 1]
    if not parent.is_open or line.key not in CHILDREN.get(parent.key, ("",)):
        return None
    if _is_aligned(line, parent) or line.is_item != parent.begins_list:
        return None
    above = lines[at - 2].column + _STEP if at > 1 and lines[at - 2].is_open else parent.column
    if above < parent.column and above <= line.indent:
        return _Mistake(parent, BAD_INDENTATION, above, _start(parent, parent.is_item))
    return _Mistake(line, BAD_INDENTATION, parent.column + _STEP, _start(line, line.is_item))


def _missing_hyphen(lines: Sequence[Line], at: int) -> _Mistake | None:
    """The first item of a list without `- `, if the line is in such a list."""
    line = lines[at]
    for index in range(at, 0, -1):
        child, parent = lines[index], lines[index - 1]
        is_inside = line.indent > parent.column - (line.is_item)
        if not parent.begins_list or not is_inside or child.indent < parent.column:
            continue
        if child.is_item or (child.key and child.key not in KEYS):
            return None
        following = lines[index + 1] if index < at else child
        return _Mistake(child, _NO_HYPHEN, _column_of_hyphen(child, following), _start(child, True))
    return None


def _column_of_hyphen(child: Line, following: Line) -> int:
    """Where the hyphen of an item is missing: before its key or, if lines below say so, there."""
    if following.is_item:
        return following.indent
    is_aligned = following is not child and following.indent == child.indent
    return max(0, child.indent - _ONE_HYPHEN) if is_aligned else child.indent


def _wrong_indentation(lines: Sequence[Line], at: int) -> _Mistake | None:
    line, above = lines[at], lines[at - 1] if at else None
    levels = levels_before(lines[:at])
    if above and _is_aligned(line, above):
        return None
    if line.is_item:
        columns = levels.columns_for_item(line.key)
        if line.indent in columns:
            return None
        reason, start = BAD_INDENTATION, _start(line, True)
    else:
        columns = levels.columns_for(line.key)
        if line.column in columns:
            return None
        reason, start = BAD_INDENTATION, _start(line, False)
    if above and (wrong := _line_above(lines, at)):
        return wrong
    if not columns and line.key in KEYS:
        columns, reason = levels.columns_for_item(line.key), _NO_HYPHEN
        start = _start(line, True)
    if not columns:
        return None
    column = min(columns, key=lambda each: abs(each - line.indent))
    return _Mistake(line, reason, column, start)


def _is_aligned(line: Line, above: Line) -> bool:
    """Whether a line begins what belongs to the key above it."""
    if not above.is_open:
        return False
    return line.indent >= above.column if line.is_item else line.indent > above.column


def _line_above(lines: Sequence[Line], at: int) -> _Mistake | None:
    """The line above, if the lines below say that it is the wrong one."""
    line, above = lines[at], lines[at - 1]
    if line.is_item and above.is_item and lines[at - 2].begins_list:
        is_inside = lines[at - 2].column <= line.indent < above.indent
        start = _start(above, True)
        return _Mistake(above, BAD_INDENTATION, line.indent, start) if is_inside else None
    is_first = above.is_item or at == 1 or lines[at - 2].column < above.column
    if line.is_item or not is_first or not above.key or not is_possible(line.key, {above.key}):
        return None
    hyphen = _ONE_HYPHEN if above.is_item else 0
    if line.column < hyphen:
        return None
    for below in lines[at + 1 :]:
        is_sibling = is_possible(below.key, {line.key, above.key})
        if below.is_item:
            below_column, above_column = below.indent, above.indent
        else:
            below_column, above_column = below.column + -hyphen, above.column - hyphen
        if below_column == line.column - hyphen and (below.is_item or is_sibling):
            start = _start(above, above.is_item)
            return _Mistake(above, BAD_INDENTATION, line.column - hyphen, start)
        if below_column == above_column or below.indent < min(line.indent, above.indent):
            return None
    return None


def _start(line: Line, has_hyphen: bool) -> str:
    """How a line begins, for a message: its key, or its first words."""
    words = f"{line.key}:" if line.key else line.rest.strip()[:20]
    return f"- {words}" if has_hyphen else words
