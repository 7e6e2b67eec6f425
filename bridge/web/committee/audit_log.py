"""The activity log: who did what to which member, with the values before and after."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Blueprint
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.access.rights import CONFIDENTIAL, RIGHTS, Right
from bridge.store.operations import audit_queries
from bridge.store.operations.audit_queries import AuditFilter
from bridge.store.tables.operations import AuditEntry
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translated_text
from bridge.web.lists.columns import CsvField, cell, csv_only, date_and_time, text
from bridge.web.lists.filter_fields import MILESTONE, REGION, ChoiceField, IdField
from bridge.web.lists.filters import Filters
from bridge.web.lists.list_page import Export, ListPage
from bridge.web.lists.routes import add_list_routes

ACTIONS = {
    "looked": _("viewed a member"),
    "listed": _("exported a list"),
    "exported": _("exported a member's data"),
    "signed-up": _("signed up a member"),
    "member": _("changed a member"),
    "sign-off": _("recorded a sign-off"),
    "credit": _("recorded a credit"),
    "credit-withdrawn": _("withdrew a credit"),
    "sign-offs": _("recorded a list of sign-offs"),
    "sign-offs-undone": _("undid a list of sign-offs"),
    "award-question": _("asked whether a milestone stays"),
    "award-kept": _("decided that a milestone stays"),
    "award-withdrawn": _("withdrew a milestone"),
    "award-allowed": _("allowed a milestone again"),
    "role": _("changed a role"),
    "reminded": _("reminded a member"),
    "retry": _("retried a delivery"),
    "treat-as-sent": _("treated an email as sent"),
    "account-answer": _("answered an account question"),
    "number-answer": _("answered a number question"),
    "difference-answer": _("decided about a difference in Moodle"),
    "contact": _("marked a contact request as done"),
    "curriculum": _("edited a curriculum"),
    "apply": _("published to Moodle"),
    "token-added": _("created an API token"),
    "token-revoked": _("revoked an API token"),
    "file-stored": _("uploaded a file"),
    "file-read": _("downloaded a file"),
    "form-read": _("viewed a sent form"),
    "form-sent": _("sent a form"),
    "form-withdrawn": _("withdrew a form"),
    "session": _("changed a session"),
    "session-leaders": _("named the leaders of a session"),
    "attendance": _("recorded attendance"),
    "team-given": _("gave someone a role"),
    "team-confirmed": _("confirmed someone's role"),
    "team-invited-again": _("sent an invitation again"),
    "team-accepted": _("accepted a role"),
    "team-removed": _("ended someone's role"),
    "forgot": _("erased a member"),
    "person-looked": _("viewed a person"),
    "person-exported": _("exported a person's data"),
    "person-added": _("added a person"),
    "person": _("changed a person"),
    "person-confirmed": _("confirmed an email address"),
    "person-linked": _("linked a person to a member, or removed the link"),
    "person-merged": _("merged two entries of a person"),
    "person-erased": _("erased a person"),
}

ACTION = ChoiceField("action", _("What"), labels=ACTIONS, all_label=_("All actions"))
MEMBER = IdField("member", _("Member ID"), help=_("You find a member's ID on the member's page."))


def blueprint(services: Services) -> Blueprint:
    """`/committee/audit` and its CSV. Not for chairs, because it covers all regions."""
    pages = Blueprint("audit_log", __name__)
    add_list_routes(pages, services, LIST)
    return pages


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as the visitor may see it.

    `confidential`: the title of the right that they lack for its content, which is left out.
    """

    id: int
    at: datetime
    actor: str
    action: str
    member_id: int | None
    person_id: int | None
    before: Mapping[str, object]
    after: Mapping[str, object]
    confidential: str = ""


def _read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[ShownEntry]:
    option, visitor = filters.milestone, current_visitor()
    curriculum, keys = (option.key[0], option.keys) if option else ("", ())
    readable = [each for each in CONFIDENTIAL if visitor.regions(each) is None]
    wanted = AuditFilter(
        filters[MEMBER], filters[ACTION], filters.scope, curriculum, keys, readable
    )
    found = audit_queries.entries(session, limit, wanted, before=after or None)
    return [_shown(each, readable) for each in found]


def _shown(entry: AuditEntry, readable: Collection[Right]) -> ShownEntry:
    if not entry.needs or entry.needs in readable:
        return ShownEntry(
            entry.id, entry.at, entry.actor, entry.action, entry.member_id, entry.person_id,
            entry.before, entry.after,
        )  # fmt: skip
    known = RIGHTS.get(cast(Right, entry.needs))
    title = translated_text(known.title) if known else entry.needs
    actor = _actor_in_words(entry.actor)
    return ShownEntry(entry.id, entry.at, actor, entry.action, None, None, {}, {}, title)


def _actor_in_words(actor: str) -> str:
    """Who did something confidential. Whose it is isn't said: they did it themselves."""
    match actor.partition(":")[0]:
        case "member":
            return str(gettext("a member"))
        case "person":
            return str(gettext("someone without an account"))
        case _:
            return actor


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False)


LIST: ListPage[ShownEntry] = ListPage(
    endpoint="audit_log.index",
    address="/committee/audit",
    title=_("Activity log"),
    access="audit-log",
    in_menu=True,
    fields=(ACTION, MEMBER, REGION, MILESTONE),
    note=lambda _filters: gettext(
        "If you choose a region or a milestone, the list shows actions on members of that region, "
        "or on members who have reached that milestone."
    ),
    read=_read,
    empty=lambda _filters: gettext("No entries."),
    export=Export("activity-log", audit_name="audit-log"),
    parts="web/committee/lists/audit-log.html",
    columns=(
        date_and_time(_("When"), lambda each: each.at),
        text(_("Who"), lambda each: each.actor, words=True),
        text(
            _("What"),
            lambda each: ACTIONS.get(each.action, each.action),
            csv=[CsvField(_("What"), lambda each: each.action)],
        ),
        cell(_("Member"), "member", csv=[CsvField(_("Member"), lambda each: each.member_id)]),
        cell(
            _("Before"),
            "before",
            csv=[CsvField(_("Before"), lambda each: _json(each.before))],
            words=True,
        ),
        cell(
            _("After"),
            "after",
            csv=[CsvField(_("After"), lambda each: _json(each.after))],
            words=True,
        ),
        csv_only(_("Person"), lambda each: each.person_id),
        csv_only(_("Confidential"), lambda each: each.confidential),
    ),
)
