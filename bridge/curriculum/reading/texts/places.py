"""Where a part of a text is in the file."""

from __future__ import annotations

from bridge.curriculum.parsed_record import Scalar
from bridge.curriculum.problems import Position, Report


def position_of(part: str, node: Scalar, report: Report) -> Position:
    """Where `part` is in the source of a text; the start of the text if it is not found."""
    lines = report.lines(node.position.file)[node.position.line - 1 : node.last_line]
    for number, line in enumerate(lines):
        start = node.position.column - 1 if number == 0 else 0
        if part and (at := line.find(part, start)) >= 0:
            return Position(node.position.file, node.position.line + number, at + 1)
    return node.position
