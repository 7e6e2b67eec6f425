"""Typographic rules that are applied when a text is shown, so that nobody has to type them."""

from __future__ import annotations

import re

NARROW_SPACE = "\u202f"
"""Narrow no-break space: before ; ? !"""
WIDE_SPACE = "\u00a0"
"""No-break space: before a colon and inside « »."""

UNCHANGED = re.compile(
    r"(`[^`]*`"  # code in Markdown
    r"|<(?:code|pre|kbd|samp|script|style)\b.*?</(?:code|pre|kbd|samp|script|style)>"
    r"|<[^<>]*>"  # tags, with their attributes
    r"|https?://\S+)",
    re.DOTALL | re.IGNORECASE,
)
SPACE = "[ \u00a0\u202f]"
END = r"(?=$|[\s)\]»”\"'<>*_.,;:?!…])"
"""A mark ends a phrase here. Elsewhere it's something else, such as a key or an option."""
RULES = (
    (re.compile(f"«{SPACE}*"), f"«{WIDE_SPACE}"),
    (re.compile(f"{SPACE}*»"), f"{WIDE_SPACE}»"),
    (re.compile(f"{SPACE}([;?!]+){END}"), rf"{NARROW_SPACE}\1"),
    (re.compile(f"{SPACE}:{END}"), f"{WIDE_SPACE}:"),
)


def french_spacing(text: str) -> str:
    """A French text with the no-break spaces that French wants around its marks.

    Spaces before `: ; ? ! »` and after `«` become no-break spaces. A mark without a space before
    it stays as it is, as in 12:30, an HTML entity or an address; only « and » get a missing space.
    Code, tags and URLs are left alone. `text` is plain text, Markdown or HTML. Calling it twice
    changes nothing.
    """
    parts = UNCHANGED.split(text)
    return "".join(part if at % 2 else _spaced(part) for at, part in enumerate(parts))


def _spaced(text: str) -> str:
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text
