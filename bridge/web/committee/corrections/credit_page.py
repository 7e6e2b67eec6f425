"""Changing a sign-off or another credit: its requirement, day, who confirmed it, and its note."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from bridge.curriculum.model import signoff_titles
from bridge.errors import MemberError
from bridge.store.learning.credits import EVERY_CURRICULUM
from bridge.store.tables.learning import Credit
from bridge.store.tables.members import Member
from bridge.web.committee.members.forms import CorrectionForm
from bridge.web.committee.members.visible import find_visible
from bridge.web.committee.members.withdrawals import (
    corrected_elsewhere,
    credit_title,
    find_credit,
    milestone_title_of,
)
from bridge.web.committee.signoffs.forms import not_in_the_future, not_long_ago
from bridge.web.committee.signoffs.requirements import (
    RequirementGroup,
    options_of,
    requirement_groups,
)
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error
from bridge.workflows.corrections.credits import (
    CreditValues,
    awards_lacking,
    change_credit,
    values_of,
)


def _not_before(form: ChangeCreditForm, field: DateField) -> None:
    """Raises ValidationError if it ends before it happened."""
    if field.data and form.occurred_on.data and field.data < form.occurred_on.data:
        raise ValidationError(gettext("The last day is before the first day."))


class ChangeCreditForm(CorrectionForm):
    """`requirement`: only of a sign-off. `valid_until`: only of another credit."""

    requirement = SelectField(
        lazy_gettext("Requirement"), [InputRequired(lazy_gettext("Choose a requirement."))]
    )
    occurred_on = DateField(
        lazy_gettext("Day"),
        [InputRequired(lazy_gettext("Enter a day.")), not_in_the_future, not_long_ago],
    )
    valid_until = DateField(lazy_gettext("Last day"), [Optional(), _not_before])
    by_name = StringField(
        lazy_gettext("Signed off by"),
        [DataRequired(lazy_gettext("Enter who confirms it.")), Length(max=200)],
    )
    note = StringField(lazy_gettext("Note"), [Length(max=1000)])

    def values(self, credit: Credit) -> CreditValues:
        """What the credit is to say."""
        curriculum, key = credit.curriculum, credit.key
        if self.requirement:
            curriculum, _, key = (self.requirement.data or "").partition(":")
        ends = self.valid_until.data if self.valid_until else None
        day = self.occurred_on.data or credit.occurred_on
        by_name, note = (self.by_name.data or "").strip(), (self.note.data or "").strip()
        return CreditValues(curriculum, key, day, ends, by_name, note)


@dataclass(frozen=True, slots=True)
class Shown:
    """The credit that a page is about. `depending`: milestones that would lack it."""

    member: Member
    credit: Credit
    title: str
    groups: list[RequirementGroup]


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/committee/members/<id>/credits/<id>/change`."""

    @pages.route("/members/<int:member>/credits/<int:credit>/change", methods=["GET", "POST"])
    @open_to("members-change")
    def change(member: int, credit: int) -> Answer | str:
        with services.database.reading() as session:
            shown = _read(services, session, member, credit)
            if elsewhere := corrected_elsewhere(services, shown.credit):
                return redirect(elsewhere, 303)
            form = _form(shown)
            depending = _depending(services, session, shown.credit, form)
        form.ask_about_milestones(asks=bool(depending))
        if form.validate_on_submit() and (answer := _change(services, member, credit, form)):
            return answer
        return render_template(
            "web/committee/corrections/credit.html",
            form=form, member=shown.member, title=shown.title, groups=shown.groups,
            credit=credit, depending=depending,
        )  # fmt: skip


def _read(services: Services, session: Session, member: int, credit: int) -> Shown:
    """Raises NotFound."""
    found = find_credit(session, member, credit)
    every = [(path.key, key) for path in services.curricula for key in signoff_titles(path)]
    groups = requirement_groups(
        services.curricula, every, visitors_language(services.config), {}, counted=False
    )  # fmt: skip
    if not any(_value(found) == value for each in groups for value, _ in each.options):
        title = credit_title(services, session, found)
        groups.insert(0, RequirementGroup(gettext("As recorded"), [(_value(found), title)]))
    title = credit_title(services, session, found)
    return Shown(find_visible(session, member), found, title, groups)


def _value(credit: Credit) -> str:
    return f"{credit.curriculum or EVERY_CURRICULUM}:{credit.key}"


def _form(shown: Shown) -> ChangeCreditForm:
    now = values_of(shown.credit)
    form = ChangeCreditForm(
        data={
            "requirement": _value(shown.credit), "occurred_on": now.occurred_on,
            "valid_until": now.valid_until, "by_name": now.by_name, "note": now.note,
        }
    )  # fmt: skip
    form.requirement.choices = options_of(shown.groups)
    if shown.credit.kind == "signoff":
        del form.valid_until
    else:
        del form.requirement
    return form


def _depending(
    services: Services, session: Session, credit: Credit, form: ChangeCreditForm
) -> list[str]:
    """The titles of the milestones that would lack the credit. None before the form is sent."""
    if request.method != "POST":
        return []
    lacking = awards_lacking(
        session, services.curricula, credit, form.values(credit), services.now()
    )
    return [milestone_title_of(services, each) for each in lacking]


def _change(services: Services, member: int, credit: int, form: ChangeCreditForm) -> Answer | None:
    """Change it; None if the member has what it would be already."""
    correction = form.correction(current_visitor().email, services.now())
    try:
        with services.database.transaction() as session:
            found = find_credit(session, member, credit)
            done = change_credit(session, services.curricula, found, form.values(found), correction)
    except MemberError as error:
        flash(translate_error(error), "danger")
        return None
    flash(gettext("Saved.") if done else gettext("No change."), "success")
    if done:
        services.trigger_job()
    return redirect(url_for("members.show", member=member), 303)
