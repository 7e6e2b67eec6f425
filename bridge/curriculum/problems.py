"""What is wrong in a curriculum's files, said so that whoever typed them can mend it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bridge.messages import NOTHING, Message

Severity = Literal["error", "warning"]

MAX_PROBLEMS_PER_FILE = 200
_WIDTH = 100


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; `line` and `column` count from 1, in characters."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend (`error`) or to look at (`warning`).

    `source_line` is the line as typed ('' when there is no such line); `suggestion` says what
    to write instead (NOTHING when nobody can tell).
    """

    severity: Severity
    file: str
    line: int
    column: int
    source_line: str
    message: Message
    suggestion: Message = NOTHING


class Report:
    """Collects problems; knows the lines of every file, so that each problem can show its own."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}
        self._found: dict[str, list[Problem]] = {}

    def add_source(self, file: str, text: str) -> None:
        self._lines[file] = text.split("\n")

    def lines(self, file: str) -> list[str]:
        return self._lines.get(file, [])

    def error(self, position: Position, message: Message, suggestion: Message = NOTHING) -> None:
        self._add("error", position, message, suggestion)

    def warning(self, position: Position, message: Message, suggestion: Message = NOTHING) -> None:
        self._add("warning", position, message, suggestion)

    def warning_once(
        self, position: Position, message: Message, suggestion: Message = NOTHING
    ) -> None:
        """A warning that stands for all of its kind in the file."""
        if all(found.message != message for found in self._found.get(position.file, [])):
            self._add("warning", position, message, suggestion)

    def problems(self) -> tuple[Problem, ...]:
        """Every problem once, in the order of files, lines and columns."""
        found = {problem for problems in self._found.values() for problem in problems}
        return tuple(sorted(found, key=lambda p: (p.file, p.line, p.column, p.message)))

    def _add(
        self, severity: Severity, position: Position, message: Message, suggestion: Message
    ) -> None:
        found = self._found.setdefault(position.file, [])
        if len(found) > MAX_PROBLEMS_PER_FILE:
            return
        if len(found) == MAX_PROBLEMS_PER_FILE:
            message = Message("There are more problems in this file; fix the ones above first.")
            severity, suggestion = "error", NOTHING
        lines = self.lines(position.file)
        source = lines[position.line - 1] if position.line <= len(lines) else ""
        found.append(
            Problem(
                severity, position.file, position.line, position.column, source, message, suggestion
            )
        )


def did_you_mean(wrong: str, valid: Iterable[str]) -> Message:
    """``did you mean `milestone`?`` for the valid name nearest to a wrong one, if one is."""
    found = nearest(wrong, valid)
    return Message("did you mean `%(name)s`?", name=found) if found else NOTHING


def nearest(wrong: str, valid: Iterable[str], alike: float = 0.6) -> str:
    """The valid name nearest to `wrong`, '' when none is as much `alike` (of 1)."""
    close = difflib.get_close_matches(wrong[:60].strip().lower(), list(valid), n=1, cutoff=alike)
    return close[0] if close else ""


def quoted(text: str, max_length: int = 40) -> str:
    """A typed text as a message quotes it: on one line, printable, shortened, in backquotes."""
    flat = _printable(" ".join(text.split()))
    return f"`{flat if len(flat) <= max_length else flat[: max_length - 1] + '…'}`"


def format_problem(problem: Problem) -> str:
    """`file:line:column: error: message – suggestion`, the offending line, and a caret."""
    advice = f" – {problem.suggestion}" if problem.suggestion else ""
    head = (
        f"{problem.file}:{problem.line}:{problem.column}: "
        f"{problem.severity}: {problem.message}{advice}"
    )
    if not problem.source_line.strip():
        return head
    line, caret = _window(problem.source_line, problem.column - 1)
    return f"{head}\n    {line}\n    {caret}"


def _window(line: str, at: int) -> tuple[str, str]:
    """The part of a line around a column, and the line with the caret under it."""
    line = _printable(line.rstrip())
    start = max(0, at - _WIDTH // 2) if len(line) > _WIDTH else 0
    part = line[start : start + _WIDTH]
    indent = " " * sum(_cells(character) for character in part[: at - start])
    return part, indent + "^"


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _printable(text: str) -> str:
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    return "�" if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character
