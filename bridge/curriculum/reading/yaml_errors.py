"""Explain YAML syntax errors in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import yaml

from bridge.curriculum.problems import Position, Report, Verdict, instead
from bridge.curriculum.reading.flow_translations import has_translations, repair_near
from bridge.curriculum.reading.layout.mistakes import BAD_INDENTATION, explain_layout
from bridge.curriculum.reading.layout.pasted_lines import explain_pasted_line, explain_patch
from bridge.curriculum.reading.odd_characters import explain_odd_character
from bridge.curriculum.reading.web_addresses import MARKDOWN_LINK, meant_address
from bridge.curriculum.text import Language
from bridge.messages import NOTHING, Message

QUOTE = Message(
    "put the whole text in straight quotes, or write `|` and the text on the next lines"
)

_REASONS: tuple[tuple[re.Pattern[str], Callable[[str], Message], Message], ...] = (
    (
        re.compile(r"^ *\t"),
        lambda _: Message("The line begins with a tab; indent YAML with spaces."),
        Message("replace the tab with spaces"),
    ),
    (
        re.compile(r"(?:^|[:-] +)[“”„‟«‘’‚]"),
        lambda _: Message("YAML does not accept curly quotes as quotes."),
        Message("use straight quotes: \" or '"),
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>[*&!%@`,])"),
        lambda at: Message("A text cannot begin with the character %(at)s in YAML.", at=at),
        QUOTE,
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>\{)[^}]*$"),
        lambda _: Message("The `{` on this line is not closed."),
        Message("add the `}` that closes it, or delete the `{`"),
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>\[)[^\]]*$"),
        lambda _: Message("The `[` on this line is not closed."),
        Message(
            "add the `]` that closes it; if the text begins with it, put the whole text in "
            "straight quotes"
        ),
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>[\[{])"),
        lambda at: Message(
            "YAML reads a text that begins with `%(at)s` as a list or mapping, which nothing "
            "can follow.",
            at=at,
        ),
        QUOTE,
    ),
    (
        re.compile(r"(?:^\s*|[:-] +)(?P<at>[\"'])"),
        lambda at: Message(
            "A text in quotes must end with the same quote (%(at)s), with nothing after it.",
            at=at,
        ),
        Message(
            "double a quote inside the text ('' or \\\"), or write `|` and the text on the next "
            "lines"
        ),
    ),
    (
        re.compile(r"^\s*(?:- +)?[\w-]+ *: .*:(?: |$)"),
        lambda _: Message(
            "There is a colon inside the text, and YAML reads what comes before it as a key."
        ),
        QUOTE,
    ),
    (
        re.compile(r"^\s*(?:- +)?[\w-]+:[^\s/]"),
        lambda _: Message("There must be a space after the colon."),
        Message("write `key: text`"),
    ),
    (
        re.compile(r"^\s*[^\s:#-][^:]*$"),
        lambda _: Message(
            "A colon is missing, or this line belongs to the text above it and is not indented "
            "enough."
        ),
        NOTHING,
    ),
)

_PARSER_MESSAGES: Mapping[str, Message] = {
    "mapping values are not allowed in this context": Message(
        "There is a colon where no key can begin."
    ),
    "did not find expected key": BAD_INDENTATION,
    "did not find expected '-' indicator": BAD_INDENTATION,
    "did not find expected <document start>": BAD_INDENTATION,
    "could not find expected ':'": Message("A colon is expected here."),
    "did not find expected ',' or ']'": Message("The list that begins with `[` is not closed."),
    "did not find expected ',' or '}'": Message("The mapping that begins with `{` is not closed."),
    "did not find expected node content": Message("A text, a list or a mapping is expected here."),
    "found character that cannot start any token": Message(
        "A text cannot begin like this in YAML."
    ),
    "found unexpected end of stream": Message("A text in quotes is not closed."),
}
"""libyaml's message -> ours."""
_UNREADABLE = Message("this line, or the one above it, cannot be read.")

_BACKSLASH = (
    Message("In double quotes, a backslash begins a code, and there is no such code."),
    Message("write the backslash twice (`\\\\`), or use single quotes around the text"),
)
_TEXT_AFTER_INDICATOR = (
    Message("After `|` or `>`, the text begins on the next line."),
    Message("move the text to the next line, and indent it by two spaces more than the key"),
)
_LIST_AFTER_KEY = (
    Message("A list cannot begin on the same line as its key."),
    Message("begin the list on the next line; if this is a text, put it in straight quotes"),
)
_INVISIBLE = (
    Message("There is an invisible control character here."),
    Message("delete it; such characters often come with text pasted from another program"),
)
_TOKENS: Mapping[str, Verdict] = {
    "found unknown escape character": _BACKSLASH,
    "did not find expected hexdecimal number": _BACKSLASH,
    "found invalid Unicode character escape code": _BACKSLASH,
    "expected escape sequence": _BACKSLASH,
    "did not find expected comment or line break": _TEXT_AFTER_INDICATOR,
    "expected a comment or a line break": _TEXT_AFTER_INDICATOR,
    "expected chomping or indentation indicators": _TEXT_AFTER_INDICATOR,
    "block sequence entries are not allowed": _LIST_AFTER_KEY,
    "sequence entries are not allowed": _LIST_AFTER_KEY,
    "control characters are not allowed": _INVISIBLE,
}
"""How messages of libyaml and PyYAML begin that are explained without a look at the line."""


_URL = re.compile(rf" *url: +(?P<link>{MARKDOWN_LINK.pattern})\s*$")
_UNCLOSED = ("quoted scalar", "flow", "simple key")


def explain(
    file: str, error: yaml.MarkedYAMLError, report: Report, languages: tuple[Language, ...] = ()
) -> None:
    """Report the syntax error at which the parser stopped."""
    at = _place(error)
    position = Position(file, at.line + 1, at.column + 1) if at else Position(file)
    lines = report.lines(file)
    if repair := repair_near(lines, position.line - 1, languages):
        place = Position(file, repair.line + 1, repair.column + 1)
        report.error(place, repair.reason, repair.suggestion)
        return
    if explain_patch(file, report) or explain_pasted_line(file, position.line, report):
        return
    if _explain_token(file, error, report) or explain_odd_character(file, position.line, report):
        return
    if explain_layout(file, position.line, report):
        return
    line = report.line(file, position.line)
    if (found := _URL.match(line)) and (meant := meant_address(found["link"])):
        place = Position(file, position.line, found.start("link") + 1)
        report.error(place, Message("`url` is only the address of a link."), instead(meant))
        return
    for pattern, reason, suggestion in _REASONS:
        found = pattern.search(line)
        if found and not (suggestion is QUOTE and has_translations(line, languages)):
            report.error(position, reason(found.groupdict().get("at", "")), suggestion)
            return
    problem = error.problem or ""
    report.error(
        position,
        Message(
            "This is not valid YAML: %(why)s",
            why=_PARSER_MESSAGES.get(problem, _UNREADABLE),
        ),
        Message("check the indentation of this line and the one above it"),
    )


def _explain_token(file: str, error: yaml.MarkedYAMLError, report: Report) -> bool:
    problem, mark = error.problem or "", error.problem_mark
    known = next((each for start, each in _TOKENS.items() if problem.startswith(start)), None)
    if known is None or mark is None:
        return False
    report.error(Position(file, mark.line + 1, mark.column + 1), *known)
    return True


def _place(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Where an unclosed quote or bracket starts; otherwise where the parser stopped."""
    context = error.context or ""
    if error.context_mark and any(word in context for word in _UNCLOSED):
        return error.context_mark
    return error.problem_mark or error.context_mark
