"""The form for giving a role to many members, or ending it."""

from __future__ import annotations

from datetime import date

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import DateField, Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from bridge.membership.known_roles import NO_KNOWN_ROLES, KnownRoles
from bridge.membership.roles import HeldRole
from bridge.web.committee.members.forms import require_role
from bridge.web.committee.people_lists.forms import PeopleListForm
from bridge.web.committee.signoffs.forms import not_long_ago
from bridge.web.layout.page_form import PageForm
from bridge.workflows.role_lists.request import RoleAction, RoleRequest


def _tidy(value: str | None) -> str | None:
    return value and value.strip()


def _require_last_day(form: RoleListForm, field: Field) -> None:
    """Ends the validation of an empty day, with an error if a role is to be ended."""
    if form.action.data == "end":
        InputRequired(gettext("Enter the last day."))(form, field)
    else:
        Optional()(form, field)


def _require_order(form: RoleListForm, field: Field) -> None:
    """Raises ValidationError if the last day is before the first one."""
    since = form.since.data if form.action.data == "give" else None
    if since and field.data and field.data < since:
        raise ValidationError(gettext("The last day is before the first day."))


class RoleListForm(PeopleListForm):
    """What role, from when until when, and for whom. `known`: the known roles, with labels."""

    known: KnownRoles = NO_KNOWN_ROLES
    action = SelectField(
        lazy_gettext("What to do"),
        [InputRequired(lazy_gettext("Choose what to do."))],
        choices=[
            SelectChoice("", ""),
            SelectChoice("give", lazy_gettext("Give the role")),
            SelectChoice("end", lazy_gettext("End the role")),
        ],
    )
    role = StringField(
        lazy_gettext("Role"),
        [DataRequired(lazy_gettext("Enter a role.")), Length(max=40), require_role],
        filters=[_tidy],
        render_kw={"autocomplete": "off", "list": "roles"},
    )
    since = DateField(lazy_gettext("First day"), [Optional(), not_long_ago])
    until = DateField(lazy_gettext("Last day"), [_require_last_day, not_long_ago, _require_order])
    role_region = SelectField(lazy_gettext("Region of the role"), default="")
    unit = StringField(lazy_gettext("Unit"), [Length(max=100)], filters=[_tidy])
    program = StringField(lazy_gettext("Programme"), [Length(max=40)], filters=[_tidy])
    reason = StringField(lazy_gettext("Reason"), [Length(max=200)], filters=[_tidy])

    @property
    def details(self) -> RoleRequest:
        """What is recorded. Call it after validation."""
        action: RoleAction = "give" if self.action.data == "give" else "end"
        since = self.since.data if action == "give" else None
        role = HeldRole(
            self.known.key(self.role.data or ""), self.role_region.data or "",
            self.unit.data or "", self.program.data or "", since, self.until.data,
        )  # fmt: skip
        return RoleRequest(action, role, self.reason.data or "")

    def start(self, today: date) -> None:
        """Fill in what a new form has."""
        self.name_form()
        if request.method == "GET" or not self.since.raw_data:
            self.since.data = today


class UndoRolesForm(PageForm):
    reason = TextAreaField(
        lazy_gettext("Reason"),
        [DataRequired(lazy_gettext("Enter a reason.")), Length(max=1000)],
        filters=[_tidy],
        render_kw={"rows": 2},
    )
