"""Deliveries that wait for a person: why, what to do about it, and trying again."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.model import idnumber
from bridge.store import account_questions, audit, backlog, needing
from bridge.store.audit import Line
from bridge.store.needing import Needing
from bridge.store.tables import Delivery
from bridge.web.collaborators import Collaborators
from bridge.web.committee import letters
from bridge.web.committee.delivery_words import KINDS, REASONS, advice
from bridge.web.committee.filters import BATCH, LARGEST, PAGE, Filters, filters
from bridge.web.committee.sheet import everything, noted, sheet
from bridge.web.identity import for_committee, visitor


def blueprint(house: Collaborators) -> Blueprint:
    """`/committee/deliveries`, as CSV, and trying one or all of them again."""
    pages = Blueprint("deliveries", __name__, url_prefix="/committee/deliveries")
    _show(pages, house)
    _change(pages, house)
    return pages


def _show(pages: Blueprint, house: Collaborators) -> None:
    @pages.get("")
    @for_committee()
    def index() -> str:
        asked = filters(house)
        found = _read(house, asked, PAGE + 1, asked.after)
        shown = found[:PAGE]
        first, after = asked.pages(
            "deliveries.index", len(found) > PAGE, shown[-1].id if shown else 0
        )
        return render_template(
            "web/committee/deliveries.html",
            filters=asked, waiting=shown, kinds=KINDS, reasons=REASONS, advice=advice,
            about=lambda each: about(asked, each), first=first, next=after,
            unsent=letters.waiting(house) if visitor().sees_all else (), questions=_open(house),
        )  # fmt: skip

    @pages.get("/list.csv")
    @for_committee()
    def table() -> Response:
        asked = filters(house)
        noted(house, "deliveries", asked.said)
        found = everything(lambda limit, after: _read(house, asked, limit, after))
        return sheet("deliveries", _heads(), (_cells(asked, each) for each in found))


def _change(pages: Blueprint, house: Collaborators) -> None:
    @pages.post("/<int:delivery>/retry")
    @for_committee(edit=True)
    def retry(delivery: int) -> Answer:
        if delivery > LARGEST:
            raise NotFound
        with house.database.transaction() as session:
            if needing.find(session, delivery) is None:
                raise NotFound
            tried = _again(session, [delivery], house.now())
        return _told(house, tried)

    @pages.post("/retry")
    @for_committee(edit=True)
    def retry_all() -> Answer:
        asked = filters(house)
        found = _read(house, asked, BATCH, 0)
        with house.database.transaction() as session:
            tried = _again(session, [each.id for each in found], house.now())
        return _told(house, tried)


def about(asked: Filters, each: Needing) -> str:
    """The title of the milestone it is about; '' if it is about none."""
    return next((s.title for s in asked.steps if each.target in _targets((s.key[0], s.keys))), "")


def _targets(step: tuple[str, tuple[str, ...]]) -> list[str]:
    curriculum, keys = step
    return [idnumber(curriculum, key) for key in keys]


def _read(house: Collaborators, asked: Filters, limit: int, after: int) -> list[Needing]:
    targets = _targets((asked.step.key[0], asked.step.keys)) if asked.step else None
    with house.database.reading() as session:
        return needing.needing(session, limit, after, regions=asked.scope, targets=targets)


def _open(house: Collaborators) -> int:
    """How many account questions wait for an answer, in the visitor's regions."""
    with house.database.reading() as session:
        return account_questions.count_open(session, visitor().scope)


def _again(session: Session, ids: list[int], now: datetime) -> int:
    """Try these again if they still wait for a person, with a line in the audit log for each."""
    found = needing.by_ids(session, ids)
    audit.write_all(session, visitor().email, "retry", map(_line, found), now)
    return backlog.retry(session, now, [each.id for each in found])


def _line(each: Delivery) -> Line:
    before = {"state": each.state, "reason": each.reason, "attempts": each.attempts}
    after = {"delivery": each.id, "kind": each.kind, "target": each.target, "state": "owed"}
    return Line(each.member_id, before, after)


def _told(house: Collaborators, tried: int) -> Answer:
    if tried:
        house.wake()
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


def _cells(asked: Filters, each: Needing) -> tuple[object, ...]:
    return (
        each.number, each.first_name, each.last_name, asked.region_name(each.region),
        KINDS.get(each.kind, each.kind), about(asked, each), REASONS.get(each.reason, each.reason),
        each.last_error, advice(each), each.attempts, each.created_at,
        each.next_try if each.state == "owed" else None,
    )  # fmt: skip
