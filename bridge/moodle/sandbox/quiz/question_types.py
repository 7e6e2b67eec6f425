"""Reads the question types from Moodle XML, with the data needed to show and mark them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Literal
from xml.etree import ElementTree

Type = Literal["multichoice", "truefalse", "shortanswer", "numerical", "matching"]
_TYPES: tuple[Type, ...] = ("multichoice", "truefalse", "shortanswer", "numerical", "matching")
_MAX_XML = 1_000_000


class BadQuestion(Exception):
    """The XML is not a question of a supported type; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its fraction of the mark (1.0 is full), and `tolerance` for numbers.

    For matching questions `text` is the left side and `match` the right.
    """

    text: str
    fraction: float = 0.0
    feedback: str = ""
    tolerance: float = 0.0
    match: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a question. `single` is for multichoice, `usecase` for shortanswer."""

    type: Type
    name: str
    text: str
    feedback: str = ""
    single: bool = True
    usecase: bool = False
    shuffle: bool = True
    answers: tuple[Answer, ...] = field(default=())

    def stored(self) -> dict[str, object]:
        """As plain data, for JSON."""
        return asdict(self)


def restore(stored: dict[str, object]) -> Definition:
    """The opposite of `Definition.stored`."""
    answers = stored["answers"]
    assert isinstance(answers, list)  # noqa: S101 - we wrote it
    return Definition(**{**stored, "answers": tuple(Answer(**a) for a in answers)})  # type: ignore[arg-type]


def parse(xml: str) -> tuple[str, Definition]:
    """The idnumber and definition of the only question in a Moodle XML document."""
    if len(xml) > _MAX_XML or re.search(r"<!(DOCTYPE|ENTITY)", xml, re.IGNORECASE):
        raise BadQuestion("The XML contains a document type or entities, or is too long.")
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - document types are refused above
    except ElementTree.ParseError as error:
        raise BadQuestion(f"The XML is not well formed: {error}.") from error
    found = root.findall("question")
    if root.tag != "quiz" or len(found) != 1:
        raise BadQuestion(f"Exactly one question is expected in <quiz>, there are {len(found)}.")
    return _text(found[0], "idnumber"), _definition(found[0])


def _definition(node: ElementTree.Element) -> Definition:
    kind = next((known for known in _TYPES if known == node.get("type")), None)
    if kind is None:
        raise BadQuestion(f"The question type '{node.get('type')}' is not supported.")
    definition = Definition(
        type=kind,
        name=_text(node, "name/text"),
        text=_text(node, "questiontext/text"),
        feedback=_text(node, "generalfeedback/text"),
        single=_flag(node, "single", True),
        usecase=_flag(node, "usecase", False),
        shuffle=_flag(node, "shuffleanswers", True),
        answers=_pairs(node) if kind == "matching" else _answers(node),
    )
    _check(definition)
    return definition


def _answers(node: ElementTree.Element) -> tuple[Answer, ...]:
    return tuple(
        Answer(
            text=_text(answer, "text"),
            fraction=_number(answer.get("fraction", "0")) / 100,
            feedback=_text(answer, "feedback/text"),
            tolerance=_number(_text(answer, "tolerance") or "0"),
        )
        for answer in node.findall("answer")
    )


def _pairs(node: ElementTree.Element) -> tuple[Answer, ...]:
    return tuple(
        Answer(text=_text(pair, "text"), match=_text(pair, "answer/text"), fraction=1.0)
        for pair in node.findall("subquestion")
    )


def _check(definition: Definition) -> None:
    answers = definition.answers
    if not definition.text.strip() or not definition.name.strip():
        raise BadQuestion("The question has no name or no text.")
    if definition.type == "matching":
        if sum(bool(a.text.strip()) for a in answers) < 2 or len({a.match for a in answers}) < 3:
            raise BadQuestion("A matching question needs two questions and three answers.")
    elif not any(answer.fraction > 0 for answer in answers):
        raise BadQuestion("No answer of the question is right.")
    elif definition.type == "numerical":
        for answer in answers:
            if answer.text != "*":
                _number(answer.text)


def _text(node: ElementTree.Element, path: str) -> str:
    return node.findtext(path) or ""


def _flag(node: ElementTree.Element, path: str, default: bool) -> bool:
    value = node.findtext(path)
    return default if value is None else value.strip() in ("1", "true")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadQuestion(f"'{text}' is not a number.") from error
