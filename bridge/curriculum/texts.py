"""Reads a text in one or more languages: translations, lengths, links, what YAML cut off."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.curriculum.links import check_links
from bridge.curriculum.markdown import title_text
from bridge.curriculum.model import Language, Text
from bridge.curriculum.problems import Mark, Report, shown
from bridge.curriculum.shapes import LANGUAGE_CODE, Words
from bridge.curriculum.yaml_nodes import Mapping, Node, Scalar, Sequence

DEFAULT_LANGUAGE = "en"
LONGEST_TEXT = 100_000
"""Characters a text may have: a book's chapter, and a second of work for the Markdown parser."""
_CURLY = {"“": "”", "„": "“", "‘": "’", "”": "”"}


@dataclass(frozen=True, slots=True)
class Written:
    """A text with its place."""

    text: Text
    mark: Mark


def read_words(
    node: Node, shape: Words, label: str, languages: tuple[Language, ...], report: Report
) -> Written | None:
    """The text of a node: a scalar, or a mapping of languages. None after an error.

    `languages` are those the curriculum declares, () if that is not known.
    """
    if isinstance(node, Scalar):
        read = _plain(node, shape, label, languages, report)
    elif isinstance(node, Mapping):
        read = _translated(node, shape, label, languages, report)
    else:
        if isinstance(node, Sequence):
            report.error(
                node.mark,
                f"{label} must be a text; here is a list.",
                "if it begins with `[` or `- `, put the text in straight quotes or under `|`",
            )
        return None
    if read and shape.longest:
        _check_length(read, shape.longest, label, report)
    return read


def _plain(
    node: Scalar, shape: Words, label: str, languages: tuple[Language, ...], report: Report
) -> Written | None:
    text = _one_text(node, shape, label, report)
    if len(languages) > 1:
        others = ", ".join(f"`{language}`" for language in languages[1:])
        report.warning(
            node.mark,
            f"{label} is written in one language only; {others} is missing.",
            f"write `{{{languages[0]}: …, {languages[1]}: …}}`",
        )
    language = languages[0] if languages else DEFAULT_LANGUAGE
    return Written(Text(((language, text),)), node.mark) if text else None


def _translated(
    node: Mapping, shape: Words, label: str, languages: tuple[Language, ...], report: Report
) -> Written | None:
    if not _is_translation(node, languages, label, report):
        return None
    found = {}
    for name, value in node.pairs:
        if isinstance(value, Scalar) and (text := _one_text(value, shape, label, report)):
            found[name.text] = text
        elif not isinstance(value, Scalar):
            report.error(value.mark, f"{label} in `{name.text}` must be a text.")
    given = {name.text for name, _ in node.pairs}
    for language in languages:
        if language not in given:
            report.warning(node.mark, f"{label} has no text in `{language}`.")
    order = [language for language in languages or found if language in found]
    translated = Text(tuple((language, found[language]) for language in order))
    return Written(translated, node.mark) if translated else None


def _is_translation(
    node: Mapping, languages: tuple[Language, ...], label: str, report: Report
) -> bool:
    """Whether the keys are languages; a colon inside a text is told apart from a wrong one."""
    if not node.pairs:
        report.error(node.mark, f"{label} must be a text.")
    for name, _ in node.pairs:
        if not LANGUAGE_CODE.fullmatch(name.text):
            report.error(
                name.mark,
                f"{label} must be a text; the colon after {shown(name.text)} cuts it in two.",
                "put the whole text in straight quotes",
            )
            return False
        if languages and name.text not in languages:
            listed = ", ".join(f"`{language}`" for language in languages)
            report.error(
                name.mark,
                f"{label}: {shown(name.text)} is not one of the curriculum's languages ({listed}).",
                "add it to `languages:` in curriculum.yaml",
            )
            return False
    return bool(node.pairs)


def _one_text(node: Scalar, shape: Words, label: str, report: Report) -> str:
    text = node.text.strip("\n").rstrip()
    if shape.markup != "markdown":
        text = " ".join(text.split())
    if not text.strip():
        report.error(node.mark, f"{label} is empty.")
        return ""
    if len(text) > LONGEST_TEXT:
        report.error(node.mark, f"{label} has more than {LONGEST_TEXT:,} characters.", "split it")
        return ""
    if node.cut:
        report.error(
            node.cut,
            f"{label} ends before this `#`, which begins a comment in YAML.",
            "put the whole text in straight quotes; for a comment, write a space after the `#`",
        )
    if node.plain and not shape.speech and _CURLY.get(text[0]) == text[-1]:
        report.warning(
            node.mark,
            f"The curly quotes around {label} are shown to the reader.",
            "leave them out, or use straight quotes if they were meant for YAML",
        )
    if shape.markup != "none":
        check_links(text, node, label, report)
    return text


def _check_length(read: Written, longest: int, label: str, report: Report) -> None:
    length = len(title_text(read.text))
    if length > longest:
        markup = " with the marks for its languages" if len(read.text.languages) > 1 else ""
        report.error(read.mark, f"{label} has {length} characters{markup}; Moodle keeps {longest}.")
