"""Cells of tables that say their heading: on a narrow screen, each row is shown as a card."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

START_TAG = re.compile(r"<(tr|td|th)((?:\s[^>]*)?)>")
ROLES = {"tr": "row", "td": "cell", "th": "rowheader"}
"""Without them, screen readers no longer see a table once its rows are cards."""


def label_cells(rows: str, headings: Iterable[str]) -> Markup:
    """The rows of a table with the role of each row and cell, and the heading of each cell.

    `rows`: HTML in which text is escaped, with at most one table. A cell over several columns gets
    no heading.
    """
    labels = [escape(each) for each in headings]
    column = 0

    def mark(tag: re.Match[str]) -> str:
        nonlocal column
        name, attributes = tag.groups()
        begun = f'<{name}{attributes} role="{ROLES[name]}"'
        if name == "tr":
            column = 0
            return f"{begun}>"
        label = labels[column] if column < len(labels) and "colspan" not in attributes else ""
        column += 1
        return f'{begun} data-label="{label}">' if label else f"{begun}>"

    return Markup(START_TAG.sub(mark, rows))  # noqa: S704  (the rows come from a template)
