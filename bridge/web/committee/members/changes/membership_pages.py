"""`…/deactivate` and `…/reactivate`: a member has left, or is back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.membership.status import LEFT, MEMBER
from bridge.store.tables.members import Member
from bridge.web.committee.members.changes.editors import current_editor
from bridge.web.committee.members.changes.forms import DeactivateForm, ReactivateForm
from bridge.web.committee.members.visible import find_visible
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.workflows.member_changes import membership


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add both pages."""

    @pages.route("/<int:member>/deactivate", methods=["GET", "POST"])
    @open_to("members-change")
    def deactivate(member: int) -> Answer | str:
        found, form = _find(services, member), DeactivateForm()
        if not form.validate_on_submit():
            return render_template(
                "web/committee/members/deactivate.html", member=found, form=form,
                has_left=found.status == LEFT,
            )  # fmt: skip
        with services.database.transaction() as session:
            editor = current_editor(services, session)
            changed = membership.deactivate(session, member, str(form.reason.data), editor)
        return _done(services, member, gettext("The member was deactivated."), changed=changed)

    @pages.route("/<int:member>/reactivate", methods=["GET", "POST"])
    @open_to("members-change")
    def reactivate(member: int) -> Answer | str:
        found, form = _find(services, member), ReactivateForm(data={"status": MEMBER})
        if not form.validate_on_submit():
            return render_template(
                "web/committee/members/reactivate.html", member=found, form=form,
                has_left=found.status == LEFT,
            )  # fmt: skip
        status, reason = str(form.status.data or ""), str(form.reason.data)
        with services.database.transaction() as session:
            editor = current_editor(services, session)
            changed = membership.reactivate(session, member, status, reason, editor)
        return _done(services, member, gettext("The member was reactivated."), changed=changed)


def _find(services: Services, member: int) -> Member:
    with services.database.reading() as session:
        return find_visible(session, member)


def _done(services: Services, member: int, message: str, *, changed: bool) -> Answer:
    if changed:
        services.trigger_job()
    flash(message if changed else gettext("No change."), "success")
    return redirect(url_for("members.show", member=member), 303)
