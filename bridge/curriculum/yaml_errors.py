"""Why a file is not YAML, told from the line as a person would."""

from __future__ import annotations

import re

import yaml

from bridge.curriculum.problems import Mark, Report

_QUOTE = "put the whole text in straight quotes, or write `|` and the text on the next lines"

_REASONS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"^ *\t"),
        "The line begins with a tab; YAML is indented with spaces.",
        "replace the tab by spaces",
    ),
    (
        re.compile(r"(?:^|[:-] +)[“”„‟«‘’‚]"),
        "Curly quotes are no quotes to YAML.",
        "use straight quotes: \" or '",
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>[*&!%@`,])"),
        "A text cannot begin with the character {at} in YAML.",
        _QUOTE,
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>[\[{])"),
        "A text that begins with `{at}` is read as a list or mapping, and this one does not end.",
        _QUOTE,
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>[\"'])"),
        "A text in quotes must end with the same quote ({at}), with nothing after it.",
        "double a quote inside the text ('' or \\\"), or write `|` and the text on the next lines",
    ),
    (
        re.compile(r"^\s*(?:- +)?[\w-]+ *: .*:(?: |$)"),
        "There is a colon inside the text, which YAML reads as a new name.",
        _QUOTE,
    ),
    (
        re.compile(r"^\s*(?:- +)?[\w-]+:[^\s/]"),
        "After the colon there must be a space.",
        "write `name: text`",
    ),
    (
        re.compile(r"^\s*[^\s:#-][^:]*$"),
        "A colon is missing, or this line belongs to the text above it and is not indented enough.",
        "",
    ),
)


_FROM_THE_BEGINNING = ("quoted scalar", "flow", "simple key")


def explain(file: str, error: yaml.MarkedYAMLError, report: Report) -> None:
    """Reports the one place where the parser gave up."""
    at = _place(error)
    mark = Mark(file, at.line + 1, at.column + 1) if at else Mark(file)
    lines = report.lines(file)
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    for pattern, message, suggestion in _REASONS:
        if found := pattern.search(line):
            shown = found.groupdict().get("at", "")
            report.error(mark, message.format(at=shown), suggestion)
            return
    report.error(
        mark,
        f"This is not YAML: {error.problem or 'it cannot be read'}.",
        "look at the indentation of this line and of the one above it",
    )


def _place(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Where a quoted text or bracket that never ends began; otherwise where the parser stopped."""
    context = error.context or ""
    if error.context_mark and any(word in context for word in _FROM_THE_BEGINNING):
        return error.context_mark
    return error.problem_mark or error.context_mark
