"""The forms for saving a filter, and for changing it and its emails."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from bridge.store.saved_filters.filters import Every
from bridge.web.committee.saved.words import weekday_name
from bridge.web.layout.form_fields import tidy_text
from bridge.web.layout.page_form import PageForm
from bridge.workflows.saved_reports.changes import MAX_NAME_LENGTH, Settings
from bridge.workflows.saved_reports.schedule import LAST_DAY


class SaveForm(PageForm):
    """The name of a filter to save."""

    name = StringField(
        lazy_gettext("Name of the filter"),
        [
            InputRequired(lazy_gettext("Enter a name.")),
            Length(max=MAX_NAME_LENGTH, message=lazy_gettext("This is too long.")),
        ],
        filters=[tidy_text],
        render_kw={"autocomplete": "off", "maxlength": MAX_NAME_LENGTH},
    )
    shared = BooleanField(lazy_gettext("Share it with the committee"))


class FilterForm(SaveForm):
    """What can be changed of a filter that is no report."""

    version = HiddenField()

    @property
    def stored_version(self) -> int:
        """The version that the visitor saw; 0 if the form has none."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    @property
    def settings(self) -> Settings:
        return Settings(str(self.name.data), bool(self.shared.data))


class ReportForm(FilterForm):
    """The same, with when it is emailed and to whom."""

    every = RadioField(
        lazy_gettext("Email the report"),
        choices=[
            SelectChoice("", lazy_gettext("No")),
            SelectChoice("weekly", lazy_gettext("Every week")),
            SelectChoice("monthly", lazy_gettext("Every month")),
        ],
        default="",
    )
    weekday = SelectField(lazy_gettext("Day of the week"), [InputRequired()], coerce=int)
    month_day = SelectField(lazy_gettext("Day of the month"), [InputRequired()], coerce=int)
    recipients = SelectMultipleField(
        lazy_gettext("Who gets it"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, people: Sequence[tuple[str, str]]) -> None:
        """Set the choices. `people`: addresses with what the page calls them."""
        self.weekday.choices = [SelectChoice(each, weekday_name(each)) for each in range(1, 8)]
        self.month_day.choices = [SelectChoice(day, str(day)) for day in range(1, LAST_DAY + 1)]
        self.recipients.choices = [SelectChoice(*each) for each in people]

    @property
    def settings(self) -> Settings:
        every: Every = self.every.data or ""
        day = self.month_day.data if every == "monthly" else self.weekday.data
        people = tuple(self.recipients.data or ())
        return Settings(str(self.name.data), bool(self.shared.data), every, int(day or 1), people)
