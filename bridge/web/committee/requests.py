"""People who asked that a steward contact them: who waits, and that somebody took care of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.store import audit, contacts
from bridge.store.web_tables import ContactRequest
from bridge.web.collaborators import Collaborators
from bridge.web.committee.filters import LARGEST, PAGE, Filters, filters
from bridge.web.committee.sheet import everything, noted, sheet
from bridge.web.identity import for_committee, visitor


def blueprint(house: Collaborators) -> Blueprint:
    """`/committee/requests`, as CSV, and marking one as handled.

    A chair does that too: the request was mailed to them, and it is no change of a member.
    """
    pages = Blueprint("requests", __name__, url_prefix="/committee/requests")

    @pages.get("")
    @for_committee()
    def index() -> str:
        asked, handled = filters(house), _handled()
        found = _read(house, asked, handled, PAGE + 1, asked.after)
        shown, last = found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else 0
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
        asked, handled = filters(house), _handled()
        noted(house, "requests", {**asked.said, "handled": handled})
        found = everything(lambda limit, after: _read(house, asked, handled, limit, after))
        return sheet("requests", _heads(), (_cells(asked, each) for each in found))

    _handling(pages, house)
    return pages


def _handling(pages: Blueprint, house: Collaborators) -> None:
    @pages.post("/<int:number>/handled")
    @for_committee()
    def handle(number: int) -> Answer:
        if not (visitor().may_edit or visitor().chairs):
            raise Forbidden
        if _handle(house, number):
            flash(gettext("Thank you: it is marked as taken care of."), "success")
        else:
            flash(gettext("Somebody has taken care of it already."), "info")
        return redirect(url_for("requests.index"), 303)


def _handled() -> bool:
    """Whether those are asked for that somebody took care of."""
    return request.args.get("handled", "") == "1"


def _read(
    house: Collaborators, asked: Filters, handled: bool, limit: int, after: int
) -> Sequence[ContactRequest]:
    step = asked.step
    about = [f"{step.key[0]}:{key}" for key in step.keys] if step else None
    with house.database.reading() as session:
        return contacts.requests(
            session, limit, after, handled=handled, regions=asked.scope, about=about
        )


def _handle(house: Collaborators, number: int) -> bool:
    """Mark it, with an audit line; False if it was done before. Answers 404 for what is not there
    or not theirs."""
    who, now = visitor(), house.now()
    regions = None if who.may_edit else who.chairs
    with house.database.transaction() as session:
        if number > LARGEST or contacts.find(session, number, regions) is None:
            raise NotFound
        done = contacts.handle(session, number, regions, who.email, now)
        if done:
            after = {"request": number, "handled": True}
            audit.write(session, who.email, "contact", None, {"handled": False}, after, now)
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
