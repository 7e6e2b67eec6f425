"""Reminders by hand: the preview of those ticked or of a whole list, and sending them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from bridge.mail.rendering import Email, about_union, render
from bridge.store.learning.waiting_members import WaitingMember
from bridge.store.tables.members import Member
from bridge.web.committee.statistics import follow_up
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.filters import Filters, read_filters, selected_ids
from bridge.workflows.reminders.sending import (
    Outcome,
    missing_of,
    one_row_each,
    remind,
    reminder_variables,
)

MAX_REMINDED = 500
"""Reminders at a time: each takes a transaction, and the visitor waits."""


@dataclass(frozen=True, slots=True)
class ReminderPreview:
    """What the button would do.

    `sent`: who gets a reminder, one row for each member; `recent`: who got one lately. `email`:
    that of the first. `more`: the list is longer than what is sent at a time.
    """

    sent: Sequence[WaitingMember]
    recent: Sequence[WaitingMember]
    email: Email | None
    more: bool


def register_routes(pages: Blueprint, services: Services) -> None:
    """`/committee/follow-up/reminders`: a preview; and `…/send`."""

    @pages.post("/follow-up/reminders")
    @open_to("reminders-send")
    def preview_reminders() -> str | tuple[str, int]:
        filters = read_filters(services, follow_up.LIST.fields)
        preview = _preview(services, filters, everyone=request.form.get("who") == "all")
        page = render_template(
            "web/committee/reminders.html", preview=preview, filters=filters,
            every_days=services.config.reminders.every_days,
        )  # fmt: skip
        return page if preview.sent or preview.recent else (page, 422)

    @pages.post("/follow-up/reminders/send")
    @open_to("reminders-send")
    def send_reminders() -> Response:
        filters = read_filters(services, follow_up.LIST.fields)
        rows = _rows(services, filters, everyone=False)
        actor = current_visitor().email
        outcomes = remind(
            services.database, services.config, services.curricula, rows, actor, services.now()
        )
        services.trigger_job()
        for message, kind in _messages(outcomes):
            flash(message, kind)
        return redirect(filters.address(follow_up.LIST.endpoint), 303)


def _rows(services: Services, filters: Filters, *, everyone: bool) -> list[WaitingMember]:
    """Those ticked, or everyone on the list, with one more than can be reminded at a time."""
    ids = None if everyone else selected_ids("row")
    with services.database.reading() as session:
        return follow_up.read_waiting(session, filters, MAX_REMINDED + 1, enrolments=ids)


def _preview(services: Services, filters: Filters, *, everyone: bool) -> ReminderPreview:
    rows = _rows(services, filters, everyone=everyone)
    members = one_row_each(rows)
    limit = services.now() - timedelta(days=services.config.reminders.every_days)
    recent = [each for each in members if each.reminded and each.reminded > limit]
    sent = [each for each in members if each not in recent][:MAX_REMINDED]
    email = _example(services, sent[0]) if sent else None
    return ReminderPreview(sent, recent, email, len(rows) > MAX_REMINDED)


def _example(services: Services, row: WaitingMember) -> Email:
    """The email to one member, as it would be sent now."""
    config = services.config
    curriculum = next(each for each in services.curricula if each.key == row.curriculum)
    with services.database.reading() as session:
        found = missing_of(session, [curriculum], [row], services.now().date())
        member = session.get(Member, row.member_id)
    language = (member.language if member else "") or config.language
    variables = reminder_variables(config, curriculum, row, found.get(row.id, ()), language)
    context = {**about_union(config), **variables}
    folder = config.path(config.templates) if config.templates else None
    return render("reminder", context, language=language, folder=folder)


def _messages(outcomes: Counter[Outcome]) -> list[tuple[str, str]]:
    """What became of the reminders, as sentences."""
    found = []
    if count := outcomes["queued"]:
        sent = ngettext(
            "%(num)s reminder is being sent.", "%(num)s reminders are being sent.", count
        )
        found.append((sent, "success"))
    if count := outcomes["recent"]:
        lately = ngettext(
            "%(num)s member was reminded lately and gets none.",
            "%(num)s members were reminded lately and get none.",
            count,
        )
        found.append((lately, "info"))
    if count := outcomes["unsubscribed"]:
        off = ngettext(
            "%(num)s member has turned reminders off.",
            "%(num)s members have turned reminders off.",
            count,
        )
        found.append((off, "info"))
    if count := outcomes["left"]:
        left = ngettext(
            "%(num)s member has left the union and gets none.",
            "%(num)s members have left the union and get none.",
            count,
        )
        found.append((left, "info"))
    if count := outcomes["nothing-missing"] + outcomes["gone"]:
        done = ngettext(
            "%(num)s member has nothing left to do.",
            "%(num)s members have nothing left to do.",
            count,
        )
        found.append((done, "info"))
    return found or [(gettext("Nobody needs a reminder any more."), "info")]
