"""The form for a list of people. Everything typed and ticked stays in it until it is recorded."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from bridge.web.layout.page_form import PageForm
from bridge.web.lists.filter_fields import MAX_ID
from bridge.workflows.people_lists.people import MAX_PEOPLE, Preview, S, T

MAX_LENGTH = 100_000
LINE_ENDS = re.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
INVISIBLE = re.compile(r"[\ufeff\u200b-\u200f\u2060]")


def plain_lines(value: str | None) -> str | None:
    """Pasted text without the invisible characters that spreadsheets and scanners add."""
    return value and INVISIBLE.sub("", LINE_ENDS.sub("\n", value))


class PeopleListForm(PageForm):
    """`key`: names this form, so that it is recorded once. `previewed`: what was looked at last."""

    people = TextAreaField(
        lazy_gettext("Numbers or emails"),
        [Length(max=MAX_LENGTH)],
        filters=[plain_lines],
        render_kw={"rows": 6, "spellcheck": "false", "autocomplete": "off"},
    )
    region = SelectField(lazy_gettext("Region"), validate_choice=False)
    milestone = SelectField(lazy_gettext("Works on"), validate_choice=False)
    session = SelectField(lazy_gettext("Attended"), validate_choice=False)
    holds = SelectField(lazy_gettext("Has the role"), validate_choice=False, choices=[])
    lacks = SelectField(lazy_gettext("Still lacks"), validate_choice=False, choices=[])
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
    def details(self) -> object:
        """What is recorded for the people. Call it after validation."""
        raise NotImplementedError

    def name_form(self) -> None:
        """Give a new form its key."""
        if not self.key.data or len(self.key.data) > 64:
            self.key.data = secrets.token_hex(16)

    def is_confirmed(self, found: Preview[S, T]) -> bool:
        """Whether exactly this was looked at before."""
        return self.step == "record" and self.previewed.data == self.fingerprint(found)

    def once(self, found: Preview[S, T], actor: str) -> str:
        """A key of this form with what it says, for whom, sent by whom: it is recorded once.

        The same form with something else, as after Back, is another list.
        """
        people = (self.people.data, sorted(self.ticked), sorted(found.meant))
        said = (self.key.data, self.details, people, actor)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def fingerprint(self, found: Preview[S, T]) -> str:
        """A short text that changes when what is recorded, or for whom, changes."""
        changed = [each.stored for each in found.lines if each.state == "new"]
        said = (self.details, self.people.data, sorted(self.ticked), sorted(found.meant), changed)
        return hashlib.sha256(repr(said).encode()).hexdigest()


def list_problems(found: Preview[S, T]) -> list[str]:
    """Why a list can't be recorded; [] if it can."""
    if found.too_many:
        return [gettext("At most %(count)s people fit in a list.", count=MAX_PEOPLE)]
    if not found.lines:
        return [gettext("Enter numbers or emails here, or tick people below.")]
    return []


def named_choices(none: str, named: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    """The choices of a filter: none, then those with a name."""
    return [SelectChoice("", none), *(SelectChoice(key, name) for key, name in named)]
