"""Warn about formulas that have no end."""

from __future__ import annotations

from bridge.curriculum.formulas.syntax import ENDS, unclosed_formulas
from bridge.curriculum.problems import Report
from bridge.curriculum.reading.texts.places import position_of
from bridge.curriculum.reading.yaml_nodes import Scalar
from bridge.messages import Message


def check_formulas(text: str, node: Scalar, label: str, report: Report) -> None:
    """Warn about the first formula of a text that has no end."""
    for start, opening in unclosed_formulas(text):
        end = text.find("\n", start)
        line = text[start:] if end < 0 else text[start:end]
        report.warning(
            position_of(line, node, report),
            Message(
                "%(label)s: the formula that begins with `%(opening)s` has no end.",
                label=label, opening=opening,
            ),
            Message(
                "end it with `%(closing)s`, without an empty line in it; outside a formula, "
                "write `%(plain)s`",
                closing=ENDS[opening], plain="$" if opening == "$$" else opening[1],
            ),
        )  # fmt: skip
        return
