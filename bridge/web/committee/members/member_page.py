"""The page of one member, with forms for sign-offs and roles."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as Answer

from bridge.features.credits import correction_paths
from bridge.membership.roles import held_on
from bridge.membership.status import LEFT
from bridge.store.learning import signoffs
from bridge.store.member_changes import notes
from bridge.store.operations import audit_log
from bridge.web.committee.members import history_csv, member_facts, record_page, withdrawals
from bridge.web.committee.members.forms import RoleForm, SignoffForm
from bridge.web.committee.members.history import History, read_history
from bridge.web.committee.members.role_view import role_form, role_labels, role_rows
from bridge.web.committee.members.visible import find_visible
from bridge.web.committee.needs_attention.delivery_labels import (
    KINDS,
    STATES,
    difference_in_words,
)
from bridge.web.committee.needs_attention.targets import target_in_words
from bridge.web.committee.signoffs.requirements import RequirementGroup, requirement_groups
from bridge.web.common.access import is_own, open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.formatting import role_name
from bridge.web.layout.language import visitors_language
from bridge.web.lists.csv_export import audit_export, csv_response
from bridge.workflows.awards import assess
from bridge.workflows.corrections.decisions import settle


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the routes at and below `/committee/members/<id>`."""
    withdrawals.register_routes(pages, services)
    record_page.register_routes(pages, services)

    @pages.get("/<int:member>")
    @open_to("members")
    def show(member: int) -> str:
        now = services.now()
        with services.database.transaction() as session:
            found = find_visible(session, member)
            audit_log.write(session, current_visitor().email, "looked", found.id, {}, {}, now)
        return member_page(services, member)

    @pages.get("/<int:member>/history.csv")
    @open_to("members")
    def history_table(member: int) -> Response:
        history = _read_history(services, member)
        audit_export(services, "history", {}, member)
        return csv_response("history", history_csv.header_row(), history_csv.rows(history))

    @pages.post("/<int:member>/signoff")
    @open_to("members-change")
    def signoff(member: int) -> Answer | str:
        form = _signoff_form(_read_history(services, member))
        if not form.validate_on_submit():
            return member_page(services, member, signoff=form)
        return _sign_off(services, member, form)


def _sign_off(services: Services, member: int, form: SignoffForm) -> Answer:
    """Record a sign-off and the milestones it earns, in one transaction."""
    curriculum, _, requirement = form.requirement.data.partition(":")
    by_name, note = form.by_name.data, form.note.data or ""
    actor, now = current_visitor().email, services.now()
    with services.database.transaction() as session:
        recorded = signoffs.record_signoff(
            session, member, curriculum, requirement, by_name, note, actor, now,
            form.occurred_on.data,
        )  # fmt: skip
        earned = assess(session, services.curricula, [member], now)
        settle(session, services.curricula, [member], actor, now)
    message = gettext("The sign-off was recorded.") if recorded else gettext("No change.")
    return flash_and_redirect(services, member, message, earned)


def _read_history(services: Services, member: int) -> History:
    language = visitors_language(services.config)
    with services.database.reading() as session:
        found = find_visible(session, member)
        return read_history(services.context(session, language), services.features, found)


def _signoff_form(history: History) -> SignoffForm:
    form = SignoffForm()
    form.requirement.choices = [("", ""), *history.open_signoffs.items()]
    return form


def _groups(services: Services, history: History) -> list[RequirementGroup]:
    """The open sign-offs by milestone: first of those that the member works on."""
    steps = (
        ((path.key, step.key), shown.state)
        for path, mine in zip(services.curricula, history.curricula, strict=True)
        for step, shown in zip(path.milestones, mine.milestones, strict=True)
    )
    working = {key: 1 for key, state in steps if state == "now"}
    left = [(path, key) for path, _, key in (each.partition(":") for each in history.open_signoffs)]
    language = visitors_language(services.config)
    return requirement_groups(services.curricula, left, language, working, counted=False)


def member_page(
    services: Services,
    member: int,
    signoff: SignoffForm | None = None,
    role: RoleForm | None = None,
) -> str:
    role = role or role_form(services, RoleForm(formdata=None))
    history = _read_history(services, member)
    with services.database.reading() as session:
        own = is_own(session, history.member)
        note_count = notes.count(session, member)
    region = services.config.regions.get(history.member.region)
    today = services.now().date()
    return render_template(
        "web/committee/member.html",
        history=history,
        may_change=current_visitor().may("members-change") and not own,
        is_own=own,
        has_left=history.member.status == LEFT,
        note_count=note_count,
        delivery_kinds=KINDS,
        delivery_states=STATES,
        difference_in_words=difference_in_words,
        target_in_words=target_in_words,
        member=history.member,
        region=region.name if region else history.member.region,
        facts=member_facts.shown(history.member),
        reminded=history.reminded,
        stopped=member_facts.stopped(history.member.status),
        roles=role_rows(history.roles, services.config, today),
        held=", ".join(map(role_name, sorted(held_on((r.held for r in history.roles), today)))),
        known_roles=role_labels(role),
        signoff=signoff or _signoff_form(history),
        groups=_groups(services, history),
        corrections=correction_paths(services.features, [e.credit for e in history.credits]),
        role=role,
    )


def flash_and_redirect(services: Services, member: int, message: str, earned: int) -> Answer:
    flash(message, "success")
    if earned:
        flash(ngettext("The member earned %(num)s milestone.",
                       "The member earned %(num)s milestones.", earned), "success")  # fmt: skip
        services.trigger_job()
    return redirect(url_for("members.show", member=member), 303)
