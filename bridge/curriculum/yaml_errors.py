"""Why a file is not YAML, told from the line as a person would."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import yaml

from bridge.curriculum.problems import Mark, Report
from bridge.sentences import NOTHING, Quote, Sentence

QUOTE = Sentence(
    "put the whole text in straight quotes, or write `|` and the text on the next lines"
)

_REASONS: tuple[tuple[re.Pattern[str], Callable[[str], Sentence], Sentence], ...] = (
    (
        re.compile(r"^ *\t"),
        lambda _: Sentence("The line begins with a tab; YAML is indented with spaces."),
        Sentence("replace the tab by spaces"),
    ),
    (
        re.compile(r"(?:^|[:-] +)[“”„‟«‘’‚]"),
        lambda _: Sentence("Curly quotes are no quotes to YAML."),
        Sentence("use straight quotes: \" or '"),
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>[*&!%@`,])"),
        lambda at: Sentence("A text cannot begin with the character %(at)s in YAML.", at=at),
        QUOTE,
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>[\[{])"),
        lambda at: Sentence(
            "A text that begins with `%(at)s` is read as a list or mapping, and this one does "
            "not end.",
            at=at,
        ),
        QUOTE,
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>[\"'])"),
        lambda at: Sentence(
            "A text in quotes must end with the same quote (%(at)s), with nothing after it.",
            at=at,
        ),
        Sentence(
            "double a quote inside the text ('' or \\\"), or write `|` and the text on the next "
            "lines"
        ),
    ),
    (
        re.compile(r"^\s*(?:- +)?[\w-]+ *: .*:(?: |$)"),
        lambda _: Sentence("There is a colon inside the text, which YAML reads as a new name."),
        QUOTE,
    ),
    (
        re.compile(r"^\s*(?:- +)?[\w-]+:[^\s/]"),
        lambda _: Sentence("After the colon there must be a space."),
        Sentence("write `name: text`"),
    ),
    (
        re.compile(r"^\s*[^\s:#-][^:]*$"),
        lambda _: Sentence(
            "A colon is missing, or this line belongs to the text above it and is not indented "
            "enough."
        ),
        NOTHING,
    ),
)

_INDENTED = Sentence("This line is not indented as the ones above it ask for.")
_PARSER: Mapping[str, Sentence] = {
    "mapping values are not allowed in this context": Sentence(
        "A colon stands where no name can begin."
    ),
    "block sequence entries are not allowed in this context": Sentence("A list cannot begin here."),
    "did not find expected key": _INDENTED,
    "did not find expected '-' indicator": _INDENTED,
    "did not find expected <document start>": _INDENTED,
    "could not find expected ':'": Sentence("Here a colon is expected."),
    "did not find expected ',' or ']'": Sentence("The list that begins with `[` does not end."),
    "did not find expected ',' or '}'": Sentence("The mapping that begins with `{` does not end."),
    "did not find expected node content": Sentence("Here a text, a list or a mapping is expected."),
    "found character that cannot start any token": Sentence("No text can begin like this in YAML."),
    "found unexpected end of stream": Sentence("A text in quotes does not end."),
    "found unknown escape character": Sentence("After a backslash stands what YAML does not know."),
    "found invalid Unicode character escape code": Sentence(
        "After a backslash stands what YAML does not know."
    ),
    "control characters are not allowed": Sentence("Here is a character that YAML does not take."),
}
"""What libyaml says, in words; what is not here is quoted."""


_FROM_THE_BEGINNING = ("quoted scalar", "flow", "simple key")


def explain(file: str, error: yaml.MarkedYAMLError, report: Report) -> None:
    """Reports the one place where the parser gave up."""
    at = _place(error)
    mark = Mark(file, at.line + 1, at.column + 1) if at else Mark(file)
    lines = report.lines(file)
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    for pattern, reason, suggestion in _REASONS:
        if found := pattern.search(line):
            report.error(mark, reason(found.groupdict().get("at", "")), suggestion)
            return
    said = error.problem or ""
    report.error(
        mark,
        Sentence("This is not YAML: %(why)s", why=_PARSER.get(said) or Quote(said or "?")),
        Sentence("look at the indentation of this line and of the one above it"),
    )


def _place(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Where a quoted text or bracket that never ends began; otherwise where the parser stopped."""
    context = error.context or ""
    if error.context_mark and any(word in context for word in _FROM_THE_BEGINNING):
        return error.context_mark
    return error.problem_mark or error.context_mark
