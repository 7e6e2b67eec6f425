"""The form for signing off many people. Everything typed and ticked stays in it until recorded."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import date

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import DateField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from bridge.store.learning.signoff_batches import SignoffDetails
from bridge.web.common.services import current_services
from bridge.web.layout.page_form import PageForm
from bridge.web.lists.filter_fields import MAX_ID
from bridge.workflows.signoffs.preview import MAX_PEOPLE, Preview

MAX_LENGTH = 100_000

MAX_YEARS = 60
"""How many years ago a sign-off may have been: a working life."""

LINE_ENDS = re.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060]")


def plain_lines(value: str | None) -> str | None:
    """Pasted text without the invisible characters that spreadsheets and scanners add."""
    return value and INVISIBLE.sub("", LINE_ENDS.sub("\n", value))


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


class SignoffListForm(PageForm):
    """`key`: names this form, so that it is recorded once. `previewed`: what was looked at last."""

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
    people = TextAreaField(
        lazy_gettext("Numbers or emails"),
        [Length(max=MAX_LENGTH)],
        filters=[plain_lines],
        render_kw={"rows": 6, "spellcheck": "false", "autocomplete": "off"},
    )
    region = SelectField(lazy_gettext("Region"), validate_choice=False)
    milestone = SelectField(lazy_gettext("Works on"), validate_choice=False)
    session = SelectField(lazy_gettext("Attended"), validate_choice=False)
    key = HiddenField()
    previewed = HiddenField()

    @property
    def ticked(self) -> list[int]:
        """The IDs of those who are ticked; what is no ID is passed over."""
        texts = request.form.getlist("ticked")
        ids = [int(each) for each in texts if each.isascii() and each.isdecimal()]
        return list(dict.fromkeys(each for each in ids if each <= MAX_ID))[: MAX_PEOPLE + 1]

    @property
    def step(self) -> str:
        """What was asked for: preview, record, list, all or none."""
        return request.form.get("step", "preview")

    @property
    def requirement_key(self) -> tuple[str, str]:
        """The curriculum and key that were chosen; '' if none was."""
        curriculum, _, key = (self.requirement.data or "").partition(":")
        return curriculum, key

    def details(self) -> SignoffDetails:
        """What is signed off. Call it after validation."""
        day: date = self.occurred_on.data
        note = self.note.data or ""
        return SignoffDetails(*self.requirement_key, day, self.by_name.data or "", note)

    def start(self, today: date) -> None:
        """Fill in what a new form has."""
        if not self.key.data or len(self.key.data) > 64:
            self.key.data = secrets.token_hex(16)
        if request.method == "GET":
            self.occurred_on.data = today

    def is_confirmed(self, found: Preview) -> bool:
        """Whether exactly this was looked at before."""
        return self.step == "record" and self.previewed.data == self.fingerprint(found)

    def once(self, found: Preview, actor: str) -> str:
        """A key of this form with what it says, for whom, sent by whom: it is recorded once.

        The same form with something else, as after Back, is another list.
        """
        said = f"{self.key.data} {self.fingerprint(found)} {actor}"
        return hashlib.sha256(said.encode()).hexdigest()

    def fingerprint(self, found: Preview) -> str:
        """A short text that changes when what is recorded, or for whom, changes."""
        said = (
            self.requirement.data, self.occurred_on.data, self.by_name.data, self.note.data,
            self.people.data, sorted(self.ticked), sorted(found.meant),
        )  # fmt: skip
        return hashlib.sha256(repr(said).encode()).hexdigest()


def named_choices(none: str, named: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    """The choices of a filter: none, then those with a name."""
    return [SelectChoice("", none), *(SelectChoice(key, name) for key, name in named)]
