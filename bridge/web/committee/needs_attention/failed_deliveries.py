"""The page “Needs attention”: failed deliveries, why they failed, and retrying them."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.model import idnumber
from bridge.store.accounts import questions as account_questions
from bridge.store.delivery import delivery_queries, failed_deliveries
from bridge.store.delivery.failed_deliveries import FailedDelivery
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.tables.delivery import Delivery
from bridge.web.committee.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.committee.filters import (
    EXPORT_BATCH_SIZE,
    MAX_ID,
    PAGE_SIZE,
    Filters,
    MilestoneOption,
    read_filters,
)
from bridge.web.committee.needs_attention import failed_emails
from bridge.web.committee.needs_attention.delivery_labels import KINDS, REASONS, advice
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee


def blueprint(services: Services) -> Blueprint:
    """`/committee/failed-deliveries`, its CSV, and retrying one or all of them."""
    pages = Blueprint("failed_deliveries", __name__, url_prefix="/committee/failed-deliveries")
    _add_list_routes(pages, services)
    _add_retry_routes(pages, services)
    return pages


def _add_list_routes(pages: Blueprint, services: Services) -> None:
    @pages.get("")
    @for_committee()
    def index() -> str:
        filters = read_filters(services)
        found = _read(services, filters, PAGE_SIZE + 1, filters.after)
        shown = found[:PAGE_SIZE]
        first, after = filters.pages(
            "failed_deliveries.index", len(found) > PAGE_SIZE, shown[-1].id if shown else 0
        )
        return render_template(
            "web/committee/failed-deliveries.html",
            filters=filters, failed=shown, kinds=KINDS, reasons=REASONS, advice=advice,
            about=lambda each: describe_delivery(filters, each), first=first, next=after,
            failed_emails=failed_emails.newest(services) if current_visitor().sees_all else (),
            questions=_count_open_questions(services),
        )  # fmt: skip

    @pages.get("/list.csv")
    @for_committee()
    def table() -> Response:
        filters = read_filters(services)
        audit_export(services, "failed-deliveries", filters.as_params)
        found = iter_all_pages(lambda limit, after: _read(services, filters, limit, after))
        return csv_response(
            "failed-deliveries", _header(), (_cells(filters, each) for each in found)
        )


def _add_retry_routes(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:delivery>/retry")
    @for_committee(edit=True)
    def retry(delivery: int) -> Answer:
        if delivery > MAX_ID:
            raise NotFound
        with services.database.transaction() as session:
            if failed_deliveries.find(session, delivery) is None:
                raise NotFound
            retried = _retry(session, [delivery], services.now())
        return _flash_and_redirect(services, retried)

    @pages.post("/retry")
    @for_committee(edit=True)
    def retry_all() -> Answer:
        filters = read_filters(services)
        found = _read(services, filters, EXPORT_BATCH_SIZE, 0)
        with services.database.transaction() as session:
            retried = _retry(session, [each.id for each in found], services.now())
        return _flash_and_redirect(services, retried)


def describe_delivery(filters: Filters, each: FailedDelivery) -> str:
    """The title of the milestone that a delivery is about; '' if there is none."""
    return next(
        (option.title for option in filters.milestones if each.target in _targets(option)), ""
    )


def _targets(option: MilestoneOption) -> list[str]:
    """The targets of deliveries that are about a milestone."""
    return [idnumber(option.curriculum.key, key) for key in option.keys]


def _read(services: Services, filters: Filters, limit: int, after: int) -> list[FailedDelivery]:
    targets = _targets(filters.milestone) if filters.milestone else None
    with services.database.reading() as session:
        return failed_deliveries.list_failed_deliveries(
            session, limit, after, regions=filters.scope, targets=targets
        )


def _count_open_questions(services: Services) -> int:
    """The number of open account questions in the visitor's regions."""
    with services.database.reading() as session:
        return account_questions.count_open(session, current_visitor().scope)


def _retry(session: Session, ids: list[int], now: datetime) -> int:
    """Retry the deliveries that still need attention. Records each one in the audit log."""
    found = failed_deliveries.by_ids(session, ids)
    audit_log.write_all(session, current_visitor().email, "retry", map(_audit_line, found), now)
    return delivery_queries.retry(session, now, [each.id for each in found])


def _audit_line(each: Delivery) -> AuditRecord:
    before = {"state": each.state, "reason": each.reason, "attempts": each.attempts}
    after = {"delivery": each.id, "kind": each.kind, "target": each.target, "state": "owed"}
    return AuditRecord(each.member_id, before, after)


def _flash_and_redirect(services: Services, retried: int) -> Answer:
    if retried:
        services.trigger_job()
        flash(ngettext("Retrying %(num)s delivery.",
                       "Retrying %(num)s deliveries.", retried), "success")  # fmt: skip
    else:
        flash(gettext("There was nothing left to retry."), "info")
    return redirect(url_for("failed_deliveries.index"), 303)


def _header() -> list[str]:
    return [
        gettext("Number"), gettext("First name"), gettext("Last name"), gettext("Region"),
        gettext("What"), gettext("About"), gettext("Reason"), gettext("Message"),
        gettext("What to do"), gettext("Attempts"), gettext("Since"), gettext("Next attempt"),
    ]  # fmt: skip


def _cells(filters: Filters, each: FailedDelivery) -> tuple[object, ...]:
    return (
        each.number, each.first_name, each.last_name, filters.region_name(each.region),
        KINDS.get(each.kind, each.kind), describe_delivery(filters, each),
        REASONS.get(each.reason, each.reason),
        each.last_error, advice(each), each.attempts, each.created_at,
        each.next_try if each.state == "owed" else None,
    )  # fmt: skip
