"""Deliveries that wait for a person: why, what to do about it, and trying again."""

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
from bridge.store.delivery.failed_deliveries import FailedDeliveryRow
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditLine
from bridge.store.tables.delivery import Delivery
from bridge.web.committee.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.committee.filters import EXPORT_BATCH_SIZE, MAX_ID, PAGE_SIZE, Filters, read_filters
from bridge.web.committee.needs_attention import failed_emails
from bridge.web.committee.needs_attention.delivery_labels import KINDS, REASONS, advice
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee


def blueprint(services: Services) -> Blueprint:
    """`/committee/deliveries`, as CSV, and trying one or all of them again."""
    pages = Blueprint("deliveries", __name__, url_prefix="/committee/deliveries")
    _show(pages, services)
    _change(pages, services)
    return pages


def _show(pages: Blueprint, services: Services) -> None:
    @pages.get("")
    @for_committee()
    def index() -> str:
        asked = read_filters(services)
        found = _read(services, asked, PAGE_SIZE + 1, asked.after)
        shown = found[:PAGE_SIZE]
        first, after = asked.pages(
            "deliveries.index", len(found) > PAGE_SIZE, shown[-1].id if shown else 0
        )
        return render_template(
            "web/committee/deliveries.html",
            filters=asked, waiting=shown, kinds=KINDS, reasons=REASONS, advice=advice,
            about=lambda each: describe_delivery(asked, each), first=first, next=after,
            unsent=failed_emails.waiting(services) if current_visitor().sees_all else (),
            questions=_open(services),
        )  # fmt: skip

    @pages.get("/list.csv")
    @for_committee()
    def table() -> Response:
        asked = read_filters(services)
        audit_export(services, "deliveries", asked.said)
        found = iter_all_pages(lambda limit, after: _read(services, asked, limit, after))
        return csv_response("deliveries", _heads(), (_cells(asked, each) for each in found))


def _change(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:delivery>/retry")
    @for_committee(edit=True)
    def retry(delivery: int) -> Answer:
        if delivery > MAX_ID:
            raise NotFound
        with services.database.transaction() as session:
            if failed_deliveries.find(session, delivery) is None:
                raise NotFound
            tried = _again(session, [delivery], services.now())
        return _told(services, tried)

    @pages.post("/retry")
    @for_committee(edit=True)
    def retry_all() -> Answer:
        asked = read_filters(services)
        found = _read(services, asked, EXPORT_BATCH_SIZE, 0)
        with services.database.transaction() as session:
            tried = _again(session, [each.id for each in found], services.now())
        return _told(services, tried)


def describe_delivery(asked: Filters, each: FailedDeliveryRow) -> str:
    """The title of the milestone it is about; '' if it is about none."""
    return next((s.title for s in asked.steps if each.target in _targets((s.key[0], s.keys))), "")


def _targets(step: tuple[str, tuple[str, ...]]) -> list[str]:
    curriculum, keys = step
    return [idnumber(curriculum, key) for key in keys]


def _read(services: Services, asked: Filters, limit: int, after: int) -> list[FailedDeliveryRow]:
    targets = _targets((asked.step.key[0], asked.step.keys)) if asked.step else None
    with services.database.reading() as session:
        return failed_deliveries.list_failed_deliveries(
            session, limit, after, regions=asked.scope, targets=targets
        )


def _open(services: Services) -> int:
    """How many account questions wait for an answer, in the visitor's regions."""
    with services.database.reading() as session:
        return account_questions.count_open(session, current_visitor().scope)


def _again(session: Session, ids: list[int], now: datetime) -> int:
    """Try these again if they still wait for a person, with a line in the audit log for each."""
    found = failed_deliveries.by_ids(session, ids)
    audit_log.write_all(session, current_visitor().email, "retry", map(_line, found), now)
    return delivery_queries.retry(session, now, [each.id for each in found])


def _line(each: Delivery) -> AuditLine:
    before = {"state": each.state, "reason": each.reason, "attempts": each.attempts}
    after = {"delivery": each.id, "kind": each.kind, "target": each.target, "state": "owed"}
    return AuditLine(each.member_id, before, after)


def _told(services: Services, tried: int) -> Answer:
    if tried:
        services.trigger_job()
        flash(ngettext("%(num)s delivery is tried again.",
                       "%(num)s deliveries are tried again.", tried), "success")  # fmt: skip
    else:
        flash(gettext("There was nothing left to try again."), "info")
    return redirect(url_for("deliveries.index"), 303)


def _heads() -> list[str]:
    return [
        gettext("Number"), gettext("First name"), gettext("Last name"), gettext("Region"),
        gettext("What"), gettext("About"), gettext("Reason"), gettext("Message"),
        gettext("What to do"), gettext("Attempts"), gettext("Since"), gettext("Next try"),
    ]  # fmt: skip


def _cells(asked: Filters, each: FailedDeliveryRow) -> tuple[object, ...]:
    return (
        each.number, each.first_name, each.last_name, asked.region_name(each.region),
        KINDS.get(each.kind, each.kind), describe_delivery(asked, each),
        REASONS.get(each.reason, each.reason),
        each.last_error, advice(each), each.attempts, each.created_at,
        each.next_try if each.state == "owed" else None,
    )  # fmt: skip
