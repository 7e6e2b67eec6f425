"""`/committee/team`: who has which role, inviting people, and taking roles away."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from bridge.access.roles import ROLES
from bridge.access.team import CONFIDENTIAL_ROLES, GIVEN_ROLES
from bridge.errors import PersonError, TeamError
from bridge.messages import Message
from bridge.store.auth import team
from bridge.store.auth.team import TeamRoleRow
from bridge.store.members.matching import email_key
from bridge.store.persons.records import MAX_ID, MAX_NAME_LENGTH, PersonRecord
from bridge.web.committee.team.lines import (
    STATES,
    confirmable_lines,
    is_confirmable,
    own_addresses,
    team_lines,
)
from bridge.web.common.access import open_to
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.form_fields import email_field, name_field
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error, translated_text
from bridge.workflows import team as work
from bridge.workflows.team import Invited


class InvitationForm(PageForm):
    """Who gets which roles."""

    name = name_field(lazy_gettext("Name"), "off", MAX_NAME_LENGTH)
    email = email_field()
    roles = SelectMultipleField(
        lazy_gettext("Roles"),
        [InputRequired(lazy_gettext("Choose at least one role."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    regions = SelectMultipleField(
        lazy_gettext("Regions of a chair"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def blueprint(services: Services) -> Blueprint:
    """`/committee/team` and what is below it, and `/access/confirm`."""
    pages = Blueprint("team", __name__)
    _add_list(pages, services)
    _add_invitation(pages, services)
    _add_changes(pages, services)
    _add_confirmation(pages, services)
    return pages


def _add_list(pages: Blueprint, services: Services) -> None:
    @pages.get("/committee/team")
    @open_to("access")
    def index() -> str:
        with services.database.reading() as session:
            lines = team_lines(services, session)
        return render_template("web/committee/team/list.html", lines=lines, states=STATES)


def _add_invitation(pages: Blueprint, services: Services) -> None:
    @pages.route("/committee/team/invite", methods=["GET", "POST"])
    @limit_clients(services.limiter, "30 per minute; 200 per hour", methods=["POST"])
    @open_to("team-change")
    def invite() -> Answer | str:
        form = _filled_form(services)
        if form.validate_on_submit() and _invite(services, form):
            return redirect(url_for("team.index"), 303)
        confidential = [translated_text(ROLES[role].title) for role in GIVEN_ROLES
                        if role in CONFIDENTIAL_ROLES]  # fmt: skip
        return render_template(
            "web/committee/team/invite.html", form=form, confidential=confidential
        )


def _filled_form(services: Services) -> InvitationForm:
    form = InvitationForm()
    form.roles.choices = [(role, translated_text(ROLES[role].title)) for role in GIVEN_ROLES]
    regions = services.config.regions
    form.regions.choices = [(key, region.name) for key, region in regions.items()]
    return form


def _invite(services: Services, form: InvitationForm) -> bool:
    """Invite the person, or say in the form why not."""
    actor, now = email_key(current_visitor().email), services.now()
    roles = [role for role in GIVEN_ROLES if role in (form.roles.data or ())]
    try:
        person = PersonRecord(str(form.name.data), str(form.email.data))
        with services.database.transaction() as session:
            if email_key(person.email) in own_addresses(session):
                raise TeamError(Message("nobody gives a role to themselves."))
            invited = work.invite(
                session, services.config, person, roles, form.regions.data or (), actor, now
            )
    except (TeamError, PersonError) as error:
        flash(translate_error(error), "danger")
        return False
    services.trigger_job()
    _tell(invited)
    return True


def _tell(invited: Invited) -> None:
    if invited.invited:
        flash(gettext("An invitation is on its way."), "success")
    if invited.unconfirmed:
        flash(
            gettext("A second person has to confirm a role, then the invitation is sent."), "info"
        )
    if not invited.invited and not invited.unconfirmed:
        flash(gettext("This person has these roles already, or is invited to them."), "info")


def _add_changes(pages: Blueprint, services: Services) -> None:
    @pages.post("/committee/team/<int:number>/again")
    @limit_clients(services.limiter, "10 per minute; 60 per hour")
    @open_to("team-change")
    def invite_again(number: int) -> Answer:
        def change(session: Session) -> None:
            row, actor = _find(session, number), current_visitor().email
            work.invite_again(session, services.config, row, actor, services.now())

        return _change(services, change, gettext("An invitation is on its way."))

    @pages.get("/committee/team/<int:number>/remove")
    @open_to("team-change")
    def ask(number: int) -> str:
        with services.database.reading() as session:
            found = [each for each in team_lines(services, session) if each.row]
        line = next((each for each in found if each.row and each.row.id == number), None)
        if line is None:
            raise NotFound
        return render_template("web/committee/team/remove.html", line=line, states=STATES)

    @pages.post("/committee/team/<int:number>/remove")
    @open_to("team-change")
    def remove(number: int) -> Answer:
        def change(session: Session) -> None:
            actor = current_visitor().email
            work.remove(session, services.config, min(number, MAX_ID), actor, services.now())

        return _change(services, change, gettext("The role has ended."))


def _add_confirmation(pages: Blueprint, services: Services) -> None:
    @pages.get("/access/confirm")
    @open_to("team-confirm")
    def to_confirm() -> str:
        with services.database.reading() as session:
            lines = confirmable_lines(services, session)
        return render_template("web/committee/team/confirm.html", lines=lines)

    @pages.post("/access/confirm/<int:number>")
    @open_to("team-confirm")
    def confirm(number: int) -> Answer:
        def change(session: Session) -> None:
            rows, own = team.lock_all(session), own_addresses(session)
            row = next((each for each in rows if each.id == number), None)
            if row is None or not is_confirmable(services.config, rows, own, row):
                raise TeamError(
                    Message("you can't confirm this role."), todo=Message("Reload the page.")
                )
            work.confirm(session, services.config, row, current_visitor().email, services.now())

        page = "team.index" if current_visitor().may("access") else "team.to_confirm"
        done = gettext("The role is confirmed. An invitation is on its way.")
        return _change(services, change, done, page)


def _find(session: Session, number: int) -> TeamRoleRow:
    row = team.find(session, number) if number <= MAX_ID else None
    if row is None:
        raise TeamError(
            Message("this role is not there any more."), todo=Message("Reload the page.")
        )
    return row


def _change(
    services: Services,
    change: Callable[[Session], None],
    done: str,
    page: str = "team.index",
) -> Answer:
    """Change a role, say what was done or why not, and show the page."""
    try:
        with services.database.transaction() as session:
            change(session)
    except TeamError as error:
        flash(translate_error(error), "danger")
    else:
        services.trigger_job()
        flash(done, "success")
    return redirect(url_for(page), 303)
