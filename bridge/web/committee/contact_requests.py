"""People who asked that a steward contact them: who waits, and that somebody took care of it."""

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
    """`/committee/requests`, as CSV, and marking one as handled.

    A chair does that too: the request was mailed to them, and it is no change of a member.
    """
    pages = Blueprint("requests", __name__, url_prefix="/committee/requests")

    @pages.get("")
    @for_committee()
    def index() -> str:
        asked, handled = read_filters(services), _handled()
        found = _read(services, asked, handled, PAGE_SIZE + 1, asked.after)
        shown, last = found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else 0
        also = {"handled": 1 if handled else None}
        first, after = asked.pages("requests.index", bool(last), last, **also)
        return render_template(
            "web/committee/requests.html",
            filters=asked, handled=handled, requests=shown, first=first, next=after,
            csv=asked.address("requests.table", **also), about=lambda each: _about(asked, each),
        )  # fmt: skip

    @pages.get("/list.csv")
    @for_committee()
    def table() -> Response:
        asked, handled = read_filters(services), _handled()
        audit_export(services, "requests", {**asked.said, "handled": handled})
        found = iter_all_pages(lambda limit, after: _read(services, asked, handled, limit, after))
        return csv_response("requests", _heads(), (_cells(asked, each) for each in found))

    _handling(pages, services)
    return pages


def _handling(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:number>/handled")
    @for_committee()
    def handle(number: int) -> Answer:
        if not (current_visitor().may_edit or current_visitor().chairs):
            raise Forbidden
        if _handle(services, number):
            flash(gettext("Thank you: it is marked as taken care of."), "success")
        else:
            flash(gettext("Somebody has taken care of it already."), "info")
        return redirect(url_for("requests.index"), 303)


def _handled() -> bool:
    """Whether those are asked for that somebody took care of."""
    return request.args.get("handled", "") == "1"


def _read(
    services: Services, asked: Filters, handled: bool, limit: int, after: int
) -> Sequence[ContactRequest]:
    step = asked.step
    about = [f"{step.key[0]}:{key}" for key in step.keys] if step else None
    with services.database.reading() as session:
        return contact_requests.requests(
            session, limit, after, handled=handled, regions=asked.scope, about=about
        )


def _handle(services: Services, number: int) -> bool:
    """Mark it, with an audit line; False if it was done before. Answers 404 for what is not there
    or not theirs."""
    actor, now = current_visitor(), services.now()
    regions = None if actor.may_edit else actor.chairs
    with services.database.transaction() as session:
        if number > MAX_ID or contact_requests.find(session, number, regions) is None:
            raise NotFound
        done = contact_requests.handle(session, number, regions, actor.email, now)
        if done:
            after = {"request": number, "handled": True}
            audit_log.write(session, actor.email, "contact", None, {"handled": False}, after, now)
    return done


def _about(asked: Filters, each: ContactRequest) -> str:
    """The title of the milestone whose page they came from."""
    path, _, key = each.about.partition(":")
    found = (s.title for s in asked.steps if s.key[0] == path and key in s.keys)
    return next(found, each.about)


def _heads() -> list[str]:
    return [
        gettext("Since"), gettext("Name"), gettext("E-mail"), gettext("Telephone"),
        gettext("Region"), gettext("About"), gettext("Message"), gettext("Taken care of"),
        gettext("By"),
    ]  # fmt: skip


def _cells(asked: Filters, each: ContactRequest) -> tuple[object, ...]:
    return (
        each.created_at, each.name, each.email, each.phone, asked.region_name(each.region),
        _about(asked, each), each.message, each.handled_at, each.handled_by,
    )  # fmt: skip
