"""A list of roles that was recorded: who is in it, and undoing it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.store.members import lookup
from bridge.web.committee.role_lists.forms import UndoRolesForm
from bridge.web.committee.role_lists.labels import list_title, recorded_role
from bridge.web.common.access import open_to, own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.filter_fields import MAX_ID
from bridge.workflows.corrections.decisions import Correction
from bridge.workflows.role_lists import recording
from bridge.workflows.role_lists.recording import RecordedRoles


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/committee/roles/lists/<batch>` and `…/undo`."""

    @pages.get("/lists/<int:batch>")
    @open_to("members-change")
    def recorded(batch: int) -> str:
        return _page(services, batch, UndoRolesForm(formdata=None))

    @pages.post("/lists/<int:batch>/undo")
    @open_to("members-change")
    def undo(batch: int) -> Answer | str:
        form = UndoRolesForm()
        with services.database.transaction() as session:
            found = _find(services, session, batch)
            if own_members(session) & {each.member_id for each in found.lines}:
                flash(gettext("You are in this list. Someone else must undo it."), "danger")
                return redirect(url_for("role_lists.recorded", batch=batch), 303)
            if found.lacking and not form.validate_on_submit():
                return _page(services, batch, form)
            reason = (form.reason.data or "") if found.lacking else ""
            correction = Correction(current_visitor().email, services.now(), reason)
            done = recording.undo_roles(session, services.curricula, batch, correction)
        if done:
            _tell(done)
        return redirect(url_for("role_lists.recorded", batch=batch), 303)


def _find(services: Services, session: Session, batch: int) -> RecordedRoles:
    """Raises NotFound."""
    found = recording.find_roles(session, batch, services.now()) if batch <= MAX_ID else None
    if found is None:
        raise NotFound
    return found


def _page(services: Services, batch: int, form: UndoRolesForm) -> str:
    with services.database.reading() as session:
        found = _find(services, session, batch)
        ids = {each.member_id for each in found.lines}
        members = lookup.by_ids(session, ids, lookup.EVERYONE) if ids else {}
    kept = found.batch
    return render_template(
        "web/committee/role-lists/recorded.html",
        found=found, form=form, role=recorded_role(kept.details),
        title=list_title(kept.kind, kept.details, services.config),
        members=sorted(members.values(), key=lambda m: (m.last_name.casefold(), m.first_name)),
        changed_since={each.member_id for each in found.changed_since},
        depending={award.member_id for award, _ in found.lacking},
    )  # fmt: skip


def _tell(done: RecordedRoles) -> None:
    if not done.to_undo:
        flash(gettext("No change."), "success")
        return
    flash(ngettext("The role of %(num)s member is as it was before.",
                   "The roles of %(num)s members are as they were before.",
                   len({each.member_id for each in done.to_undo})), "success")  # fmt: skip
    if done.changed_since:
        left = len({each.member_id for each in done.changed_since})
        flash(ngettext("Not undone for %(num)s member: the role was changed since.",
                       "Not undone for %(num)s members: their roles were changed since.",
                       left), "warning")  # fmt: skip
    if done.lacking:
        flash(ngettext("%(num)s milestone to decide about.", "%(num)s milestones to decide about.",
                       len(done.lacking)), "warning")  # fmt: skip
