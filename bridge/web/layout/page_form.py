"""The base of every form: no field accepts a character that nobody can see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, Form, TextAreaField
from wtforms.validators import ValidationError

from bridge.printable_text import unprintable_problem
from bridge.web.layout.translation import translated_text


class PageForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A form of a page. Every text field is checked, whatever other validators it has."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether every field is valid. The errors are at the fields."""
        extra = {name: list(given) for name, given in (extra_validators or {}).items()}
        for name in self._fields:
            extra.setdefault(name, []).append(_require_printable)
        return bool(super().validate(extra))


def _require_printable(_form: Form, field: Field) -> None:
    """Raises ValidationError. Only a field for long texts may have line ends and tabs."""
    if not isinstance(field.data, str):
        return
    if problem := unprintable_problem(field.data, lines=isinstance(field, TextAreaField)):
        raise ValidationError(translated_text(problem))
