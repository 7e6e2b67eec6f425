"""Text on its way to the terminal: it can't move the cursor, hide or reorder what is printed."""

from __future__ import annotations

import re

from bridge.printable_text import visible

_COLOUR = re.compile(r"(\x1b\[(?:[0-2]|3[0-7]|9[0-7])m)")
"""The colours, bold and dim of click's `style`, and their end. Data may have colours too."""


def for_terminal(text: str) -> str:
    """The text with escapes such as `\\x1b` for characters that a terminal obeys."""
    parts = _COLOUR.split(text)
    return "".join(part if at % 2 else visible(part, lines=True) for at, part in enumerate(parts))
