"""Forms about a person."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from bridge.store.persons.records import MAX_NAME_LENGTH, PersonRecord
from bridge.web.layout.form_fields import email_field, name_field, tidy_text
from bridge.web.layout.language import LANGUAGES
from bridge.web.layout.page_form import PageForm
from bridge.web.lists.filter_fields import MAX_ID


class PersonForm(PageForm):
    """A person's name, address and language."""

    name = name_field(lazy_gettext("Name"), "off", MAX_NAME_LENGTH)
    email = email_field()
    language = SelectField(
        lazy_gettext("Language"),
        choices=[
            SelectChoice("", lazy_gettext("I don't know")),
            *(SelectChoice(code, name) for code, name in LANGUAGES.items()),
        ],
    )

    def record(self) -> PersonRecord:
        """What was typed. Raises PersonError if it can't be stored."""
        return PersonRecord(
            str(self.name.data), str(self.email.data), str(self.language.data or "")
        )


class MemberForm(PageForm):
    """The member that a person is."""

    member = StringField(
        lazy_gettext("Member number or email"),
        [InputRequired(), Length(max=254)],
        filters=[tidy_text],
        render_kw={"autocomplete": "off"},
    )


class MergeForm(PageForm):
    """Another entry of the same person."""

    other = IntegerField(
        lazy_gettext("ID of the other entry"),
        [InputRequired(), NumberRange(1, MAX_ID)],
        render_kw={"autocomplete": "off"},
    )


class EraseForm(PageForm):
    """Asks for confirmation before a person is erased."""

    sure = BooleanField(
        lazy_gettext("Yes, delete everything about this person"),
        [InputRequired(lazy_gettext("Tick the box to confirm."))],
    )
