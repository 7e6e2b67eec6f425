"""Values of Moodle XML, for the sandbox."""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element

from bridge.curriculum.question_types.question import SharedValues
from bridge.curriculum.text import Text, plain_text


class BadQuestion(Exception):
    """The XML is not a question of a supported type; the message says why."""


def shared_from_xml(node: Element) -> SharedValues:
    """The values that all question types have. Raises BadQuestion without a name or a text."""
    name, text = value(node, "name/text"), html_text(node, "questiontext/text")
    if not text or not name.strip():
        raise BadQuestion("The question has no name or no text.")
    feedback = html_text(node, "generalfeedback/text")
    return {"key": name, "text": text, "feedback": feedback, "previously": "", "earlier": ()}


def value(node: Element, path: str) -> str:
    """The text of an element, or ''."""
    return node.findtext(path) or ""


def html_text(node: Element, path: str) -> Text:
    """The text of an element, which Moodle shows as HTML."""
    return plain_text(value(node, path))


def share(answer: Element) -> float:
    """The part of the mark that an answer gives, from -1.0 to 1.0."""
    return to_number(answer.get("fraction", "0")) / 100


def to_number(text: str) -> float:
    """The number in `text`. Raises BadQuestion if it is not one."""
    try:
        found = float(text)
    except ValueError as error:
        raise BadQuestion(f"'{text}' is not a number.") from error
    if not math.isfinite(found):
        raise BadQuestion(f"'{text}' is not a number.")
    return found


def require_right_answer(shares: list[float]) -> None:
    """Raise BadQuestion unless one of the answers is right."""
    if not any(each > 0 for each in shares):
        raise BadQuestion("No answer of the question is right.")
