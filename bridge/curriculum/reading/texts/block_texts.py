"""Find lines under `|` or `>` that YAML reads differently from what their author meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise, takewhile

from bridge.curriculum.parsed_record import Scalar
from bridge.curriculum.problems import Position, Report
from bridge.curriculum.text import Language
from bridge.messages import Message

_LIST_OR_TABLE = re.compile(r"\s*(?:(?:[-*+]|\d+[.)]) +\S|\|)")
_HEADING = re.compile(r"\s*#{1,6} +\S")
_ITEM = r"- (?:question|page|link|quiz|section|right|wrong|left): |access: (?:open|account)$"


def check_block(node: Scalar, label: str, languages: Collection[Language], report: Report) -> None:
    """Warn about keys that are inside a block, and about marks that `>` joins to other lines."""
    file, first = node.position.file, node.position.line
    style = report.line(file, first)[node.position.column - 1 :][:1]
    if style not in ("|", ">"):
        return
    lines = _lines_of(report.lines(file)[first : node.last_line])
    codes = "".join(f"|{re.escape(code)}:(?: |$)" for code in languages)
    key = re.compile(rf"\s*(?:{_ITEM}{codes})")
    for number, line in enumerate(lines, first + 1):
        if found := key.match(line):
            place = Position(file, number, len(line) - len(line.lstrip()) + 1)
            inside = Message(
                "%(label)s includes this line: `%(text)s` is no key here.",
                label=label, text=found[0].strip(),
            )  # fmt: skip
            report.warning(place, inside, Message("for a key, indent the line like the others"))
    if style == ">" and any(_is_joined(*each) for each in pairwise(lines)):
        joins = Message(
            "%(label)s: `>` joins its lines, so a list, heading or table becomes one paragraph.",
            label=label,
        )
        report.warning(node.position, joins, Message("write `|` instead of `>`"))


def _lines_of(lines: Sequence[str]) -> list[str]:
    """The lines of a block: those that are indented as far as its first one."""
    indent = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)
    return list(takewhile(lambda line: not line[:indent].strip(), lines))


def _is_joined(line: str, following: str) -> bool:
    if not line.strip() or not following.strip():
        return False
    return bool(_LIST_OR_TABLE.match(following) or _HEADING.match(line))
