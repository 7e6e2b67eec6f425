"""Convert between the fields of Moodle's form and the response that a question marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from bridge.curriculum.question_types.question import FormField, Response

MoodleResponse = dict[str, str]
"""Form field names to texts, with Moodle's names: `answer`; `choice0`…; `sub0`…"""


def from_moodle(fields: Sequence[FormField], given: MoodleResponse) -> Response:
    """The response in the fields of a form. Unknown fields and values are left out."""
    return [value for field in fields for value in _values(field, given.get(field.name, ""))]


def _values(field: FormField, given: str) -> Iterator[str]:
    chosen = [option.value for option in field.options if option.moodle_value == given]
    match field.kind:
        case "radio" | "checkbox":
            yield from chosen
        case "select":
            yield chosen[0] if chosen else ""
        case "text" | "number":
            yield given
        case _:
            assert_never(field.kind)


def to_moodle(fields: Sequence[FormField], response: Response) -> MoodleResponse:
    """The form fields of a response."""
    return {
        field.name: value
        for place, field in enumerate(fields)
        if (value := _moodle_value(field, place, response)) is not None
    }


def _moodle_value(field: FormField, place: int, response: Response) -> str | None:
    match field.kind:
        case "radio" | "checkbox":
            chosen = [option for option in field.options if option.value in response]
            return chosen[0].moodle_value if chosen else None
        case "select":
            return next(o.moodle_value for o in field.options if o.value == response[place])
        case "text" | "number":
            return response[place]
        case _:
            assert_never(field.kind)
