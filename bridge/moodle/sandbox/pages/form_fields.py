"""The form fields of a quiz: `q<slot>_<name>`, with Moodle's names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Never, assert_never

from bridge.curriculum.question_types.question import FieldKind, FormField
from bridge.moodle.sandbox.quiz.attempts import RenderedQuestion
from bridge.moodle.sandbox.quiz.responses import MoodleResponse


@dataclass(frozen=True, slots=True)
class Control:
    """One control; `label` is HTML."""

    kind: FieldKind
    name: str
    value: str
    label: str
    chosen: bool = False
    options: tuple[tuple[str, str, bool], ...] = ()


def read(form: Mapping[str, str]) -> dict[int, MoodleResponse]:
    """The responses by slot; other fields are ignored."""
    found: dict[int, MoodleResponse] = {}
    for name, value in form.items():
        parts = re.fullmatch(r"q(\d{1,4})_([a-z][a-z_]{0,19}\d{0,3})", name)
        if parts:
            found.setdefault(int(parts[1]), {})[parts[2]] = value[:1000]
    return found


def unknown_kind(kind: str) -> Never:
    """Called by a template that has no branch for this kind of control."""
    raise ValueError(f"No template shows a control of the kind '{kind}'.")


def controls(rendered: RenderedQuestion) -> list[Control]:
    """The controls of one question, with the response so far."""
    return [control for field in rendered.fields for control in _controls(field, rendered)]


def _controls(field: FormField, rendered: RenderedQuestion) -> list[Control]:
    name, given = f"q{rendered.slot}_{field.name}", rendered.response.get(field.name, "")
    options = tuple(
        (o.moodle_value, o.label.pick(), given == o.moodle_value) for o in field.options
    )
    match field.kind:
        case "radio" | "checkbox":
            return [Control(field.kind, name, value, text, on) for value, text, on in options]
        case "select":
            return [Control(field.kind, name, given, field.label.pick(), options=options)]
        case "text" | "number":
            return [Control(field.kind, name, given, "Your answer")]
        case _:
            assert_never(field.kind)
