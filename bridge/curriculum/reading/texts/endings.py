"""Find where YAML read a text differently from what its author probably meant."""

from __future__ import annotations

import re

from bridge.curriculum.parsed_record import Scalar
from bridge.curriculum.problems import Position, Report
from bridge.curriculum.reading.texts.escapes import check_escapes
from bridge.messages import Message

_ITEM = re.compile(r"\s+(?P<at>[-–—•])\s+\S")


def check_ending(node: Scalar, label: str, report: Report) -> None:
    """Report a ` #` that cuts a text, a list item that became part of it, and escapes."""
    if node.cut:
        report.error(
            node.cut,
            Message(
                "%(label)s ends before this `#`, because `#` starts a comment in YAML.", label=label
            ),
            Message(
                "put the whole text in straight quotes; for a comment, write a space after the `#`"
            ),
        )
    if node.comment:
        report.warning(
            node.comment,
            Message("%(label)s ends before this `#`: the rest is a comment.", label=label),
            Message(
                "if it belongs to the text, put the whole text in straight quotes; if it is a "
                "comment, write two spaces before the `#`"
            ),
        )
    if node.plain:
        _check_joined_items(node, label, report)
    else:
        check_escapes(node, label, report)


def _check_joined_items(node: Scalar, label: str, report: Report) -> None:
    following = report.lines(node.position.file)[node.position.line : node.last_line]
    for number, line in enumerate(following, node.position.line + 1):
        if found := _ITEM.match(line):
            report.warning(
                Position(node.position.file, number, found.start("at") + 1),
                Message("This line continues %(label)s; it is no item of a list.", label=label),
                Message(
                    "for a new item, indent the line as the item above, and begin it with `- `; "
                    "for a text, put the whole text in straight quotes"
                ),
            )
            return
