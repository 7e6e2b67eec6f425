"""The form fields of a quiz: `q<slot>_<name>`, with the names of `marking`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.moodle.sandbox.quiz.attempts import RenderedQuestion
from bridge.moodle.sandbox.quiz.marking import Response, matches, order, stems


@dataclass(frozen=True, slots=True)
class Control:
    """One control: `kind` radio, checkbox, text, number or select; `label` is HTML."""

    kind: str
    name: str
    value: str
    label: str
    chosen: bool = False
    options: tuple[tuple[str, str, bool], ...] = ()


def read(form: Mapping[str, str]) -> dict[int, Response]:
    """The responses by slot; other fields are ignored."""
    found: dict[int, Response] = {}
    for name, value in form.items():
        parts = re.fullmatch(r"q(\d{1,4})_(answer|choice\d{1,3}|sub\d{1,3})", name)
        if parts:
            found.setdefault(int(parts[1]), {})[parts[2]] = value[:1000]
    return found


def controls(question: RenderedQuestion) -> list[Control]:
    """The controls of one question, with the response so far."""
    kind = question.definition.type
    if kind == "multichoice":
        return _choices(question)
    if kind == "matching":
        return _selects(question)
    if kind == "truefalse":
        given = question.response.get("answer")
        offered = (("1", "True"), ("0", "False"))
        return [Control("radio", _name(question, "answer"), v, t, given == v) for v, t in offered]
    shape = "number" if kind == "numerical" else "text"
    return [
        Control(
            shape, _name(question, "answer"), question.response.get("answer", ""), "Your answer"
        )
    ]


def _choices(question: RenderedQuestion) -> list[Control]:
    shown = [
        question.definition.answers[index].text
        for index in order(question.definition, question.seed)
    ]
    if question.definition.single:
        given, name = question.response.get("answer"), _name(question, "answer")
        return [Control("radio", name, str(i), t, given == str(i)) for i, t in enumerate(shown)]
    return [
        Control(
            "checkbox",
            _name(question, f"choice{index}"),
            "1",
            text,
            question.response.get(f"choice{index}") == "1",
        )
        for index, text in enumerate(shown)
    ]


def _selects(question: RenderedQuestion) -> list[Control]:
    offered = matches(question.definition, question.seed)
    found = []
    for index, side in enumerate(stems(question.definition, question.seed)):
        given = question.response.get(f"sub{index}", "0")
        options = tuple((str(n), text, given == str(n)) for n, text in enumerate(offered, 1))
        name = _name(question, f"sub{index}")
        found.append(Control("select", name, given, side.text, options=options))
    return found


def _name(question: RenderedQuestion, field: str) -> str:
    return f"q{question.slot}_{field}"
