"""Fields that public forms share. They trim, limit and check what people type."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, Field, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from bridge.config import Region
from bridge.member_records import EMAIL
from bridge.membership.values import DIRECTION_MARKS, UNPRINTABLE

NO_ADDRESS = r"^(?!.*(://|www\.|[<>@\\])).*$"
"""Names must not contain web or email addresses, because our emails repeat them."""


def tidy_text(value: str | None) -> str:
    """Trim spaces. Line ends inside stay, so that validation can refuse them."""
    return (value or "").strip()


def require_printable(_form: Form, field: Field) -> None:
    """Raises ValidationError if the text has an invisible character, such as a line end."""
    text = field.data or ""
    if UNPRINTABLE.search(text) or not DIRECTION_MARKS.isdisjoint(text):
        raise ValidationError(gettext("Use a single line of text."))


def name_field(label: str, autocomplete: str, max_length: int = 100) -> StringField:
    """A field for a first, last or full name."""
    return StringField(
        label,
        [
            InputRequired(lazy_gettext("Fill in this field.")),
            Length(max=max_length, message=lazy_gettext("This is too long.")),
            require_printable,
            Regexp(
                NO_ADDRESS, message=lazy_gettext("Enter a name without a web or email address.")
            ),
        ],
        filters=[tidy_text],
        render_kw={"autocomplete": autocomplete, "maxlength": max_length},
    )


def email_field() -> EmailField:
    """A required field for an email address."""
    return EmailField(
        lazy_gettext("Email"),
        [
            InputRequired(lazy_gettext("Enter an email address.")),
            Length(max=254, message=lazy_gettext("This is too long.")),
            require_email,
        ],
        filters=[tidy_text],
        render_kw={"autocomplete": "email", "maxlength": 254},
    )


def require_email(_form: Form, field: Field) -> None:
    """Raises ValidationError if the text isn't an email address such as name@example.org."""
    if not EMAIL.fullmatch(field.data or ""):
        raise ValidationError(gettext("Enter an email address, such as name@example.org."))


def region_choices(regions: Mapping[str, Region]) -> list[SelectChoice]:
    """The choices of the region field: no region, then each region."""
    named = (SelectChoice(key, each.name) for key, each in regions.items())
    return [SelectChoice("", gettext("I don't know")), *named]


def region_field() -> SelectField:
    """A region field. The page sets its choices, because they come from the configuration."""
    return SelectField(lazy_gettext("Region"), choices=[])
