"""The HTML form of one question, for the attempt data of the web service."""

from __future__ import annotations

from html import escape
from typing import assert_never

from bridge.curriculum.question_types.question import FormField
from bridge.moodle.sandbox.quiz.attempts import RenderedQuestion
from bridge.moodle.sandbox.quiz.responses import MoodleResponse


def html(rendered: RenderedQuestion, prefix: str) -> str:
    """The question text and its fields, with Moodle's names and labels."""
    fields = "".join(_field(field, prefix, rendered.response) for field in rendered.fields)
    question = rendered.question
    return (
        f'<div class="que {question.moodle_type}">'
        f'<input type="hidden" name="{prefix}:sequencecheck" value="1">'
        f'<div class="qtext">{question.text.pick()}</div>{fields}</div>'
    )


def _field(field: FormField, prefix: str, response: MoodleResponse) -> str:
    match field.kind:
        case "radio" | "checkbox":
            return _choices(field, prefix)
        case "select":
            return _select(field, prefix)
        case "text" | "number":
            value = escape(response.get(field.name, ""))
            return f'<input type="text" name="{prefix}{field.name}" value="{value}">'
        case _:
            assert_never(field.kind)


def _choices(field: FormField, prefix: str) -> str:
    parts = []
    for option in field.options:
        name = prefix + field.name
        label = f"{name}{option.moodle_value}_label"
        parts.append(
            f'<input type="{field.kind}" name="{name}" value="{option.moodle_value}"'
            f' aria-labelledby="{label}"><div id="{label}">{option.label.pick()}</div>'
        )
    return "".join(parts)


def _select(field: FormField, prefix: str) -> str:
    options = '<option value="0">Choose...</option>' + "".join(
        f'<option value="{option.moodle_value}">{escape(option.label.pick())}</option>'
        for option in field.options
    )
    return (
        f'<tr><td class="text">{field.label.pick()}</td>'
        f'<td><select name="{prefix}{field.name}">{options}</select></td></tr>'
    )
