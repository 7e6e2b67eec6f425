"""Markdown as plain text: without marks, with the addresses of links."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from bridge.curriculum.markdown import to_html

BULLET = "•"
_BLOCKS = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"]
)


def to_plain_text(markdown: str) -> str:
    """The text of a Markdown text: paragraphs, lists with bullets, links with their address."""
    writer = _Writer()
    writer.feed(to_html(markdown))
    writer.close()
    lines = "".join(writer.parts).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(map(str.rstrip, lines))).strip()


class _Writer(HTMLParser):
    """Writes the text of what `to_html` returns."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._lists: list[int | None] = []
        self._begins_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS and not self._begins_item:
            self._end_block()
        if tag in ("ul", "ol"):
            self._lists.append(int(given.get("start") or 1) if tag == "ol" else None)
        elif tag == "li":
            self.parts.append(f"\n{'  ' * (len(self._lists) - 1)}{self._bullet()} ")
            self._begins_item = True
        elif tag in ("tr", "br"):
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("  ")
        elif tag == "img":
            self.parts.append(given.get("alt", ""))
        elif tag == "a":
            self._links.append((given.get("href", "").removeprefix("mailto:"), len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            if address != "".join(self.parts[start:]):
                self.parts.append(f" ({address})")
        if tag in _BLOCKS:
            self._end_block()

    def handle_data(self, data: str) -> None:
        if data.strip() or "\n" not in data:  # not only what is between two elements
            begins = not self.parts or self.parts[-1].endswith("\n") or self._begins_item
            self.parts.append(data.lstrip() if begins else data)
            self._begins_item = False

    def _end_block(self) -> None:
        self.parts.append("\n" if self._lists else "\n\n")

    def _bullet(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return BULLET
        self._lists[-1] = number + 1
        return f"{number}."
