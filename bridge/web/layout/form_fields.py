"""Fields that public forms share. They trim, limit and check what people type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, Field, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from bridge.config import Region
from bridge.member_records import EMAIL

ADDRESS = re.compile(
    r"://|www\.|[<>@/\\]|[^\W_]{2,}\.[^\W\d_]{2,}|\b[^\W_]\.[a-z]{2,3}\b", re.DOTALL
)
"""What makes a web or email address: `example.com` and `x.com`, but not `J.R. Smith`."""
DOTS = str.maketrans({"\u3002": ".", "\uff61": "."})
"""Full stops that programs read as the dot of a domain; NFKC changes the others."""


def tidy_text(value: str | None) -> str:
    """Trim spaces. Line ends inside stay, so that validation can refuse them."""
    return (value or "").strip()


def name_field(label: str, autocomplete: str, max_length: int = 100) -> StringField:
    """A field for a first, last or full name."""
    return StringField(
        label,
        [
            InputRequired(lazy_gettext("Fill in this field.")),
            Length(max=max_length, message=lazy_gettext("This is too long.")),
            require_no_address,
        ],
        filters=[tidy_text],
        render_kw={"autocomplete": autocomplete, "maxlength": max_length},
    )


def require_no_address(_form: Form, field: Field) -> None:
    """Raises ValidationError if a name contains an address: our emails to strangers repeat it."""
    text = unicodedata.normalize("NFKC", field.data or "").translate(DOTS)
    if ADDRESS.search(text):
        raise ValidationError(gettext("Enter a name without a web or email address."))


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
