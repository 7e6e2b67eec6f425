"""The activity log: who did what to which member, with the values before and after."""

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
from bridge.web.committee.filters import (
    EXPORT_BATCH_SIZE,
    PAGE_SIZE,
    Filters,
    id_parameter,
    read_filters,
)
from bridge.web.common.services import Services
from bridge.web.common.visitor import for_committee

ACTIONS = {
    "looked": lazy_gettext("viewed a member"),
    "listed": lazy_gettext("exported a list"),
    "exported": lazy_gettext("exported a member's data"),
    "signed-up": lazy_gettext("signed up a member"),
    "member": lazy_gettext("changed a member"),
    "sign-off": lazy_gettext("recorded a sign-off"),
    "role": lazy_gettext("changed a role"),
    "retry": lazy_gettext("retried a delivery"),
    "account-answer": lazy_gettext("answered an account question"),
    "contact": lazy_gettext("marked a contact request as done"),
    "curriculum": lazy_gettext("edited a curriculum"),
    "apply": lazy_gettext("published to Moodle"),
    "token-added": lazy_gettext("created an API token"),
    "token-revoked": lazy_gettext("revoked an API token"),
    "forgot": lazy_gettext("erased a member"),
}


MAX_ACTION_LENGTH = 40


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """The filters of the activity log: region, milestone, member and action."""

    filters: Filters
    member: int | None
    action: str

    @property
    def params(self) -> dict[str, str | int | None]:
        """The query parameters besides region and milestone."""
        return {"member": self.member, "action": self.action or None}

    @property
    def audit_filter(self) -> AuditFilter:
        option = self.filters.milestone
        curriculum, keys = (option.key[0], option.keys) if option else ("", ())
        return AuditFilter(self.member, self.action, self.filters.scope, curriculum, keys)


def blueprint(services: Services) -> Blueprint:
    """`/committee/audit` and its CSV. Not for chairs, because it covers all regions."""
    pages = Blueprint("audit_log", __name__, url_prefix="/committee/audit")

    @pages.get("")
    @for_committee(chairs=False)
    def index() -> str:
        query, before = _read_query(services), id_parameter("before")
        found = _read(services, query, PAGE_SIZE + 1, before)
        shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
        address = query.filters.address
        return render_template(
            "web/committee/audit-log.html",
            lines=shown, actions=ACTIONS, action=query.action, member=query.member,
            filters=query.filters,
            first=address("audit_log.index", **query.params) if before is not None else "",
            next=address("audit_log.index", before=shown[-1].id, **query.params) if more else "",
            csv=address("audit_log.table", **query.params),
        )  # fmt: skip

    @pages.get("/list.csv")
    @for_committee(chairs=False)
    def table() -> Response:
        query = _read_query(services)
        audit_export(services, "audit-log", {**query.filters.as_params, **query.params})
        header = [gettext("When"), gettext("Who"), gettext("What"), gettext("Member"),
                 gettext("Before"), gettext("After")]  # fmt: skip
        return csv_response("activity-log", header, _rows(services, query))

    return pages


def _read_query(services: Services) -> AuditQuery:
    """Read the filters from the request. Raises NotFound if they are invalid."""
    action = request.args.get("action", "")
    if len(action) > MAX_ACTION_LENGTH:
        raise NotFound
    return AuditQuery(read_filters(services), id_parameter("member"), action)


def _read(
    services: Services, query: AuditQuery, limit: int, before: int | None
) -> list[AuditEntry]:
    with services.database.reading() as session:
        return audit_queries.entries(session, limit, query.audit_filter, before=before)


def _rows(services: Services, query: AuditQuery) -> Iterator[tuple[object, ...]]:
    before: int | None = None
    while lines := _read(services, query, EXPORT_BATCH_SIZE, before):
        for line in lines:
            old, new = (json.dumps(each, ensure_ascii=False) for each in (line.before, line.after))
            yield line.at, line.actor, line.action, line.member_id, old, new
        before = lines[-1].id
