"""Find backslashes in double quotes that begin an escape, where the author meant a backslash."""

from __future__ import annotations

import re

from bridge.curriculum.parsed_record import Scalar
from bridge.curriculum.problems import Position, Report
from bridge.messages import Message
from bridge.printable_text import find_unprintable

_DOUBLE_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_TOKEN = re.compile(
    r"(?P<delimiter>\$\$|\\\\[()\[\]])"
    r"|\\(?:\\|(?P<code>[abefnrtv0NLP_])(?P<rest>[A-Za-z]*)|.)",
    re.DOTALL,
)
_DRIVE = re.compile(r"\b[A-Za-z]:(?:[\\/][\w. -]*)*$")
_AFTER_N = re.compile(
    "abla|atural|cong|e|earrow|eg|eq|ewline|exists|geq|gtr|i|leftarrow|leq|less|mid|not|ot|otin"
    "|parallel|prec|rightarrow|subseteq|u|vdash|warrow"
)
"""Formula commands that begin with `n`, without it: elsewhere, `\\n` is the end of a line."""

NO_DOUBLE_QUOTES = Message(
    "use single quotes around the text, or write `|` and the text on the next lines"
)


def check_escapes(node: Scalar, label: str, report: Report) -> None:
    """Warn about escapes in a formula, a path or a word, such as the tab in `\\times`.

    Those that bring an invisible control character are errors, which the parser has reported.
    """
    found = find_wrong_escape(node.position, node.last_line, report)
    if not found or find_unprintable(node.text, lines=True):
        return
    place, code = found
    report.warning(
        place,
        Message(
            "%(label)s: in double quotes, this backslash begins a code, and `%(code)s` "
            "disappears from the text.",
            label=label, code=code,
        ),
        NO_DOUBLE_QUOTES,
    )  # fmt: skip


def find_wrong_escape(
    position: Position, last_line: int, report: Report
) -> tuple[Position, str] | None:
    """The first escape that was not meant as one, and where it is; None if all were meant.

    `position`: where the text in quotes begins.
    """
    lines = report.lines(position.file)[position.line - 1 : last_line]
    source = "\n".join(lines)[position.column - 1 :]
    typed = _DOUBLE_QUOTED.match(source)
    at = _first_wrong(typed[0]) if typed and "\\" in typed[0] else -1
    if at < 0:
        return None
    before = source[:at]
    column = at - before.rfind("\n") if "\n" in before else position.column + at
    line = position.line + before.count("\n")
    return Position(position.file, line, column), source[at : at + 2]


def _first_wrong(typed: str) -> int:
    """Where the first backslash is that was not meant for YAML; -1 if all were."""
    in_formula = False
    for token in _TOKEN.finditer(typed):
        if token["delimiter"]:
            in_formula = token["delimiter"][-1] in "([" or (
                token["delimiter"] == "$$" and not in_formula
            )
        elif token["code"] and _is_wrong(token, typed, in_formula):
            return token.start()
    return -1


def _is_wrong(token: re.Match[str], typed: str, in_formula: bool) -> bool:
    if _DRIVE.search(typed, 0, token.start()):
        return True
    if not token["rest"]:
        return False
    return in_formula or token["code"] != "n" or _is_command(token["rest"], typed[token.end() :])


def _is_command(rest: str, following: str) -> bool:
    return bool(_AFTER_N.fullmatch(rest)) and following[:1] not in (".", ")")
