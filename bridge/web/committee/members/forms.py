"""Forms on a member's page: sign-offs and the role."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp


def _tidy(value: str | None) -> str | None:
    """Remove surrounding spaces and the null bytes that PostgreSQL can't store."""
    return value and value.replace("\0", "").strip()


class SignoffForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    requirement = SelectField(lazy_gettext("Requirement"), [InputRequired()])
    by_name = StringField(
        lazy_gettext("Signed off by"),
        [DataRequired(), Length(max=200)],
        filters=[_tidy],
        render_kw={"autocomplete": "off"},
    )
    note = TextAreaField(
        lazy_gettext("Note"), [Length(max=1000)], filters=[_tidy], render_kw={"rows": 2}
    )


class RoleForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    role = StringField(
        lazy_gettext("Role"),
        [
            Optional(),
            Length(max=40),
            Regexp(
                r"^[\w -]*$", message=lazy_gettext("Use only letters, digits, spaces and hyphens.")
            ),
        ],
        filters=[_tidy],
        render_kw={"autocomplete": "off", "list": "roles"},
    )
    since = DateField(lazy_gettext("Since"), [Optional()])
