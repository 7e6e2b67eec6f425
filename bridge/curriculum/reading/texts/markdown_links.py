"""Check the links and raw HTML in a Markdown text, and find its images."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bridge.curriculum.formulas.syntax import add_formulas
from bridge.curriculum.markdown import SCHEMES
from bridge.curriculum.problems import Report, instead, quoted
from bridge.curriculum.reading.texts.broken_marks import (
    check_broken_marks,
    without_escaped_stars,
)
from bridge.curriculum.reading.texts.image_references import check_reference
from bridge.curriculum.reading.texts.places import position_of
from bridge.curriculum.reading.web_addresses import (
    check_address,
    is_email_address,
    meant_address,
)
from bridge.curriculum.reading.yaml_nodes import Scalar
from bridge.curriculum.value_types import TranslatedText
from bridge.messages import Message

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MAY_HAVE_LINKS = re.compile(r"[<\]]")
_MAY_BE_BROKEN = re.compile(r"\]|images/|://|\*\*|^ *#|^ *\(?\w\) ", re.MULTILINE)


def check_links(text: str, node: Scalar, shape: TranslatedText, label: str, report: Report) -> None:
    """Report links that are not http, https or mailto, images that can't be shown, and HTML that
    will be shown as typed."""
    may_have_links, plain = _MAY_HAVE_LINKS.search(text), without_escaped_stars(text)
    parsed = _parser().parse(text) if may_have_links else []
    if _MAY_BE_BROKEN.search(text):
        tokens = parsed if parsed and plain == text else _parser().parse(plain)
        check_broken_marks(tokens, node, label, report)
    for token in _tokens(parsed):
        if token.type == "link_open":
            _check_address(str(token.attrGet("href") or ""), node, label, report)
        elif token.type == "image":
            address = str(token.attrGet("src") or "")
            check_reference(address, token.content, node, shape, label, report)
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


def _check_address(address: str, node: Scalar, label: str, report: Report) -> None:
    scheme = address.partition(":")[0].lower() if ":" in address else ""
    position = position_of(address, node, report)
    if scheme in {"http", "https"}:
        wrong, advice = check_address(address)
        if wrong:
            message = Message("%(label)s: %(wrong)s", label=label, wrong=wrong)
            report.error(position, message, advice)
        return
    if scheme in SCHEMES and "@" in address:
        return
    if scheme in SCHEMES:
        nobody = Message("%(label)s: the link %(address)s has no email address.",
                         label=label, address=quoted(address))  # fmt: skip
        report.error(position, nobody, Message("write the full address"))
        return
    message = Message(
        "%(label)s: the link %(address)s does not begin with https:// or http://.",
        label=label, address=quoted(address),
    )  # fmt: skip
    report.error(position, message, _advice(address))


def _advice(address: str) -> Message:
    if is_email_address(address):
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
    return add_formulas(parser)
