"""Lines that come from other programs: of a diff, a merge, Markdown, or another keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

from bridge.curriculum.problems import Position, Report, Verdict, instead
from bridge.messages import Message

_MAX_LINES_ABOVE = 3
"""How far above the error of the parser the cause can be."""
_MERGE = (
    Message("Two versions of these lines were merged here and conflict."),
    Message("keep one version, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`"),
)
_FENCE = (
    Message("This line begins or ends a code block in Markdown."),
    Message("delete the lines that begin with three backticks"),
)
_DIFF = (
    Message("This line comes from a comparison of two versions."),
    Message("delete the marks of the comparison, such as `+ ` or `@@`, and the old lines"),
)
_END = (
    Message("The line `...` ends a YAML file, and nothing can follow it."),
    Message("delete the line `...`"),
)


def _colon(line: str) -> Verdict:
    """For `key :value` and `key：value`."""
    better = re.sub(r"\s*[:：]\s*", ": ", line.strip(), count=1)
    return Message("There is no colon with a space directly after the key."), instead(better)


_LINES: tuple[tuple[re.Pattern[str], Callable[[str], Verdict]], ...] = (
    (re.compile(r"={7}$"), lambda _: _MERGE),
    (re.compile(r"`{3}"), lambda _: _FENCE),
    (re.compile(r"\+ |\+$|@@ |diff --git "), lambda _: _DIFF),
    (re.compile(r"\.{3}\s*$"), lambda _: _END),
    (re.compile(r" *(?:- +)*[a-z][a-z-]*(?: +:| *：)(?=[^\s:/])"), _colon),
)


def explain_patch(file: str, report: Report) -> bool:
    """Report the first line of a whole comparison, as `git diff` prints it, if there is one."""
    lines = report.lines(file)
    if not any(line.startswith(("+++ ", "@@ -")) for line in lines):
        return False
    marks = ("diff --git ", "--- ", "+++ ", "@@ -")
    number = next(number for number, line in enumerate(lines, 1) if line.startswith(marks))
    report.error(Position(file, number, 1), *_DIFF)
    return True


def explain_pasted_line(file: str, number: int, report: Report) -> bool:
    """Report the line (from 1), or one of those above it, if it comes from another program."""
    for at in range(number, max(0, number - _MAX_LINES_ABOVE - 1), -1):
        line = report.line(file, at)
        for pattern, verdict in _LINES:
            if pattern.match(line):
                start = len(line) - len(line.lstrip()) + 1
                report.error(Position(file, at, start), *verdict(line))
                return True
    return False
