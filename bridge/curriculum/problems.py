"""Problems in a curriculum's files, described so that their author can fix them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bridge.messages import NOTHING, Message

Severity = Literal["error", "warning"]
Verdict = tuple[Message, Message]
"""What is wrong with a value, and what to write instead."""

VALID: Verdict = (NOTHING, NOTHING)
"""The verdict on a valid value."""

MAX_PROBLEMS_PER_FILE = 200
"""Errors that are listed, and warnings. Many warnings, such as those of a language that is not
translated yet, hide no error."""
_MORE: Mapping[Severity, Message] = {
    "error": Message("There are more problems in this file; fix the ones above first."),
    "warning": Message("There are more warnings about this file."),
}
_BETWEEN = re.compile(r"[\s,;]+(?:(?:and|et)\s+)?")
"""What people write between several keys."""
MAX_SHOWN_COLUMNS = 100
MAX_CANDIDATES = 300
"""Comparing names takes long, so only so many are compared with a wrong one."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A position in a file. `line` and `column` count from 1, in characters."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to fix (`error`) or to check (`warning`).

    `source_line`: the line as typed, or ''. `suggestion`: what to write instead, or NOTHING.
    """

    severity: Severity
    file: str
    line: int
    column: int
    source_line: str
    message: Message
    suggestion: Message = NOTHING


class Report:
    """Collects problems, with the source line of each.

    `images`: path from the curriculum's folder -> content of its images, to check what texts show.
    `role_labels`: the labels by language of the roles that the configuration names. `unread`: the
    names of other files in the folder, which are not read.
    """

    def __init__(
        self,
        images: Mapping[str, bytes] | None = None,
        role_labels: Mapping[str, Mapping[str, str]] | None = None,
        unread: Iterable[str] = (),
    ) -> None:
        self.images = images or {}
        self.role_labels = role_labels or {}
        self.unread = tuple(unread)
        self._lines: dict[str, list[str]] = {}
        self._found: dict[str, list[Problem]] = {}

    def include(self, other: Report) -> None:
        """Add what another report has found in other files, with their lines."""
        self._lines.update(other._lines)
        for file, found in other._found.items():
            self._found.setdefault(file, []).extend(found)

    def add_source(self, file: str, text: str) -> None:
        self._lines[file] = text.split("\n")

    def lines(self, file: str) -> list[str]:
        return self._lines.get(file, [])

    def line(self, file: str, number: int) -> str:
        """A line, counted from 1; '' if there is none."""
        lines = self.lines(file)
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    def error(self, position: Position, message: Message, suggestion: Message = NOTHING) -> None:
        self._add("error", position, message, suggestion)

    def warning(self, position: Position, message: Message, suggestion: Message = NOTHING) -> None:
        self._add("warning", position, message, suggestion)

    def warning_once(
        self, position: Position, message: Message, suggestion: Message = NOTHING
    ) -> None:
        """Add a warning unless the file already has the same one."""
        if all(found.message != message for found in self._found.get(position.file, [])):
            self._add("warning", position, message, suggestion)

    def suggest(
        self, position: Position, wrong: str, valid: Iterable[str], meant: str = ""
    ) -> Message:
        """What to write instead of a wrong reference; NOTHING if so many problems hide it.

        `valid`: the names that exist. `meant`: the one that is surely meant, '' for none.
        """
        if len(self._found.get(position.file, ())) >= MAX_PROBLEMS_PER_FILE:
            return NOTHING
        names = list(valid)
        if are_several(wrong, names):
            return Message("write one item of the list for each key")
        return instead(meant) if meant else did_you_mean(wrong, names)

    def problems(self) -> tuple[Problem, ...]:
        """All problems without duplicates, sorted by file, line and column."""
        found = {problem for problems in self._found.values() for problem in problems}
        return tuple(sorted(found, key=lambda p: (p.file, p.line, p.column, p.message)))

    def _add(
        self, severity: Severity, position: Position, message: Message, suggestion: Message
    ) -> None:
        found = self._found.setdefault(position.file, [])
        alike = sum(each.severity == severity for each in found)
        if alike > MAX_PROBLEMS_PER_FILE:
            return
        if alike == MAX_PROBLEMS_PER_FILE:
            message, suggestion = _MORE[severity], NOTHING
        source = self.line(position.file, position.line)
        found.append(
            Problem(
                severity, position.file, position.line, position.column, source, message, suggestion
            )
        )


def are_several(typed: str, names: Iterable[str]) -> bool:
    """Whether several names were typed as one, such as `a, b`."""
    parts = set(_BETWEEN.split(typed.strip()))
    return len(parts) > 1 and parts <= set(names)


def instead(better: str) -> Message:
    """The suggestion to write `better`. It must be valid, and what the author meant."""
    return Message("write `%(better)s`", better=better)


def did_you_mean(wrong: str, valid: Iterable[str]) -> Message:
    """``did you mean `milestone`?`` if a valid name is similar to the wrong one, else NOTHING."""
    name = nearest(wrong, valid)
    return Message("did you mean `%(name)s`?", name=name) if name else NOTHING


def nearest(wrong: str, valid: Iterable[str], cutoff: float = 0.6) -> str:
    """The valid name most similar to `wrong`; '' if none has a similarity of `cutoff` (0 to 1)."""
    word = wrong[:60].strip().lower()
    close = difflib.get_close_matches(word, _candidates(word, valid), n=1, cutoff=cutoff)
    return close[0] if close else ""


def _candidates(word: str, valid: Iterable[str]) -> list[str]:
    """The valid names to compare; of very many, those that begin like the word."""
    names = list(valid)
    if len(names) <= MAX_CANDIDATES:
        return names
    return [name for name in names if name[:2] == word[:2]][:MAX_CANDIDATES]


def quoted(text: str, max_length: int = 40) -> str:
    """The text in backticks, as a message quotes it: on one line, printable and shortened."""
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
    """The part of a line around a column, and a line with the caret below that column."""
    line = _printable(line.rstrip())
    start = max(0, at - MAX_SHOWN_COLUMNS // 2) if len(line) > MAX_SHOWN_COLUMNS else 0
    part = line[start : start + MAX_SHOWN_COLUMNS]
    indent = " " * sum(_cells(character) for character in part[: at - start])
    return part, indent + "^"


def _cells(character: str) -> int:
    """How many columns a character takes on a terminal."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _printable(text: str) -> str:
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    return "�" if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character
