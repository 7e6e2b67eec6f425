"""Fields that public forms share. They trim, limit and check what people type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import ClassVar

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, Field, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from bridge.config import Region
from bridge.membership.emails import (
    EMAIL,
    MAX_EMAIL_LENGTH,
    MAX_MOODLE_EMAIL_LENGTH,
    is_member_email,
)
from bridge.membership.names import has_tags
from bridge.membership.numbers import number_problem

ADDRESS = re.compile(
    r"://|www\.|[<>@/\\]|(?<![^\W_])[^\W_]{2,}\.[^\W\d_]{2,}|\b[^\W_]\.[a-z]{2,3}\b", re.DOTALL
)
"""What makes a web or email address: `example.com` and `x.com`, but not `J.R. Smith`.

A domain starts where a word starts, so that a long word is looked through once.
"""
DOTS = str.maketrans({"\u3002": ".", "\uff61": "."})
"""Full stops that programs read as the dot of a domain; NFKC changes the others."""


def tidy_text(value: str | None) -> str:
    """Trim spaces. Line ends inside stay, so that validation can refuse them."""
    return (value or "").strip()


class OneName:
    """Validator of a first name: it or the last name must be filled in.

    It is marked as required, so that only people without one leave it empty.
    """

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Raises ValidationError."""
        if not field.data and not form["last_name"].data:
            raise ValidationError(gettext("Enter your name."))


def name_field(
    label: str, autocomplete: str, max_length: int = 100, *, required: bool = True
) -> StringField:
    """A field for a first, last or full name."""
    filled = [InputRequired(lazy_gettext("Fill in this field."))] if required else []
    return _name_field(label, autocomplete, max_length, *filled)


def first_name_field() -> StringField:
    """The first name of a member, or their only name. The form also has a `last_name`."""
    return _name_field(lazy_gettext("First name"), "given-name", 100, OneName())


def last_name_field() -> StringField:
    """The last name of a member; empty for a person with a single name."""
    return name_field(lazy_gettext("Last name"), "family-name", required=False)


def _name_field(
    label: str, autocomplete: str, max_length: int, *validators: Callable[[Form, Field], None]
) -> StringField:
    return StringField(
        label,
        [
            *validators,
            Length(max=max_length, message=lazy_gettext("This is too long.")),
            require_no_address,
        ],
        filters=[tidy_text],
        render_kw={"autocomplete": autocomplete, "maxlength": max_length},
    )


def require_no_address(_form: Form, field: Field) -> None:
    """Raises ValidationError if a name contains an address: our emails to strangers repeat it."""
    if has_tags(field.data or ""):
        raise ValidationError(gettext("Enter a name without < and >."))
    text = unicodedata.normalize("NFKC", field.data or "").translate(DOTS)
    if ADDRESS.search(text):
        raise ValidationError(gettext("Enter a name without a web or email address."))


def email_field() -> EmailField:
    """A required field for an email address."""
    too_long = lazy_gettext("This is too long.")
    return _email_field(MAX_EMAIL_LENGTH, too_long, require_email)


def member_email_field() -> EmailField:
    """A required field for a member's email address, which a Moodle account must accept too."""
    too_long = lazy_gettext("Enter an address of at most 100 characters: Moodle accepts no more.")
    return _email_field(MAX_MOODLE_EMAIL_LENGTH, too_long, require_email, require_member_email)


def _email_field(
    max_length: int, too_long: str, *validators: Callable[[Form, Field], None]
) -> EmailField:
    return EmailField(
        lazy_gettext("Email"),
        [
            InputRequired(lazy_gettext("Enter an email address.")),
            Length(max=max_length, message=too_long),
            *validators,
        ],
        filters=[tidy_text],
        render_kw={"autocomplete": "email", "maxlength": max_length},
    )


def require_email(_form: Form, field: Field) -> None:
    """Raises ValidationError if the text isn't an email address such as name@example.org."""
    if not EMAIL.fullmatch(field.data or ""):
        raise ValidationError(gettext("Enter an email address, such as name@example.org."))


def require_member_email(_form: Form, field: Field) -> None:
    """Raises ValidationError if Moodle would not accept the address."""
    if not is_member_email(field.data or ""):
        raise ValidationError(gettext("Moodle doesn't accept this address. Enter another one."))


def require_number(_form: Form, field: Field) -> None:
    """Raises ValidationError if a spreadsheet has damaged the member number, or if it is none."""
    if field.data and number_problem(field.data):
        raise ValidationError(gettext("Enter your member number as your union writes it."))


def region_choices(regions: Mapping[str, Region]) -> list[SelectChoice]:
    """The choices of the region field: no region, then each region."""
    named = (SelectChoice(key, each.name) for key, each in regions.items())
    return [SelectChoice("", gettext("I don't know")), *named]


def region_field() -> SelectField:
    """A region field. The page sets its choices, because they come from the configuration."""
    return SelectField(lazy_gettext("Region"), choices=[])
