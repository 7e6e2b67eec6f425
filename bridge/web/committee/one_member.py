"""One member's page, and what the committee writes down there."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.jobs.award import assess
from bridge.store import audit, members
from bridge.store.tables import Member
from bridge.web.collaborators import Collaborators
from bridge.web.committee import history_sheet
from bridge.web.committee.delivery_words import KINDS
from bridge.web.committee.filters import LARGEST, steps
from bridge.web.committee.history import History, history
from bridge.web.committee.member_forms import RoleForm, SignoffForm
from bridge.web.committee.sheet import noted, sheet
from bridge.web.identity import for_committee, visitor
from bridge.web.language import visitors_language


def add_to(pages: Blueprint, house: Collaborators) -> None:
    """The routes below `/committee/members/<id>`."""

    @pages.get("/<int:member>")
    @for_committee()
    def show(member: int) -> str:
        now = house.now()
        with house.database.transaction() as session:
            found = _visible(session, member)
            audit.write(session, visitor().email, "looked", found.id, {}, {}, now)
        return _page(house, member)

    @pages.get("/<int:member>/history.csv")
    @for_committee()
    def history_table(member: int) -> Response:
        known = _read(house, member)
        noted(house, "history", {}, member)
        return sheet("history", history_sheet.heads(), history_sheet.rows(known))

    @pages.post("/<int:member>/signoff")
    @for_committee(edit=True)
    def signoff(member: int) -> Answer | str:
        form = _signoff_form(_read(house, member))
        if not form.validate_on_submit():
            return _page(house, member, signoff=form)
        return _sign_off(house, member, form)

    @pages.post("/<int:member>/role")
    @for_committee(edit=True)
    def role(member: int) -> Answer | str:
        _read(house, member)
        form = RoleForm()
        if not form.validate_on_submit():
            return _page(house, member, role=form)
        return _correct(house, member, form)


def _sign_off(house: Collaborators, member: int, form: SignoffForm) -> Answer:
    """Record it, and what it earns, in one transaction."""
    done, by_name, note = form.requirement.data, form.by_name.data, form.note.data or ""
    who, now = visitor().email, house.now()
    with house.database.transaction() as session:
        written = members.record_signoff(session, member, done, by_name, note, who, now)
        earned = assess(session, house.curricula, [member], now)
    said = gettext("The sign-off is recorded.") if written else gettext("Nothing changed.")
    return _told(house, member, said, earned)


def _correct(house: Collaborators, member: int, form: RoleForm) -> Answer:
    """Give the member the role, and what it earns, in one transaction."""
    held, now = "-".join((form.role.data or "").lower().split()), house.now()
    since = (form.since.data or now.date()) if held else None
    with house.database.transaction() as session:
        changed = members.set_role(session, member, held, since, visitor().email, now)
        earned = assess(session, house.curricula, [member], now)
    said = gettext("The role is changed.") if changed else gettext("Nothing changed.")
    return _told(house, member, said, earned)


def _visible(session: Session, member: int) -> Member:
    """The member, if the visitor may see them; answers 404 otherwise."""
    found = members.find(session, member) if member <= LARGEST else None
    if found is None or not visitor().sees(found.region):
        raise NotFound
    return found


def _read(house: Collaborators, member: int) -> History:
    language = visitors_language(house.config)
    with house.database.reading() as session:
        return history(session, house.curricula, _visible(session, member), language)


def _signoff_form(known: History) -> SignoffForm:
    form = SignoffForm()
    form.requirement.choices = list(known.open_signoffs.items())
    return form


def _page(
    house: Collaborators,
    member: int,
    signoff: SignoffForm | None = None,
    role: RoleForm | None = None,
) -> str:
    known = _read(house, member)
    region = house.config.regions.get(known.member.region)
    held = {"role": known.member.role, "since": known.member.role_since}
    return render_template(
        "web/committee/member.html",
        known=known,
        delivery_kinds=KINDS,
        member=known.member,
        region=region.name if region else known.member.region,
        roles=sorted({step.milestone.entry.role for step in steps(house)} - {""}),
        signoff=signoff or _signoff_form(known),
        role=role or RoleForm(formdata=None, data=held),
    )


def _told(house: Collaborators, member: int, said: str, earned: int) -> Answer:
    flash(said, "success")
    if earned:
        flash(ngettext("%(num)s milestone is earned by it.",
                       "%(num)s milestones are earned by it.", earned), "success")  # fmt: skip
        house.wake()
    return redirect(url_for("members.show", member=member), 303)
