"""Find texts that their author meant to replace, such as `TODO`, `[…]` or `lorem ipsum`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridge.curriculum.problems import Position, Report, quoted
from bridge.curriculum.reading.starter_texts import TO_REPLACE
from bridge.curriculum.reading.yaml_nodes import Mapping, Node, Scalar
from bridge.curriculum.text import Language
from bridge.messages import Message

_TO_DO = (
    r"to be (?:written|added|completed|filled in|translated)"
    r"|à (?:rédiger|écrire|ajouter|compléter|remplir|traduire)"
)
_MARKS = re.compile(r"\b(?:TODO(?![ -]?list)|FIXME|TBD|XXX+|xxx+)\b|\b[Ll]orem ipsum\b")
_IN_BRACKETS = re.compile(
    r"\[(?:…|\.\.\.|(?:insert|enter|your|name of|insérer|inscrire|votre|vos|nom d)\b[^]\n]{0,60})]"
    rf"(?![(\[:])|[\[(](?:{_TO_DO})[\])]",
    re.IGNORECASE,
)
_WHOLE_LINE = re.compile(
    rf"^[ \t#*_>-]*(?P<part>(?:{_TO_DO}|placeholder(?: text)?|(?:your|insert) text here"
    r"|votre texte ici|texte provisoire))[ \t.…!*_]*$",
    re.IGNORECASE | re.MULTILINE,
)
_WHOLE_TEXT = re.compile(r"(?:…|\.{3}|\?{3,}|coming soon|à venir)[.…!]*", re.IGNORECASE)
_TODO_IS_A_WORD = ("es", "gl", "pt")
"""Languages in which `TODO` is a word in capital letters."""


def check_leftovers(node: Node, label: str, report: Report) -> None:
    """Warn about each leftover in a text, which is a scalar or a mapping of languages."""
    parts = node.pairs if isinstance(node, Mapping) else ()
    if isinstance(node, Scalar):
        _check(node, "", label, report)
    for name, value in parts:
        if isinstance(value, Scalar):
            _check(value, name.text, label, report)


def leftovers(text: str, language: Language = "") -> tuple[str, ...]:
    """The parts of a text (Markdown) that look unfinished, in order.

    Code is exempt; so are brackets in a quotation, where `[…]` marks an omission.
    """
    whole = text.strip()
    if whole in TO_REPLACE or _WHOLE_TEXT.fullmatch(whole):
        return (whole,)
    found = [
        *((each.start(), each[0]) for each in _MARKS.finditer(text)),
        *((each.start("part"), each["part"]) for each in _WHOLE_LINE.finditer(text)),
        *(
            (each.start(), each[0])
            for each in _IN_BRACKETS.finditer(text)
            if not _is_quoted(text, each.start())
        ),
    ]
    words = {"TODO"} if language[:2] in _TODO_IS_A_WORD else set()
    return tuple(part for at, part in sorted(found) if part not in words and not _is_code(text, at))


def _check(node: Scalar, language: Language, label: str, report: Report) -> None:
    found = leftovers(node.text, language)
    places = {part: _places(part, node, report) for part in dict.fromkeys(found)}
    for part in found:
        report.warning(
            next(places[part], node.position),
            Message("%(label)s is unfinished: %(part)s.", label=label, part=quoted(part)),
            Message("replace it with your own text"),
        )


def _places(part: str, node: Scalar, report: Report) -> Iterator[Position]:
    """Where `part` is in the source of a text, in order."""
    lines = report.lines(node.position.file)[node.position.line - 1 : node.last_line]
    for number, line in enumerate(lines):
        for found in re.finditer(re.escape(part), line):
            yield Position(node.position.file, node.position.line + number, found.start() + 1)


def _is_code(text: str, at: int) -> bool:
    return text.count("`", text.rfind("\n", 0, at) + 1, at) % 2 == 1


def _is_quoted(text: str, at: int) -> bool:
    """Whether a place is in a block quote or between quotation marks."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    paragraph = text[max(0, text.rfind("\n\n", 0, at)) : at]
    opened = any(paragraph.count(a) > paragraph.count(b) for a, b in ("“”", "«»"))
    return opened or line.lstrip().startswith(">") or paragraph.count('"') % 2 == 1
