"""The page “Needs attention”: failed deliveries, why they failed, and retrying them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.model import idnumber
from bridge.membership.names import full_name
from bridge.store.accounts import questions as account_questions
from bridge.store.delivery import delivery_queries, differences, failed_deliveries
from bridge.store.delivery.failed_deliveries import FailedDelivery
from bridge.store.members import number_questions
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.tables.delivery import Delivery
from bridge.web.committee.needs_attention import failed_emails
from bridge.web.committee.needs_attention.delivery_labels import KINDS, REASONS, advice
from bridge.web.committee.needs_attention.targets import target_in_words
from bridge.web.committee.needs_attention.unknown_outcomes import (
    buttons_for,
    flash_treated_as_sent,
)
from bridge.web.common.access import open_to, visible_regions
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.columns import (
    Button,
    CsvField,
    buttons,
    cell,
    chip,
    member,
    region_field,
    text,
    visitor_may,
)
from bridge.web.lists.filter_fields import MAX_ID, MilestoneOption
from bridge.web.lists.filters import EXPORT_BATCH_SIZE, Filters, read_filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes, short_list

SHORT_LIST_SIZE = 5
"""How many failed emails the page shows."""


def blueprint(services: Services) -> Blueprint:
    """`/committee/failed-deliveries`, its CSV, and retrying one or all of them."""
    pages = Blueprint("failed_deliveries", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)
    _add_retry_routes(pages, services)
    return pages


def _add_retry_routes(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:delivery>/retry")
    @open_to("deliveries-retry")
    def retry(delivery: int) -> Answer:
        if delivery > MAX_ID:
            raise NotFound
        with services.database.transaction() as session:
            if failed_deliveries.find(session, delivery) is None:
                raise NotFound
            retried = _retry(session, [delivery], services.now())
        return _flash_and_redirect(services, retried)

    @pages.post("/retry")
    @open_to("deliveries-retry")
    def retry_all() -> Answer:
        filters = read_filters(services)
        with services.database.transaction() as session:
            found = _read(session, filters, EXPORT_BATCH_SIZE, 0)
            ids = [each.id for each in found if each.reason != "unknown"]
            retried = _retry(session, ids, services.now())
        return _flash_and_redirect(services, retried)

    @pages.post("/<int:delivery>/sent")
    @open_to("deliveries-retry")
    def treat_as_sent(delivery: int) -> Answer:
        if delivery > MAX_ID:
            raise NotFound
        now = services.now()
        with services.database.transaction() as session:
            found = failed_deliveries.by_ids(session, [delivery])
            settled = delivery_queries.treat_as_sent(session, now, [delivery])
            lines = [_audit_line(each, "done") for each in found if settled]
            audit_log.write_all(session, current_visitor().email, "treat-as-sent", lines, now)
        flash_treated_as_sent(settled)
        return redirect(url_for("failed_deliveries.index"), 303)


def _read(session: Session, filters: Filters, limit: int, after: int) -> list[FailedDelivery]:
    targets = _targets(filters.milestone) if filters.milestone else None
    return failed_deliveries.list_failed_deliveries(
        session, limit, after, regions=filters.scope, targets=targets
    )


def _targets(option: MilestoneOption) -> list[str]:
    """The targets of deliveries that are about a milestone."""
    return [idnumber(option.curriculum.key, key) for key in option.keys]


def _about(each: FailedDelivery) -> str:
    return target_in_words(each.target)


def _kind(each: FailedDelivery) -> str:
    return str(KINDS.get(each.kind, each.kind))


def _context(services: Services, filters: Filters) -> Mapping[str, object]:
    """How many account questions and differences are open, and the newest failed emails."""
    emails = None
    if current_visitor().may("emails"):
        emails = short_list(services, failed_emails.LIST, filters, SHORT_LIST_SIZE)
    regions = visible_regions()
    with services.database.reading() as session:
        counts = {
            "questions": account_questions.count_open(session, regions),
            "number_questions": number_questions.count_open(session, regions),
            "differences": differences.count_open(session, regions),
        }
        held = differences.held_kinds(session).items()
    labelled = [(KINDS.get(kind, kind), *numbers) for kind, numbers in held]
    return {**counts, "failed_emails": emails, "held": labelled}


def _buttons(each: FailedDelivery) -> list[Button]:
    about = f"{_kind(each)}, {full_name(each.first_name, each.last_name)}"
    retry = url_for("failed_deliveries.retry", delivery=each.id)
    sent = url_for("failed_deliveries.treat_as_sent", delivery=each.id)
    return buttons_for(each.reason, about, retry, sent)


def _retry(session: Session, ids: list[int], now: datetime) -> int:
    """Retry the deliveries that still need attention. Records each one in the audit log."""
    found = failed_deliveries.by_ids(session, ids)
    audit_log.write_all(session, current_visitor().email, "retry", map(_audit_line, found), now)
    return delivery_queries.retry(session, now, [each.id for each in found])


def _audit_line(each: Delivery, state: str = "owed") -> AuditRecord:
    before = {"state": each.state, "reason": each.reason, "attempts": each.attempts}
    after = {"delivery": each.id, "kind": each.kind, "target": each.target, "state": state}
    return AuditRecord(each.member_id, before, after)


def _flash_and_redirect(services: Services, retried: int) -> Answer:
    if retried:
        services.trigger_job()
        flash(ngettext("Retrying %(num)s delivery.",
                       "Retrying %(num)s deliveries.", retried), "success")  # fmt: skip
    else:
        flash(gettext("There was nothing left to retry."), "info")
    return redirect(url_for("failed_deliveries.index"), 303)


LIST: ListPage[FailedDelivery] = ListPage(
    endpoint="failed_deliveries.index",
    address="/committee/failed-deliveries",
    title=_("Needs attention"),
    access="deliveries",
    in_menu=True,
    section="administration",
    read=_read,
    introduction=_(
        "Updates in Moodle and emails to members that don't work by themselves: why, and what you "
        "can do. Everything else is retried automatically."
    ),
    next_step=NextStep(
        _("You don't have to look here every day: the dashboard says when there is something."),
        "dashboard.index",
        _("Dashboard"),
        "statistics",
    ),
    terms=("delivery", "moodle-account", "difference"),
    empty=lambda _filters: gettext("Nothing needs your attention."),
    export=Export("failed-deliveries"),
    parts="web/committee/lists/failed-deliveries.html",
    context=_context,
    columns=(
        member(lambda each: each.member_id, note=region_field()),
        text(_("What"), _kind, note=CsvField(_("About"), _about)),
        chip(
            _("Reason"),
            lambda each: REASONS.get(each.reason, each.reason),
            lambda each: "bad" if each.reason == "never" else "warn",
            detail=CsvField(_("Message"), lambda each: each.last_error),
        ),
        text(_("What to do"), advice, words=True),
        cell(
            _("Since"),
            "since",
            csv=(
                CsvField(_("Attempts"), lambda each: each.attempts),
                CsvField(_("Since"), lambda each: each.created_at),
                CsvField(
                    _("Next attempt"), lambda each: each.next_try if each.state == "owed" else None
                ),
            ),
        ),
        buttons(_buttons, shown=visitor_may("deliveries-retry")),
    ),
)
