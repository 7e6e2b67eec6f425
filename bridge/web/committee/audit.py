"""Who did what to whom, and what it was before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import NotFound

from bridge.store import logbook
from bridge.store.tables import Audit
from bridge.web.collaborators import Collaborators
from bridge.web.committee.filters import BATCH, PAGE, number
from bridge.web.committee.sheet import sheet
from bridge.web.identity import for_committee

ACTIONS = {
    "looked": lazy_gettext("looked at a member"),
    "listed": lazy_gettext("exported a list"),
    "exported": lazy_gettext("exported everything about a member"),
    "sign-off": lazy_gettext("recorded a sign-off"),
    "role": lazy_gettext("changed a role"),
    "retry": lazy_gettext("tried a delivery again"),
    "curriculum": lazy_gettext("edited a curriculum"),
    "apply": lazy_gettext("applied a plan"),
    "forgot": lazy_gettext("forgot a member"),
}


def blueprint(house: Collaborators) -> Blueprint:
    """`/committee/audit`, and as CSV. Chairs have no part in it: it is about all regions."""
    pages = Blueprint("audit", __name__, url_prefix="/committee/audit")

    @pages.get("")
    @for_committee(chairs=False)
    def index() -> str:
        before, member, action = number("before"), number("member"), _action()
        found = _read(house, PAGE + 1, before, member, action)
        shown, more = found[:PAGE], len(found) > PAGE
        return render_template(
            "web/committee/audit.html",
            lines=shown,
            actions=ACTIONS,
            action=action,
            member=member,
            first=url_for("audit.index", member=member, action=action or None)
            if before is not None
            else "",
            next=url_for("audit.index", before=shown[-1].id, member=member, action=action or None)
            if more
            else "",
            csv=url_for("audit.table", member=member, action=action or None),
        )

    @pages.get("/list.csv")
    @for_committee(chairs=False)
    def table() -> Response:
        member, action = number("member"), _action()

        heads = [gettext("When"), gettext("Who"), gettext("What"), gettext("Member"),
                 gettext("Before"), gettext("After")]  # fmt: skip
        return sheet("audit", heads, _rows(house, member, action))

    return pages


def _action() -> str:
    """The kind of line asked for; '' for all. Answers 404 for what is none."""
    action = request.args.get("action", "")
    if len(action) > 40:
        raise NotFound
    return action


def _read(
    house: Collaborators, limit: int, before: int | None, member: int | None, action: str
) -> list[Audit]:
    with house.database.reading() as session:
        return logbook.entries(session, limit, before=before, member_id=member, action=action)


def _rows(house: Collaborators, member: int | None, action: str) -> Iterator[tuple[object, ...]]:
    before: int | None = None
    while lines := _read(house, BATCH, before, member, action):
        for line in lines:
            old, new = (json.dumps(each, ensure_ascii=False) for each in (line.before, line.after))
            yield line.at, line.who, line.action, line.member_id, old, new
        before = lines[-1].id
