"""The activity log: who did what, as sentences, with the values before and after.

The CSV has the values as they are stored.
"""

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
from bridge.membership.names import full_name
from bridge.store.operations import audit_queries
from bridge.store.operations.audit_queries import AuditFilter
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry
from bridge.web.committee.activity.details import details
from bridge.web.committee.activity.names import NO_NAMES, Names, read_names
from bridge.web.committee.activity.sentences import sentence
from bridge.web.committee.activity.told import Told, address_behind
from bridge.web.common.services import Services, current_services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.formatting import key_as_words
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text
from bridge.web.lists.columns import CsvField, cell, csv_only, date_and_time
from bridge.web.lists.filter_fields import MILESTONE, REGION, ChoiceField, LinkedField
from bridge.web.lists.filters import Filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
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
    "roles": _("gave or ended a role for a list of members"),
    "roles-undone": _("undid a list of roles"),
    "award-question": _("asked whether a milestone stays"),
    "award-kept": _("decided that a milestone stays"),
    "award-withdrawn": _("withdrew a milestone"),
    "award-allowed": _("allowed a milestone again"),
    "role": _("changed a role"),
    "note-added": _("wrote a note about a member"),
    "note-changed": _("changed a note about a member"),
    "note-removed": _("removed a note about a member"),
    "member-merged": _("merged two members"),
    "members-imported": _("imported members from a file"),
    "import-undone": _("undid an import of members"),
    "reminded": _("reminded a member"),
    "member-email": _("sent, stopped or deleted an email to many members"),
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
    "filter-saved": _("saved a filter"),
    "filter-changed": _("changed a saved filter"),
    "filter-deleted": _("deleted a saved filter"),
    "report-emailed": _("emailed a report"),
    "report-stopped": _("stopped a report"),
    "consultation": _("changed a consultation"),
    "consultation-invitation": _("invited someone to a consultation, or withdrew the invitation"),
    "consultation-answers": _("answered a consultation"),
    "consultation-approval": _("approved or refused a text under consultation"),
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
MEMBER = LinkedField("member", _("Member"))
"""Whose page led here."""


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
    names: Names = NO_NAMES

    @property
    def told(self) -> Told:
        services = current_services()
        return Told(self, self.names, services.curricula, visitors_language(services.config))


def _read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[ShownEntry]:
    option, visitor = filters.milestone, current_visitor()
    curriculum, keys = (option.key[0], option.keys) if option else ("", ())
    readable = [each for each in CONFIDENTIAL if visitor.regions(each) is None]
    wanted = AuditFilter(
        filters[MEMBER], filters[ACTION], filters.scope, curriculum, keys, readable
    )
    found = audit_queries.entries(session, limit, wanted, before=after or None)
    open_ones = [each for each in found if not each.needs or each.needs in readable]
    services = current_services()
    language = visitors_language(services.config)
    names = read_names(session, open_ones, services.config, services.curricula, language)
    return [_shown(each, readable, names) for each in found]


def _shown(entry: AuditEntry, readable: Collection[Right], names: Names) -> ShownEntry:
    if not entry.needs or entry.needs in readable:
        return ShownEntry(
            entry.id, entry.at, entry.actor, entry.action, entry.member_id, entry.person_id,
            entry.before, entry.after, names=names,
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


def _context(services: Services, filters: Filters) -> Mapping[str, object]:
    return {
        "about": _name(services, filters[MEMBER]),
        "sentence_of": sentence, "details_of": details, "address_behind": address_behind,
        "general": _general,
    }  # fmt: skip


def _name(services: Services, member: int | None) -> str:
    """Who the list is about; '' if it is about everyone. One query, if any."""
    if member is None:
        return ""
    with services.database.reading() as session:
        found = session.get(Member, member)
        known = full_name(found.first_name, found.last_name) if found else ""
    return known or gettext("an erased member")


def _general(each: ShownEntry) -> str:
    """A confidential entry, without what it is about."""
    return f"{each.actor}: {ACTIONS.get(each.action) or key_as_words(each.action)}"


_AS_STORED: Sequence[CsvField[ShownEntry]] = (
    CsvField(_("Who"), lambda each: each.actor),
    CsvField(_("What"), lambda each: each.action),
    CsvField(_("Member"), lambda each: each.member_id),
    CsvField(_("Before"), lambda each: _json(each.before)),
    CsvField(_("After"), lambda each: _json(each.after)),
)
LIST: ListPage[ShownEntry] = ListPage(
    endpoint="audit_log.index",
    address="/committee/audit",
    title=_("Activity log"),
    access="audit-log",
    in_menu=True,
    section="administration",
    fields=(ACTION, MEMBER, REGION, MILESTONE),
    note=lambda _filters: gettext(
        "If you choose a region or a milestone, the list shows actions on members of that region, "
        "or on members who have reached that milestone."
    ),
    read=_read,
    empty=lambda _filters: gettext("No entries."),
    introduction=_(
        "Who did what, newest first: on these pages, on the command line, and what programs "
        "changed. Entries can't be edited."
    ),
    next_step=NextStep(
        _("Choose another action or region. What people do from now on appears here by itself.")
    ),
    terms=("activity-log", "member", "person"),
    export=Export("activity-log", audit_name="audit-log"),
    parts="web/committee/lists/audit-log.html",
    context=_context,
    columns=(
        date_and_time(_("When"), lambda each: each.at),
        cell(_("What happened"), "sentence", csv=_AS_STORED, words=True),
        cell(_("Details"), "details", words=True),
        csv_only(_("Person"), lambda each: each.person_id),
        csv_only(_("Confidential"), lambda each: each.confidential),
    ),
)
