"""Who did what to whom, and what it was before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import NotFound

from bridge.store.operations import audit_queries
from bridge.store.operations.audit_queries import AuditFilter
from bridge.store.tables.operations import AuditEntry
from bridge.web.committee.csv_export import audit_export, csv_response
from bridge.web.committee.filters import EXPORT_BATCH_SIZE, PAGE_SIZE, Filters, number, read_filters
from bridge.web.common.services import Services
from bridge.web.common.visitor import for_committee

ACTIONS = {
    "looked": lazy_gettext("looked at a member"),
    "listed": lazy_gettext("exported a list"),
    "exported": lazy_gettext("exported everything about a member"),
    "signed-up": lazy_gettext("signed up a member"),
    "member": lazy_gettext("changed a member"),
    "sign-off": lazy_gettext("recorded a sign-off"),
    "role": lazy_gettext("changed a role"),
    "retry": lazy_gettext("tried a delivery again"),
    "account-answer": lazy_gettext("answered an account question"),
    "contact": lazy_gettext("took care of a request"),
    "curriculum": lazy_gettext("edited a curriculum"),
    "apply": lazy_gettext("applied a plan"),
    "token-added": lazy_gettext("made a token for a program"),
    "token-revoked": lazy_gettext("revoked a token"),
    "forgot": lazy_gettext("forgot a member"),
}


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Region and milestone, and beside them a member's record and a kind of line."""

    filters: Filters
    member: int | None
    action: str

    @property
    def also(self) -> dict[str, str | int | None]:
        return {"member": self.member, "action": self.action or None}

    @property
    def wanted(self) -> AuditFilter:
        step = self.filters.step
        path, keys = (step.key[0], step.keys) if step else ("", ())
        return AuditFilter(self.member, self.action, self.filters.scope, path, keys)


def blueprint(services: Services) -> Blueprint:
    """`/committee/audit`, and as CSV. Chairs have no part in it: it is about all regions."""
    pages = Blueprint("audit", __name__, url_prefix="/committee/audit")

    @pages.get("")
    @for_committee(chairs=False)
    def index() -> str:
        asked, before = _asked(services), number("before")
        found = _read(services, asked, PAGE_SIZE + 1, before)
        shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
        address = asked.filters.address
        return render_template(
            "web/committee/audit.html",
            lines=shown, actions=ACTIONS, action=asked.action, member=asked.member,
            filters=asked.filters,
            first=address("audit.index", **asked.also) if before is not None else "",
            next=address("audit.index", before=shown[-1].id, **asked.also) if more else "",
            csv=address("audit.table", **asked.also),
        )  # fmt: skip

    @pages.get("/list.csv")
    @for_committee(chairs=False)
    def table() -> Response:
        asked = _asked(services)
        audit_export(services, "audit", {**asked.filters.said, **asked.also})
        heads = [gettext("When"), gettext("Who"), gettext("What"), gettext("Member"),
                 gettext("Before"), gettext("After")]  # fmt: skip
        return csv_response("audit", heads, _rows(services, asked))

    return pages


def _asked(services: Services) -> AuditQuery:
    """What the visitor asks for. Answers 404 for what is none."""
    action = request.args.get("action", "")
    if len(action) > 40:
        raise NotFound
    return AuditQuery(read_filters(services), number("member"), action)


def _read(
    services: Services, asked: AuditQuery, limit: int, before: int | None
) -> list[AuditEntry]:
    with services.database.reading() as session:
        return audit_queries.entries(session, limit, asked.wanted, before=before)


def _rows(services: Services, asked: AuditQuery) -> Iterator[tuple[object, ...]]:
    before: int | None = None
    while lines := _read(services, asked, EXPORT_BATCH_SIZE, before):
        for line in lines:
            old, new = (json.dumps(each, ensure_ascii=False) for each in (line.before, line.after))
            yield line.at, line.actor, line.action, line.member_id, old, new
        before = lines[-1].id
