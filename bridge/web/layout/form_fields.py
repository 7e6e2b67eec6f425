"""Fields that the public forms share: what strangers write is tidied, bounded and looked at."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, Field, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from bridge.config import Region
from bridge.member_records import EMAIL, UNPRINTABLE

ADDRESS_IN_IT = r"^(?!.*(://|www\.|[<>@\\])).*$"
"""Names that carry an address would be sent on in our mails."""


def tidy_text(value: str | None) -> str:
    """Without blanks around it. Line ends within stay, to be refused."""
    return (value or "").strip()


def require_printable(_form: Form, field: Field) -> None:
    """Raises ValidationError if the text has a character that is not shown, such as a line end."""
    if UNPRINTABLE.search(field.data or ""):
        raise ValidationError(gettext("Use a single line of text."))


def name_field(label: str, autocomplete: str, longest: int = 100) -> StringField:
    """Part of a person's name."""
    return StringField(
        label,
        [
            InputRequired(lazy_gettext("Fill in this field.")),
            Length(max=longest, message=lazy_gettext("This is too long.")),
            require_printable,
            Regexp(
                ADDRESS_IN_IT, message=lazy_gettext("Enter a name without a web or email address.")
            ),
        ],
        filters=[tidy_text],
        render_kw={"autocomplete": autocomplete, "maxlength": longest},
    )


def email_field() -> EmailField:
    """An e-mail address that can be written to."""
    return EmailField(
        lazy_gettext("Email"),
        [
            InputRequired(lazy_gettext("Enter an email address.")),
            Length(max=254, message=lazy_gettext("This is too long.")),
            is_address,
        ],
        filters=[tidy_text],
        render_kw={"autocomplete": "email", "maxlength": 254},
    )


def is_address(_form: Form, field: Field) -> None:
    """Raises ValidationError unless the text is an e-mail address such as name@example.org."""
    if not EMAIL.fullmatch(field.data or ""):
        raise ValidationError(gettext("Enter an email address, such as name@example.org."))


def region_choices(regions: Mapping[str, Region]) -> list[SelectChoice]:
    """What a visitor may choose from: no region first."""
    named = (SelectChoice(key, each.name) for key, each in regions.items())
    return [SelectChoice("", gettext("I don't know")), *named]


def region_field() -> SelectField:
    """The choices are set by the page: they come from the configuration."""
    return SelectField(lazy_gettext("Region"), choices=[])
