"""Warn about marks that a text shows as typed, and about marks that change it by accident."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from itertools import pairwise

from bridge.curriculum.formulas.syntax import without_formulas
from bridge.curriculum.parsed_record import Scalar
from bridge.curriculum.problems import Report, quoted
from bridge.curriculum.reading.odd_characters import begins_with_marker, named
from bridge.curriculum.reading.texts.places import position_of
from bridge.curriculum.value_types import TranslatedText
from bridge.messages import Message
from bridge.printable_text import find_unprintable

_HTML = (
    r"</?(?:a|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|mark|ol|p|pre|s|small"
    r"|span|strong|sub|sup|table|td|th|tr|u|ul)\b[^<>\n]*>"
)
_TAG = re.compile(_HTML, re.IGNORECASE)
_LINK = re.compile(r"!?\[[^\[\]\n]+\]\((?:https?:|mailto:|www\.)[^)\s]*\)")
_IMAGE = re.compile(r"!\[[^\[\]\n]*\] ?\((?!https?:|mailto:|www\.)[^()\n]+\)")
_FORMULA = re.compile(r"\\\((?=\S).{1,200}?\\\)|\$\$[^$\n]{1,200}\$\$")
_CODE = re.compile(r"`[^`\n]+`")
_STARS = re.compile(
    r"(?<![\w*])(?P<mark>\*{1,3})(?=[^\s*])[^*\n]*?(?<=[^\s*])(?P=mark)(?![\w*])"
    r"|(?<!\w)(?P<line>_{1,2})(?=[^\W_])[^_\n]*?(?<=[^\s_])(?P=line)(?!\w)"
)
_HEADING = re.compile(r"^#{1,6} +\S")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_LIST_LINE = re.compile(r"^ *(?:[-*+]|\d+[.)]) +\S", re.MULTILINE)
_ITEM = re.compile(r"[-*+] +[^\W\d_]")
_ITEM_WITHOUT_SPACE = re.compile(r" *(?P<at>-|\d{1,2}[.)])(?=[^\W\d_])")
_INSIDE_WORDS = re.compile(
    r"(?P<before>[^\W_])(?P<mark>\*{1,2})(?=[^\s*])(?P<inner>[^*\n]*?)(?<=[^\s*])(?P=mark)"
)


def check_markup(
    text: str, node: Scalar, shape: TranslatedText, label: str, report: Report
) -> None:
    """Warn about Markdown and HTML that learners would see, or that hides what was typed."""
    if shape.markup == "none":
        _check_plain(text, node, shape, label, report)
        return
    if shape.markup == "inline":
        _check_line(text, node, label, report)
    else:
        _check_list_marks(text, node, label, report)
    _check_stars_in_words(text, node, label, report)
    _check_entities(text, node, label, report)


def _check_plain(
    text: str, node: Scalar, shape: TranslatedText, label: str, report: Report
) -> None:
    for part in _marks(text, shape):
        report.warning(
            position_of(part, node, report),
            Message(
                "%(label)s is plain text: %(part)s will be shown as typed.",
                label=label, part=quoted(part),
            ),
            Message("write the text without these marks"),
        )  # fmt: skip


def _marks(text: str, shape: TranslatedText) -> Iterator[str]:
    """The parts of a plain text that look like Markdown or HTML. A `*` in answers is a wildcard."""
    patterns = [
        _TAG,
        _LINK,
        _IMAGE,
        _FORMULA,
        _CODE,
        _HEADING,
        *(() if shape.has_wildcards else (_STARS,)),
    ]
    for pattern in patterns:
        yield from (found[0] for found in pattern.finditer(text))
    yield from (found[0] for found in _ENTITY.finditer(text) if _is_entity(found[0]))


def _is_entity(part: str) -> bool:
    return part[1] == "#" or part[1:] in html5


def _check_line(text: str, node: Scalar, label: str, report: Report) -> None:
    """Headings and lists need a text of several lines, and these texts have one."""
    heading = _HEADING.match(text)
    items = _LIST_LINE.findall(node.text)
    if heading or _ITEM.match(text) or len(items) > 1:
        report.warning(
            node.position,
            Message(
                "%(label)s is a single line: a heading or list in it will be shown as typed.",
                label=label,
            ),
            Message("write it as one sentence"),
        )


def _check_list_marks(text: str, node: Scalar, label: str, report: Report) -> None:
    for line, following in pairwise(text.split("\n")):
        mark = _odd_mark(line)
        if mark and _odd_mark(following)[-1:] == mark[-1:]:
            report.warning(
                position_of(line.strip(), node, report),
                Message(
                    "%(label)s: `%(at)s` begins no list, so these lines run together.",
                    label=label, at=mark,
                ),
                Message("begin each item with `- `, a hyphen and a space"),
            )  # fmt: skip
            return


def _odd_mark(line: str) -> str:
    """What a line begins with that looks like a list item and is none; '' if nothing."""
    found = _ITEM_WITHOUT_SPACE.match(line)
    return found["at"] if found else begins_with_marker(line)


def _check_stars_in_words(text: str, node: Scalar, label: str, report: Report) -> None:
    bare = without_formulas(_CODE.sub(lambda code: " " * len(code[0]), text))
    for found in _INSIDE_WORDS.finditer(bare):
        part = text[found.start() : found.end()]
        report.warning(
            position_of(part, node, report),
            Message(
                "%(label)s: the stars in %(part)s disappear, and %(inner)s is emphasised.",
                label=label, part=quoted(part), inner=quoted(found["inner"]),
            ),
            Message("write `\\*` for a star, or `×` to multiply"),
        )  # fmt: skip
        return


def _check_entities(text: str, node: Scalar, label: str, report: Report) -> None:
    """Report codes such as `&#8238;`, which become characters that cannot be seen."""
    for found in _ENTITY.finditer(text):
        hidden = find_unprintable(unescape(found[0]))
        if hidden:
            report.error(
                position_of(found[0], node, report),
                Message(
                    "%(label)s: %(part)s is an invisible control character (%(code)s).",
                    label=label, part=quoted(found[0]), code=named(hidden.character),
                ),
                Message("delete it"),
            )  # fmt: skip
