"""The form for signing off many people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import DateField, Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from bridge.store.learning.signoff_batches import SignoffDetails
from bridge.web.committee.people_lists.forms import PeopleListForm
from bridge.web.common.services import current_services
from bridge.web.layout.page_form import PageForm

ONLY_THIS = "only-this"
"""The filter for those who lack no other requirement."""
MAX_YEARS = 60
"""How many years ago a sign-off may have been: a working life."""


def _tidy(value: str | None) -> str | None:
    return value and value.strip()


def not_in_the_future(_form: PageForm, field: Field) -> None:
    """Raises ValidationError."""
    if field.data and field.data > current_services().now().date():
        raise ValidationError(gettext("This day is in the future."))


def not_long_ago(_form: PageForm, field: Field) -> None:
    """Raises ValidationError for a day that nobody's sign-off can have, such as in 1926."""
    if field.data and field.data.year < current_services().now().year - MAX_YEARS:
        raise ValidationError(gettext("This day is too long ago. Check the year."))


class SignoffListForm(PeopleListForm):
    """What is signed off, and for whom."""

    requirement = SelectField(
        lazy_gettext("Requirement"), [InputRequired(lazy_gettext("Choose a requirement."))]
    )
    occurred_on = DateField(
        lazy_gettext("Day"),
        [InputRequired(lazy_gettext("Enter a day.")), not_in_the_future, not_long_ago],
    )
    by_name = StringField(
        lazy_gettext("Signed off by"),
        [DataRequired(lazy_gettext("Enter who confirms it.")), Length(max=200)],
        filters=[_tidy],
        render_kw={"autocomplete": "off", "list": "names"},
    )
    note = StringField(lazy_gettext("Note"), [Length(max=1000)], filters=[_tidy])

    @property
    def requirement_key(self) -> tuple[str, str]:
        """The curriculum and key that were chosen; '' if none was."""
        curriculum, _, key = (self.requirement.data or "").partition(":")
        return curriculum, key

    @property
    def details(self) -> SignoffDetails:
        """What is signed off. Call it after validation."""
        day: date = self.occurred_on.data
        note = self.note.data or ""
        return SignoffDetails(*self.requirement_key, day, self.by_name.data or "", note)

    def start(self, today: date) -> None:
        """Fill in what a new form has, and what the link to it says."""
        self.name_form()
        self.lacks.choices = [
            SelectChoice("", lazy_gettext("Anything")),
            SelectChoice(ONLY_THIS, lazy_gettext("Only this sign-off")),
        ]
        if request.method == "GET":
            self.occurred_on.data = today
            self.lacks.data = request.args.get("lacks", "")

    def offer(self, requirements: Sequence[tuple[str, str]]) -> None:
        """Set the requirements to choose from. Only a link chooses one beforehand."""
        self.requirement.choices = list(requirements)
        linked = request.args.get("requirement", "") if request.method == "GET" else ""
        if linked and linked in dict(requirements):
            self.requirement.data = linked
