"""Warn about Markdown that is typed so that learners see the marks."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bridge.curriculum.parsed_record import Scalar
from bridge.curriculum.problems import Report, quoted
from bridge.curriculum.reading.texts.broken_images import check_broken_images
from bridge.curriculum.reading.texts.places import position_of
from bridge.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

_LINK = re.compile(r"\[[^\[\]\n]+\] ?\((?:https?:|mailto:|www\.)[^\s)]*(?: [^\s)]+\))?\)?")
_BARE = re.compile(r"https?://[^\s<>()\0]*[^\s<>()\0.,;:!?»”\"']", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}(?=[^\W\d_])(?P<word>\w+)", re.MULTILINE)
_STARS = re.compile(r"\*\* +[^*\n]*\*\*|\*\*[^*\n]* \*\*|(?<![^\s(])\*\*\w[^*\n]*$", re.MULTILINE)
_LETTER = re.compile(r"^ *(?P<at>\(?[a-z]\)) +\S", re.IGNORECASE)
_ESCAPED_STAR = "\ufffe"


def without_escaped_stars(text: str) -> str:
    """A text in which a `\\*` is no star. As long as before."""
    return text.replace("\\*", f"{_ESCAPED_STAR} ")


def check_broken_marks(tokens: Iterable[Token], node: Scalar, label: str, report: Report) -> None:
    """Warn about links, headings and stars that the parser has left in the words.

    `tokens`: those of the text `without_escaped_stars`.
    """
    for token in tokens:
        if token.type == "inline":
            words = "".join(_words(token.children or []))
            check_broken_images(words, node, label, report)
            _check_links(words, node, label, report)
            _check_addresses(_LINK.sub("", words), node, label, report)
            _check_headings(words, node, label, report)
            _check_stars(words, node, label, report)
            _check_letters(words, node, label, report)


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    """The words outside links, and `\0` for what else there is."""
    links = 0
    for token in tokens:
        links += token.nesting if token.type in {"link_open", "link_close"} else 0
        if token.type in {"softbreak", "hardbreak"}:
            yield "\n"
        else:
            yield token.content if token.type == "text" and not links else "\0"


def _check_links(words: str, node: Scalar, label: str, report: Report) -> None:
    for found in _LINK.finditer(words):
        report.warning(
            position_of(found[0], node, report),
            Message(
                "%(label)s: %(part)s is no link, and will be shown as typed.",
                label=label, part=quoted(found[0]),
            ),
            Message(
                "write `[words](https://…)`, without spaces between or inside the brackets `(…)`; "
                "a space in an address is `%(code)s`",
                code="%20",
            ),
        )  # fmt: skip


def _check_addresses(words: str, node: Scalar, label: str, report: Report) -> None:
    for found in _BARE.finditer(words):
        report.warning(
            position_of(found[0], node, report),
            Message(
                "%(label)s: the address %(part)s is no link, and will be shown as typed.",
                label=label, part=quoted(found[0]),
            ),
            Message("write `[words](https://…)`, with the words of your text"),
        )  # fmt: skip


def _check_headings(words: str, node: Scalar, label: str, report: Report) -> None:
    for found in _HEADING.finditer(words):
        if found[0][:2] == "##" or found["word"][0].isupper():
            report.warning(
                position_of(found[0], node, report),
                Message("%(label)s: %(part)s is no heading.", label=label, part=quoted(found[0])),
                Message("write a space after the `#`"),
            )


def _check_stars(words: str, node: Scalar, label: str, report: Report) -> None:
    for found in _STARS.finditer(words):
        report.warning(
            position_of(found[0], node, report),
            Message(
                "%(label)s: the stars of %(part)s will be shown as typed.",
                label=label, part=quoted(found[0]),
            ),
            Message("write two stars directly before and after the words, or `\\*` for a star"),
        )  # fmt: skip


def _check_letters(words: str, node: Scalar, label: str, report: Report) -> None:
    for line, following in pairwise(words.split("\n")):
        found = _LETTER.match(line)
        if found and _LETTER.match(following):
            report.warning(
                position_of(line.strip(), node, report),
                Message(
                    "%(label)s: `%(at)s` begins no list, so these lines run together.",
                    label=label, at=found["at"],
                ),
                Message("begin each item with `- `, a hyphen and a space"),
            )  # fmt: skip
            return
