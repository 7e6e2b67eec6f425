"""The list of people and the search. Search words never appear in a URL."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.store.persons import queries
from bridge.store.persons.queries import PersonFilter, PersonRow
from bridge.web.committee.people.person_page import PROOFS, SOURCES
from bridge.web.common.services import Services
from bridge.web.lists.columns import CsvField, cell, csv_only, day, region
from bridge.web.lists.filter_fields import REGION, SearchField
from bridge.web.lists.filters import Filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

WORDS = SearchField("words", _("Email, or how the name starts"))


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/committee/people` and its CSV."""
    add_list_routes(pages, services, LIST)


def _read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[PersonRow]:
    wanted = PersonFilter(filters[WORDS], filters.scope)
    return queries.list_persons(session, limit, after, wanted)


LIST: ListPage[PersonRow] = ListPage(
    endpoint="people.index",
    address="/committee/people",
    title=_("People"),
    access="people",
    in_menu=True,
    section="members",
    introduction=_(
        "Everyone the union is in touch with by email: guests, speakers, supervisors, and members "
        "who take part."
    ),
    fields=(WORDS, REGION),
    next_step=NextStep(
        _("Try fewer words or another spelling, or add the person."),
        "people.add", _("Add a person"), "people-change",
    ),
    terms=("person", "member"),
    read=_read,
    empty=lambda _filters: gettext("No results."),
    export=Export("people"),
    parts="web/committee/people/list-parts.html",
    context=lambda _services, _filters: {"proofs": PROOFS},
    columns=(
        cell(
            _("Name"),
            "name",
            csv=(CsvField(_("ID"), lambda each: each.id),
                 CsvField(_("Name"), lambda each: each.name)),
        ),
        cell(
            _("Email"),
            "email",
            words=True,
            csv=(CsvField(_("Email"), lambda each: each.email),
                 CsvField(_("Address"), lambda each: str(PROOFS[each.proof]))),
        ),
        csv_only(_("Member"), lambda each: each.member_id),
        region(),
        csv_only(_("Source"), lambda each: str(SOURCES[each.source])),
        day(_("Added"), lambda each: each.created_at),
    ),
)  # fmt: skip
