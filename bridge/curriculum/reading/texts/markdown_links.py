"""Check the links, images and raw HTML in a Markdown text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bridge.curriculum.markdown import SCHEMES
from bridge.curriculum.problems import Report, instead, quoted
from bridge.curriculum.reading.texts.places import position_of
from bridge.curriculum.reading.web_addresses import (
    check_address,
    is_email_address,
    meant_address,
)
from bridge.curriculum.reading.yaml_nodes import Scalar
from bridge.messages import Message

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MAY_HAVE_LINKS = re.compile(r"[<\]]")


def check_links(text: str, node: Scalar, label: str, report: Report) -> None:
    """Report links that are not http, https or mailto, and HTML that will be shown as typed."""
    if not _MAY_HAVE_LINKS.search(text):
        return
    for token in _tokens(_parser().parse(text)):
        if token.type in {"link_open", "image"}:
            address = str(token.attrGet("href" if token.type == "link_open" else "src") or "")
            _check_address(token.type, address, node, label, report)
        elif token.type in {"html_inline", "html_block"}:
            report.warning(
                position_of(token.content.split("\n")[0], node, report),
                Message(
                    "%(label)s: HTML is not supported; %(html)s is shown as typed.",
                    label=label,
                    html=quoted(token.content),
                ),
                Message("use Markdown, or put it in `backticks`"),
            )


def _check_address(kind: str, address: str, node: Scalar, label: str, report: Report) -> None:
    scheme = address.partition(":")[0].lower() if ":" in address else ""
    position = position_of(address, node, report)
    if scheme in {"http", "https"}:
        wrong, advice = check_address(address)
        if wrong:
            message = Message("%(label)s: %(wrong)s", label=label, wrong=wrong)
            report.error(position, message, advice)
        return
    if scheme in SCHEMES and kind != "image":
        return
    what = Message("the image") if kind == "image" else Message("the link")
    message = Message(
        "%(label)s: %(what)s %(address)s does not begin with https:// or http://.",
        label=label, what=what, address=quoted(address),
    )  # fmt: skip
    report.error(position, message, _advice(kind, address))


def _advice(kind: str, address: str) -> Message:
    if kind != "image" and is_email_address(address):
        return instead(f"mailto:{address}")
    meant = meant_address(address)
    return instead(meant) if meant else Message("write the full address")


def _tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _tokens(token.children or [])


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """A parser that accepts all links and HTML, unlike the one for rendering."""
    from markdown_it import MarkdownIt  # imported late: most texts have no links or HTML

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.validateLink = bool  # type: ignore[assignment, method-assign]
    parser.normalizeLink = str  # type: ignore[assignment, method-assign]
    return parser
