"""Forms to add and correct a member."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from bridge.config import Config
from bridge.member_records import MAX_LENGTHS, MemberRecord
from bridge.membership.numbers import number_problem
from bridge.membership.status import LEFT
from bridge.store.member_changes.details import FIELDS, MemberDetails
from bridge.store.member_changes.notes import MAX_LENGTH
from bridge.store.member_changes.similar import SimilarMember
from bridge.store.members.role_changes import PAGE
from bridge.web.layout.form_fields import (
    first_name_field,
    last_name_field,
    member_email_field,
    region_choices,
    region_field,
    tidy_text,
)
from bridge.web.layout.formatting import STATUSES
from bridge.web.layout.language import LANGUAGES
from bridge.web.layout.page_form import PageForm
from bridge.web.lists.filter_fields import MAX_ID


def _require_number(_form: PageForm, field: Field) -> None:
    """Raises ValidationError if a spreadsheet has damaged the number, or if it is none."""
    if field.data and number_problem(field.data):
        raise ValidationError(gettext("Enter the number as your union writes it."))


def _text_field(label: str, name: str) -> StringField:
    limit = MAX_LENGTHS[name]
    return StringField(
        label,
        [Length(max=limit, message=lazy_gettext("This is too long."))],
        filters=[tidy_text],
        render_kw={"autocomplete": "off", "maxlength": limit},
    )


class MemberForm(PageForm):
    """A member's details. `accepted`: IDs of similar members that the visitor was asked about."""

    number = StringField(
        lazy_gettext("Member number"),
        [Length(max=100, message=lazy_gettext("This is too long.")), _require_number],
        filters=[tidy_text],
        render_kw={"autocomplete": "off", "maxlength": 100},
    )
    first_name = first_name_field()
    last_name = last_name_field()
    email = member_email_field()
    region = region_field()
    language = SelectField(lazy_gettext("Language"))
    unit = _text_field(lazy_gettext("Unit"), "unit")
    classification = _text_field(lazy_gettext("Classification"), "classification")
    job_class = _text_field(lazy_gettext("Job class"), "job_class")
    accepted = HiddenField()
    sure = BooleanField(lazy_gettext("I have checked: these are other people. Save anyway."))

    def offer(self, config: Config, region: str = "", language: str = "") -> None:
        """Set the choices: those of the settings, and what is stored."""
        regions = region_choices(config.regions)
        stored = region and region not in config.regions
        self.region.choices = [*regions, *([SelectChoice(region, region)] if stored else [])]
        others = {language: language} if language and language not in LANGUAGES else {}
        self.language.choices = [
            SelectChoice("", gettext("I don't know")),
            *(SelectChoice(code, name) for code, name in {**LANGUAGES, **others}.items()),
        ]
        for field in (self.first_name, self.last_name, self.email):
            field.render_kw = {**field.render_kw, "autocomplete": "off"}

    def details(self) -> MemberDetails:
        """The details as typed. Call it after validation."""
        return MemberDetails(**{name: str(self[name].data or "") for name in FIELDS})

    def accepted_ids(self) -> frozenset[int]:
        """The similar members that the visitor has said are other people."""
        shown = str(self.accepted.data or "").split(",") if self.sure.data else ()
        ids = (each for each in shown if each.isascii() and each.isdecimal())
        return frozenset(int(each) for each in ids if len(each) < len(str(MAX_ID)))

    def ask_about(self, similar: list[SimilarMember]) -> None:
        """Remember which members the page asks about. The box must be ticked again for others."""
        self.accepted.data = ",".join(str(each.member.id) for each in similar)
        self.sure.data = False


class AddForm(MemberForm):
    """A new member."""

    status = SelectField(
        lazy_gettext("Membership"),
        choices=[
            SelectChoice("", lazy_gettext("I don't know")),
            *(SelectChoice(key, label) for key, label in STATUSES.items() if key != LEFT),
        ],
    )

    def record(self) -> MemberRecord:
        """The record as typed. Call it after validation."""
        details = self.details()
        values = {name: getattr(details, name) for name in FIELDS if name != "number"}
        return MemberRecord(
            number=details.number or None, **values, status=str(self.status.data or ""), source=PAGE
        )


class EditForm(MemberForm):
    """A member's details, with the version that the visitor saw."""

    version = HiddenField()
    keeps_number = BooleanField(
        lazy_gettext("Records with the former number are about this member too")
    )


def _reason_field() -> TextAreaField:
    return TextAreaField(
        lazy_gettext("Reason"),
        [DataRequired(lazy_gettext("Say why.")), Length(max=1000)],
        filters=[tidy_text],
        render_kw={"rows": 2},
    )


class DeactivateForm(PageForm):
    """Records that a member has left."""

    reason = _reason_field()


class ReactivateForm(PageForm):
    """Gives a member who has left another status."""

    status = SelectField(
        lazy_gettext("Membership"),
        choices=[
            *(SelectChoice(key, label) for key, label in STATUSES.items() if key != LEFT),
            SelectChoice("", lazy_gettext("I don't know")),
        ],
    )
    reason = _reason_field()


class NoteForm(PageForm):
    """A note about a member. `shown`: the text that the author saw."""

    shown = HiddenField()
    text = TextAreaField(
        lazy_gettext("Note"),
        [DataRequired(lazy_gettext("Write something.")), Length(max=MAX_LENGTH)],
        filters=[tidy_text],
        render_kw={"rows": 4},
    )


class EraseForm(PageForm):
    """Asks for confirmation before a member is erased."""

    sure = BooleanField(
        lazy_gettext("Yes, delete everything about this member"),
        [InputRequired(lazy_gettext("Tick the box to confirm."))],
    )
