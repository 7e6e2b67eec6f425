"""Contact requests: list them, export them, and mark them as done."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.store.members import contact_requests
from bridge.store.operations import audit_log
from bridge.store.tables.members import ContactRequest
from bridge.web.committee.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.committee.filters import MAX_ID, PAGE_SIZE, Filters, read_filters
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee


def blueprint(services: Services) -> Blueprint:
    """`/committee/contact-requests`, its CSV, and marking a request as done.

    Chairs can do that too: they get the requests by email, and no member is changed.
    """
    pages = Blueprint("contact_requests", __name__, url_prefix="/committee/contact-requests")

    @pages.get("")
    @for_committee()
    def index() -> str:
        filters, done = read_filters(services), _wants_done()
        found = _read(services, filters, done, PAGE_SIZE + 1, filters.after)
        shown, last = found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else 0
        params = {"handled": 1 if done else None}
        first, after = filters.pages("contact_requests.index", bool(last), last, **params)
        return render_template(
            "web/committee/contact-requests.html",
            filters=filters, handled=done, requests=shown, first=first, next=after,
            csv=filters.address("contact_requests.table", **params),
            about=lambda each: _about(filters, each),
        )  # fmt: skip

    @pages.get("/list.csv")
    @for_committee()
    def table() -> Response:
        filters, done = read_filters(services), _wants_done()
        audit_export(services, "contact-requests", {**filters.as_params, "handled": done})
        found = iter_all_pages(lambda limit, after: _read(services, filters, done, limit, after))
        return csv_response(
            "contact-requests", _header(), (_cells(filters, each) for each in found)
        )

    _add_mark_done_route(pages, services)
    return pages


def _add_mark_done_route(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:number>/handled")
    @for_committee()
    def mark_done(number: int) -> Answer:
        if not (current_visitor().may_edit or current_visitor().chairs):
            raise Forbidden
        if _mark_done(services, number):
            flash(gettext("The request is marked as done."), "success")
        else:
            flash(gettext("Someone has already marked it as done."), "info")
        return redirect(url_for("contact_requests.index"), 303)


def _wants_done() -> bool:
    """Whether the visitor chose the requests that are done."""
    return request.args.get("handled", "") == "1"


def _read(
    services: Services, filters: Filters, done: bool, limit: int, after: int
) -> Sequence[ContactRequest]:
    option = filters.milestone
    about = [f"{option.key[0]}:{key}" for key in option.keys] if option else None
    with services.database.reading() as session:
        return contact_requests.list_requests(
            session, limit, after, handled=done, regions=filters.scope, about=about
        )


def _mark_done(services: Services, number: int) -> bool:
    """Mark a request as done and record it in the audit log. Returns False if it already was.

    Raises NotFound if there is no such request, or if it is for a region of another chair.
    """
    actor, now = current_visitor(), services.now()
    regions = None if actor.may_edit else actor.chairs
    with services.database.transaction() as session:
        if number > MAX_ID or contact_requests.find(session, number, regions) is None:
            raise NotFound
        changed = contact_requests.handle(session, number, regions, actor.email, now)
        if changed:
            after = {"request": number, "handled": True}
            audit_log.write(session, actor.email, "contact", None, {"handled": False}, after, now)
    return changed


def _about(filters: Filters, each: ContactRequest) -> str:
    """The title of the milestone whose page the request was sent from."""
    curriculum, _, key = each.about.partition(":")
    titles = (
        option.title
        for option in filters.milestones
        if option.key[0] == curriculum and key in option.keys
    )
    return next(titles, each.about)


def _header() -> list[str]:
    return [
        gettext("Since"), gettext("Name"), gettext("Email"), gettext("Phone"),
        gettext("Region"), gettext("About"), gettext("Message"), gettext("Done"),
        gettext("By"),
    ]  # fmt: skip


def _cells(filters: Filters, each: ContactRequest) -> tuple[object, ...]:
    return (
        each.created_at, each.name, each.email, each.phone, filters.region_name(each.region),
        _about(filters, each), each.message, each.handled_at, each.handled_by,
    )  # fmt: skip
