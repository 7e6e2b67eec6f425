"""`/committee/members/<id>/edit`: correct a member's details."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError
from bridge.privacy import require_same_reader
from bridge.store.member_changes.details import details_of, differences, version_of
from bridge.store.tables.members import Member
from bridge.web.committee.members.changes.editors import (
    confidential_rights_of_visitor,
    current_editor,
)
from bridge.web.committee.members.changes.forms import EditForm
from bridge.web.committee.members.visible import find_visible
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.layout.translation import translate_error
from bridge.workflows.member_changes.editing import Edit, edit_member
from bridge.workflows.member_changes.outcome import Outcome


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page."""

    @pages.route("/<int:member>/edit", methods=["GET", "POST"])
    @open_to("members-change")
    def edit(member: int) -> Answer | str:
        with services.database.reading() as session:
            found = find_visible(session, member)
        form = _form(services, found)
        if not form.validate_on_submit():
            return _page(found, form)
        try:
            outcome = _save(services, member, form)
        except MemberError as error:
            flash(translate_error({**error.as_data(), "where": ""}), "danger")
            return _page(found, form)
        if outcome.member_id is None:
            return _ask(found, form, outcome)
        if outcome.changed:
            services.trigger_job()
        flash(gettext("The details were changed.") if outcome.changed else gettext("No change."),
              "success")  # fmt: skip
        return redirect(url_for("members.show", member=member), 303)


def _form(services: Services, member: Member) -> EditForm:
    stored = details_of(member)
    shown = asdict(stored) | {"version": version_of(stored)}
    form = EditForm(data=shown if request.method == "GET" else None)
    form.offer(services.config, member.region, member.language)
    return form


def _save(services: Services, member: int, form: EditForm) -> Outcome:
    """Raises MemberError."""
    details = form.details()
    edit = Edit(details, str(form.version.data or "-"), bool(form.keeps_number.data))
    rights = confidential_rights_of_visitor()
    with services.database.transaction() as session:
        editor = current_editor(services, session, form.accepted_ids())
        outcome = edit_member(session, member, edit, editor)
        if outcome.has_new_address:
            require_same_reader(session, member, rights, services.features)
        return outcome


def _ask(member: Member, form: EditForm, outcome: Outcome) -> str:
    """The page with what is stored by now, or with the members who may be the same."""
    stored: Mapping[str, tuple[str, str]] = {}
    if outcome.stored is not None:
        stored = differences(form.details(), outcome.stored)
        form.version.data = version_of(outcome.stored)
    form.ask_about(list(outcome.similar))
    return _page(member, form, outcome, stored)


def _page(
    member: Member,
    form: EditForm,
    outcome: Outcome | None = None,
    stored: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "web/committee/members/edit.html",
        member=member, form=form, similar=outcome.similar if outcome else (), stored=stored,
    )  # fmt: skip
