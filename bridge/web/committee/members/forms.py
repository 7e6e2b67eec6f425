"""Forms on a member's page: sign-offs, withdrawals and roles."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Protocol

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from bridge.membership.known_roles import NO_KNOWN_ROLES, KnownRoles
from bridge.membership.roles import HeldRole
from bridge.web.committee.signoffs.forms import not_in_the_future, not_long_ago
from bridge.web.layout.page_form import PageForm
from bridge.workflows.corrections.decisions import AwardChoice, Correction


def _tidy(value: str | None) -> str | None:
    return value and value.strip()


def _require_note(form: CorrectionForm, field: Field) -> None:
    """Raises ValidationError if milestones stay without a note."""
    if form.milestones.data == "keep" and not field.data:
        raise ValidationError(gettext("Say why the milestones stay."))


class SignoffForm(PageForm):
    requirement = SelectField(
        lazy_gettext("Requirement"), [InputRequired(lazy_gettext("Choose a requirement."))]
    )
    occurred_on = DateField(lazy_gettext("Day"), [Optional(), not_in_the_future, not_long_ago])
    by_name = StringField(
        lazy_gettext("Signed off by"),
        [DataRequired(), Length(max=200)],
        filters=[_tidy],
        render_kw={"autocomplete": "off"},
    )
    note = TextAreaField(
        lazy_gettext("Note"), [Length(max=1000)], filters=[_tidy], render_kw={"rows": 2}
    )


class CorrectionForm(PageForm):
    """Corrects something. `milestones` and `kept_note`: only if an award depends on it."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        [DataRequired(), Length(max=1000)],
        filters=[_tidy],
        render_kw={"rows": 2},
    )
    milestones = SelectField(
        lazy_gettext("What happens to these milestones"),
        [InputRequired(lazy_gettext("Choose what happens to the milestones."))],
    )
    kept_note = TextAreaField(
        lazy_gettext("Why they stay"),
        [Length(max=1000), _require_note],
        filters=[_tidy],
        render_kw={"rows": 2},
    )

    def ask_about_milestones(self, *, asks: bool) -> None:
        """Ask what happens to the milestones that depend on it, or don't."""
        if not asks:
            del self.milestones, self.kept_note
            return
        self.milestones.choices = [
            ("", ""),
            ("keep", gettext("They stay awarded")),
            ("withdraw", gettext("Withdraw them too")),
            ("later", gettext("Decide later: they are in the to-do list until then")),
        ]

    def correction(self, actor: str, now: datetime) -> Correction:
        """What was chosen. Call it after validation."""
        choice: AwardChoice = self.milestones.data if self.milestones else "later"
        note = (self.kept_note.data if self.kept_note else "") or ""
        return Correction(actor, now, self.reason.data or "", choice, note)


class WithdrawForm(CorrectionForm):
    """Withdraws something."""


class DecisionForm(PageForm):
    """Decides whether an award stays."""

    answer = SelectField(
        lazy_gettext("What happens to the milestone"),
        [InputRequired(lazy_gettext("Choose what happens to the milestone."))],
        choices=[
            SelectChoice("", ""),
            SelectChoice("keep", lazy_gettext("It stays awarded")),
            SelectChoice("withdraw", lazy_gettext("Withdraw it")),
        ],
    )
    reason = TextAreaField(
        lazy_gettext("Reason"),
        [DataRequired(), Length(max=1000)],
        filters=[_tidy],
        render_kw={"rows": 2},
    )


def withdraw_form(*, asks_about_milestones: bool) -> WithdrawForm:
    """The form, with or without the question what happens to the milestones."""
    form = WithdrawForm()
    form.ask_about_milestones(asks=asks_about_milestones)
    return form


class NamesRole(Protocol):
    """A form with a field for a role."""

    known: KnownRoles


def require_role(form: NamesRole, field: Field) -> None:
    """Raises ValidationError for several roles, and signs that no label of a known role has."""
    text = field.data or ""
    if form.known.joins_several(text):
        raise ValidationError(gettext("Give one role at a time."))
    if form.known.key(text) not in form.known.keys and not re.fullmatch(r"[\w -]*", text):
        raise ValidationError(gettext("Use only letters, digits, spaces and hyphens."))


class RoleForm(PageForm):
    """Gives a role. `known`: the known roles, whose labels can be typed too."""

    known: KnownRoles = NO_KNOWN_ROLES
    role = StringField(
        lazy_gettext("Role"),
        [DataRequired(), Length(max=40), require_role],
        filters=[_tidy],
        render_kw={"autocomplete": "off", "list": "roles"},
    )
    region = SelectField(lazy_gettext("Region"), default="")
    unit = StringField(lazy_gettext("Unit"), [Length(max=100)], filters=[_tidy])
    program = StringField(lazy_gettext("Programme"), [Length(max=40)], filters=[_tidy])
    since = DateField(lazy_gettext("First day"), [Optional(), not_long_ago])
    until = DateField(lazy_gettext("Last day"), [Optional(), not_long_ago])
    reason = StringField(lazy_gettext("Reason"), [Length(max=200)], filters=[_tidy])

    @property
    def role_given(self) -> HeldRole:
        """The role as typed. Call it after validation."""
        return HeldRole(
            self.known.key(self.role.data or ""), self.region.data or "", self.unit.data or "",
            self.program.data or "", self.since.data, self.until.data,
        )  # fmt: skip


class CorrectRoleForm(CorrectionForm, RoleForm):
    """Changes or deletes a role, so it asks why."""
