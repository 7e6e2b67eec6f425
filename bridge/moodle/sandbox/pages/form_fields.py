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


def controls(asked: RenderedQuestion) -> list[Control]:
    """The controls of one question, with the response so far."""
    kind = asked.definition.type
    if kind == "multichoice":
        return _choices(asked)
    if kind == "matching":
        return _selects(asked)
    if kind == "truefalse":
        given = asked.response.get("answer")
        offered = (("1", "True"), ("0", "False"))
        return [Control("radio", _name(asked, "answer"), v, t, given == v) for v, t in offered]
    shape = "number" if kind == "numerical" else "text"
    return [Control(shape, _name(asked, "answer"), asked.response.get("answer", ""), "Your answer")]


def _choices(asked: RenderedQuestion) -> list[Control]:
    shown = [asked.definition.answers[index].text for index in order(asked.definition, asked.seed)]
    if asked.definition.single:
        given, name = asked.response.get("answer"), _name(asked, "answer")
        return [Control("radio", name, str(i), t, given == str(i)) for i, t in enumerate(shown)]
    return [
        Control(
            "checkbox",
            _name(asked, f"choice{index}"),
            "1",
            text,
            asked.response.get(f"choice{index}") == "1",
        )
        for index, text in enumerate(shown)
    ]


def _selects(asked: RenderedQuestion) -> list[Control]:
    offered = matches(asked.definition, asked.seed)
    found = []
    for index, side in enumerate(stems(asked.definition, asked.seed)):
        given = asked.response.get(f"sub{index}", "0")
        options = tuple((str(n), text, given == str(n)) for n, text in enumerate(offered, 1))
        name = _name(asked, f"sub{index}")
        found.append(Control("select", name, given, side.text, options=options))
    return found


def _name(asked: RenderedQuestion, field: str) -> str:
    return f"q{asked.slot}_{field}"
