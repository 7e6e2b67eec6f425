"""Forms on a member's own pages."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from bridge.store.members.profile import Details
from bridge.web.layout.form_fields import (
    first_name_field,
    last_name_field,
    member_email_field,
    region_field,
)
from bridge.web.layout.language import LANGUAGES
from bridge.web.layout.page_form import PageForm


class DetailsForm(PageForm):
    """The details that a member may change."""

    first_name = first_name_field()
    last_name = last_name_field()
    email = member_email_field()
    language = SelectField(
        lazy_gettext("Language"),
    )
    region = region_field()

    def offer_languages(self, current: str) -> None:
        """Set the languages to choose from: those of the pages, and the member's own.

        `current`: as stored. A variant, such as fr-ca, counts as its language.
        """
        own = current.split("-")[0]
        others = {} if own in LANGUAGES or not own else {current: current}
        self.language.choices = [
            SelectChoice(code, name) for code, name in {**LANGUAGES, **others}.items()
        ]
        if not self.is_submitted() and own in LANGUAGES:
            self.language.data = own

    def details(self) -> Details:
        """Everything except the email address."""
        return Details(
            first_name=str(self.first_name.data),
            last_name=str(self.last_name.data),
            language=str(self.language.data),
            region=str(self.region.data or ""),
        )


class EraseForm(PageForm):
    """Asks for confirmation before deleting everything."""

    sure = BooleanField(
        lazy_gettext("Yes, delete all my data"),
        [InputRequired(lazy_gettext("Tick the box to confirm."))],
    )
