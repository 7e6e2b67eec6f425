"""One member's page, and what the committee writes down there."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.store.learning import signoffs
from bridge.store.members import queries as members
from bridge.store.operations import audit_log
from bridge.store.tables.members import Member
from bridge.web.committee.csv_export import audit_export, csv_response
from bridge.web.committee.filters import MAX_ID, milestone_options
from bridge.web.committee.members import history_csv
from bridge.web.committee.members.forms import RoleForm, SignoffForm
from bridge.web.committee.members.history import History, read_history
from bridge.web.committee.needs_attention.delivery_labels import KINDS
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee
from bridge.web.layout.language import visitors_language
from bridge.workflows.awards import assess


def register_routes(pages: Blueprint, services: Services) -> None:
    """The routes below `/committee/members/<id>`."""

    @pages.get("/<int:member>")
    @for_committee()
    def show(member: int) -> str:
        now = services.now()
        with services.database.transaction() as session:
            found = _visible(session, member)
            audit_log.write(session, current_visitor().email, "looked", found.id, {}, {}, now)
        return _page(services, member)

    @pages.get("/<int:member>/history.csv")
    @for_committee()
    def history_table(member: int) -> Response:
        known = _read(services, member)
        audit_export(services, "history", {}, member)
        return csv_response("history", history_csv.header_row(), history_csv.rows(known))

    @pages.post("/<int:member>/signoff")
    @for_committee(edit=True)
    def signoff(member: int) -> Answer | str:
        form = _signoff_form(_read(services, member))
        if not form.validate_on_submit():
            return _page(services, member, signoff=form)
        return _sign_off(services, member, form)

    @pages.post("/<int:member>/role")
    @for_committee(edit=True)
    def role(member: int) -> Answer | str:
        _read(services, member)
        form = RoleForm()
        if not form.validate_on_submit():
            return _page(services, member, role=form)
        return _correct(services, member, form)


def _sign_off(services: Services, member: int, form: SignoffForm) -> Answer:
    """Record it, and what it earns, in one transaction."""
    done, by_name, note = form.requirement.data, form.by_name.data, form.note.data or ""
    actor, now = current_visitor().email, services.now()
    with services.database.transaction() as session:
        written = signoffs.record_signoff(session, member, done, by_name, note, actor, now)
        earned = assess(session, services.curricula, [member], now)
    said = gettext("The sign-off is recorded.") if written else gettext("Nothing changed.")
    return _told(services, member, said, earned)


def _correct(services: Services, member: int, form: RoleForm) -> Answer:
    """Give the member the role, and what it earns, in one transaction."""
    held, now = "-".join((form.role.data or "").lower().split()), services.now()
    since = (form.since.data or now.date()) if held else None
    with services.database.transaction() as session:
        changed = members.set_role(session, member, held, since, current_visitor().email, now)
        earned = assess(session, services.curricula, [member], now)
    said = gettext("The role is changed.") if changed else gettext("Nothing changed.")
    return _told(services, member, said, earned)


def _visible(session: Session, member: int) -> Member:
    """The member, if the visitor may see them; answers 404 otherwise."""
    found = members.find(session, member) if member <= MAX_ID else None
    if found is None or not current_visitor().sees(found.region):
        raise NotFound
    return found


def _read(services: Services, member: int) -> History:
    language = visitors_language(services.config)
    with services.database.reading() as session:
        return read_history(session, services.curricula, _visible(session, member), language)


def _signoff_form(known: History) -> SignoffForm:
    form = SignoffForm()
    form.requirement.choices = list(known.open_signoffs.items())
    return form


def _page(
    services: Services,
    member: int,
    signoff: SignoffForm | None = None,
    role: RoleForm | None = None,
) -> str:
    known = _read(services, member)
    region = services.config.regions.get(known.member.region)
    held = {"role": known.member.role, "since": known.member.role_since}
    return render_template(
        "web/committee/member.html",
        known=known,
        delivery_kinds=KINDS,
        member=known.member,
        region=region.name if region else known.member.region,
        roles=sorted({step.milestone.entry.role for step in milestone_options(services)} - {""}),
        signoff=signoff or _signoff_form(known),
        role=role or RoleForm(formdata=None, data=held),
    )


def _told(services: Services, member: int, said: str, earned: int) -> Answer:
    flash(said, "success")
    if earned:
        flash(ngettext("%(num)s milestone is earned by it.",
                       "%(num)s milestones are earned by it.", earned), "success")  # fmt: skip
        services.trigger_job()
    return redirect(url_for("members.show", member=member), 303)
