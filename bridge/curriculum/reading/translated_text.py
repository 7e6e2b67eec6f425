"""Read texts in one or more languages, and check their languages, lengths and links."""

from __future__ import annotations

from dataclasses import replace

from bridge.curriculum.markdown import title_text
from bridge.curriculum.parsed_record import TextWithPosition
from bridge.curriculum.problems import Position, Report, instead, quoted
from bridge.curriculum.reading.flow_translations import repair_near, without_braces
from bridge.curriculum.reading.language_names import language_meant
from bridge.curriculum.reading.odd_characters import report_double_marker
from bridge.curriculum.reading.texts.block_texts import check_block
from bridge.curriculum.reading.texts.endings import check_ending
from bridge.curriculum.reading.texts.formula_checks import check_formulas
from bridge.curriculum.reading.texts.image_references import check_total, images_of
from bridge.curriculum.reading.texts.leftovers import check_leftovers
from bridge.curriculum.reading.texts.markdown_links import check_links
from bridge.curriculum.reading.texts.markup import check_markup
from bridge.curriculum.reading.yaml_nodes import Mapping, Node, Scalar, Sequence
from bridge.curriculum.text import Language, Text
from bridge.curriculum.value_types import LANGUAGE_CODE, TranslatedText
from bridge.messages import Message

DEFAULT_LANGUAGE = "en"
MAX_TEXT_LENGTH = 20_000
"""Maximum characters of a text. The Markdown parser needs about a second for this many."""
_CURLY = {"“": "”", "„": "“", "‘": "’", "”": "”"}


def read_translated_text(
    node: Node, shape: TranslatedText, label: str, languages: tuple[Language, ...], report: Report
) -> TextWithPosition | None:
    """Read the text of a node: a scalar, or a mapping of languages. None after an error.

    `languages`: the curriculum's declared languages, () if unknown.
    """
    if isinstance(node, Scalar):
        read = _plain(node, shape, label, languages, report)
    elif isinstance(node, Mapping):
        read = _translated(node, shape, label, languages, report)
    else:
        if isinstance(node, Sequence) and not (
            report_double_marker(node.position, report) or _reports_repair(node, languages, report)
        ):
            report.error(
                node.position,
                Message("%(label)s must be a text, not a list.", label=label),
                Message(
                    "if the text begins with `[` or `- `, put it in straight quotes or under `|`"
                ),
            )
        return None
    if read:
        check_leftovers(node, label, report)
    if read and shape.max_length:
        _check_length(read, shape.max_length, label, report)
    return _with_images(read, label, report) if read and shape.images else read


def _with_images(read: TextWithPosition, label: str, report: Report) -> TextWithPosition:
    images = images_of(read.text, report.images)
    if not images:
        return read
    text = replace(read.text, images=images)
    check_total(text, read.position, label, report)
    return replace(read, text=text)


def _plain(
    node: Scalar, shape: TranslatedText, label: str, languages: tuple[Language, ...], report: Report
) -> TextWithPosition | None:
    text = _one_text(node, shape, label, languages, report)
    if len(languages) > 1:
        others = ", ".join(f"`{language}`" for language in languages[1:])
        report.warning(
            node.position,
            Message(
                "%(label)s is written in one language only; %(others)s is missing.",
                label=label,
                others=others,
            ),
            instead(f'{{{languages[0]}: "…", {languages[1]}: "…"}}'),
        )
    language = languages[0] if languages else DEFAULT_LANGUAGE
    return TextWithPosition(Text(((language, text),)), node.position) if text else None


def _translated(
    node: Mapping,
    shape: TranslatedText,
    label: str,
    languages: tuple[Language, ...],
    report: Report,
) -> TextWithPosition | None:
    if not _is_translation(node, languages, label, report):
        return None
    found = {}
    for name, value in node.pairs:
        if isinstance(value, Scalar) and (
            text := _one_text(value, shape, label, languages, report)
        ):
            found[name.text] = text
        elif not isinstance(value, Scalar):
            wrong = Message(
                "%(label)s in `%(language)s` must be a text.", label=label, language=name.text
            )
            report.error(value.position, wrong)
    given = {name.text for name, _ in node.pairs}
    for language in languages:
        if language not in given:
            missing = Message(
                "%(label)s has no text in `%(language)s`.", label=label, language=language
            )
            report.warning(node.position, missing)
    order = [language for language in languages or found if language in found]
    translated = Text(tuple((language, found[language]) for language in order))
    return TextWithPosition(translated, node.position) if translated else None


def _is_translation(
    node: Mapping, languages: tuple[Language, ...], label: str, report: Report
) -> bool:
    """Whether the keys are languages. If not, reports a colon in the text or a wrong language."""
    if not node.pairs:
        report.error(node.position, Message("%(label)s must be a text.", label=label))
    is_unclear = any(
        not LANGUAGE_CODE.fullmatch(name.text)
        or (name.text not in languages and _is_empty(value))
        or _meant(name, node, languages)
        for name, value in node.pairs
    )
    if is_unclear and _reports_repair(node, languages, report):
        return False
    for name, _ in node.pairs:
        if meant := _meant(name, node, languages):
            wrong = Message(
                "%(label)s: %(name)s is not a language code.", label=label, name=quoted(name.text)
            )
            report.error(name.position, wrong, instead(meant))
            return False
        if not LANGUAGE_CODE.fullmatch(name.text) and _is_in_braces(node, report):
            wrong = Message(
                "%(label)s: %(name)s is not a language code.", label=label, name=quoted(name.text)
            )
            report.error(name.position, wrong, Message("write a code such as `en`"))
            return False
        if not LANGUAGE_CODE.fullmatch(name.text):
            report.error(
                name.position,
                Message(
                    "%(label)s must be a text; the colon after %(name)s cuts it in two.",
                    label=label,
                    name=quoted(name.text),
                ),
                Message("put the whole text in straight quotes"),
            )
            return False
    return _has_declared_language(node, languages, label, report)


def _is_in_braces(node: Mapping, report: Report) -> bool:
    line = report.line(node.position.file, node.position.line)
    return line[node.position.column - 1 :].startswith("{")


def _meant(name: Scalar, node: Mapping, languages: tuple[Language, ...]) -> Language:
    """The language that a wrong one is meant for; '' if the text has that one already."""
    meant = language_meant(name.text, languages)
    return "" if any(other.text == meant for other, _ in node.pairs) else meant


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and not node.text


def _reports_repair(
    node: Mapping | Sequence, languages: tuple[Language, ...], report: Report
) -> bool:
    """Whether this is a `{en: …, fr: …}` with a mistake, which it reports."""
    position = node.position
    repair = repair_near(report.lines(position.file), position.line - 1, languages)
    if repair is None or repair.line != position.line - 1:
        return False
    place = Position(position.file, repair.line + 1, repair.column + 1)
    report.error(place, repair.reason, repair.suggestion)
    return True


def _has_declared_language(
    node: Mapping, languages: tuple[Language, ...], label: str, report: Report
) -> bool:
    """Whether the text has a declared language. Other languages are ignored, with a warning."""
    others = [name for name, _ in node.pairs if languages and name.text not in languages]
    if len(others) < len(node.pairs):
        for name in others:
            report.warning_once(
                name.position,
                Message(
                    "Texts in `%(language)s` are ignored: it is not one of the "
                    "curriculum's languages.",
                    language=name.text,
                ),
                Message("add it to `languages:` in curriculum.yaml"),
            )
        return True
    for name in others:
        report.error(
            name.position,
            Message(
                "%(label)s: %(name)s is not one of the curriculum's languages (%(listed)s).",
                label=label,
                name=quoted(name.text),
                listed=", ".join(f"`{language}`" for language in languages),
            ),
            Message("add it to `languages:` in curriculum.yaml"),
        )
    return False


def _one_text(
    node: Scalar,
    shape: TranslatedText,
    label: str,
    languages: tuple[Language, ...],
    report: Report,
) -> str:
    text = node.text.strip("\n").rstrip()
    if shape.markup != "markdown":
        text = " ".join(text.split())
    if not text.strip():
        report.error(node.position, Message("%(label)s is empty.", label=label))
        return ""
    if len(text) > MAX_TEXT_LENGTH:
        long = Message(
            "%(label)s is longer than %(limit)s characters.", label=label, limit=MAX_TEXT_LENGTH
        )
        report.error(node.position, long, Message("split it"))
        return ""
    check_ending(node, label, report)
    if shape.markup == "markdown":
        check_block(node, label, languages, report)
    if node.plain and not shape.may_be_quoted and _CURLY.get(text[0]) == text[-1]:
        report.warning(
            node.position,
            Message("The curly quotes around %(label)s will be shown to readers.", label=label),
            Message("remove them, or use straight quotes if you meant them for YAML"),
        )
    if better := without_braces(text, languages):
        message = Message("Readers would see the braces of %(label)s.", label=label)
        report.error(node.position, message, instead(better))
    check_markup(text, node, shape, label, report)
    if shape.markup != "none":
        check_formulas(text, node, label, report)
        check_links(text, node, shape, label, report)
    return text


def _check_length(read: TextWithPosition, max_length: int, label: str, report: Report) -> None:
    length = len(title_text(read.text))
    if length > max_length:
        report.error(read.position, _too_long(label, length, max_length, read.text))


def _too_long(label: str, length: int, max_length: int, text: Text) -> Message:
    if len(text.languages) > 1:
        return Message(
            "%(label)s has %(count)s characters, including the tags for its "
"languages; Moodle keeps only %(limit)s.",
            label=label, count=length, limit=max_length,
        )  # fmt: skip
    return Message(
        "%(label)s has %(count)s characters; Moodle keeps only %(limit)s.",
        label=label, count=length, limit=max_length,
    )  # fmt: skip
