"""`/committee/members/add`: add one member, after asking whether they are one already."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError
from bridge.member_records import record_warnings
from bridge.membership.known_roles import NO_KNOWN_ROLES
from bridge.store.member_changes.similar import SimilarMember
from bridge.web.committee.members.changes.editors import current_editor
from bridge.web.committee.members.changes.forms import AddForm
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.layout.translation import translate_error
from bridge.workflows.member_changes.adding import add_member
from bridge.workflows.member_changes.outcome import Outcome


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page."""

    @pages.route("/add", methods=["GET", "POST"])
    @open_to("members-change")
    def add() -> Answer | str:
        form = AddForm()
        form.offer(services.config)
        if not form.validate_on_submit():
            return _page(form)
        try:
            outcome = _add(services, form)
        except MemberError as error:
            flash(translate_error(error), "danger")
            return _page(form)
        if outcome.member_id is None:
            form.ask_about(list(outcome.similar))
            return _page(form, outcome.similar)
        services.trigger_job()
        flash(gettext("The member was added. Their account and the welcome email follow."),
              "success")  # fmt: skip
        return redirect(url_for("members.show", member=outcome.member_id), 303)


def _add(services: Services, form: AddForm) -> Outcome:
    record = form.record()
    for warning in record_warnings(record, NO_KNOWN_ROLES):
        flash(warning, "warning")
    with services.database.transaction() as session:
        return add_member(session, record, current_editor(services, session, form.accepted_ids()))


def _page(form: AddForm, similar: Sequence[SimilarMember] = ()) -> str:
    return render_template("web/committee/members/add.html", form=form, similar=similar)
