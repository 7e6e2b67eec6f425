"""The list of members and the search. Search words never appear in a URL."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.store.members import search
from bridge.store.members.search import MemberFilter, MemberRow
from bridge.web.committee.members import changes, member_page, role_pages
from bridge.web.common.services import Services, current_services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.formatting import STATUSES, role_name
from bridge.web.lists.columns import CsvField, csv_only, day, member, region, text
from bridge.web.lists.filter_fields import MILESTONE, REGION, ChoiceField, SearchField
from bridge.web.lists.filters import Filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

WORDS = SearchField("words", _("Number, name or email"))
STATUS = ChoiceField("status", _("Membership"), labels=STATUSES, all_label=_("All members"))


def blueprint(services: Services) -> Blueprint:
    """`/committee/members`, its CSV, and the pages of single members."""
    pages = Blueprint("members", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)
    member_page.register_routes(pages, services)
    role_pages.register_routes(pages, services)
    changes.register_routes(pages, services)
    return pages


def _read(session: Session, filters: Filters, limit: int, after: int) -> list[MemberRow]:
    today = current_services().now().date()
    return search.search(session, _wanted(filters), limit, today, after)


def _wanted(filters: Filters) -> MemberFilter:
    option = filters.milestone
    curriculum, keys = (option.key[0], option.keys) if option else ("", ())
    return MemberFilter(filters[WORDS], filters.scope, curriculum, keys, filters[STATUS])


def _context(services: Services, filters: Filters) -> Mapping[str, object]:
    """How many members the list has, for the button that writes to all of them."""
    if not current_visitor().may("member-emails"):
        return {}
    with services.database.reading() as session:
        return {"found_count": search.count(session, _wanted(filters))}


def _who_is_listed(filters: Filters) -> str:
    if filters.milestone is None:
        return ""
    return str(gettext("Members who have reached “%(title)s”.", title=filters.milestone.title))


LIST: ListPage[MemberRow] = ListPage(
    endpoint="members.index",
    address="/committee/members",
    title=_("Members"),
    access="members",
    in_menu=True,
    section="members",
    fields=(WORDS, REGION, STATUS, MILESTONE),
    note=_who_is_listed,
    read=_read,
    empty=lambda _filters: gettext("No results."),
    introduction=_(
        "Everyone who has signed up or is in the membership system. Open a member to see what "
        "they have done, sign off a requirement, or change a role."
    ),
    next_step=NextStep(
        _("Try fewer words, another spelling, or all regions. New members sign up on this site."),
        "signup.form",
        _("Sign up"),
    ),
    terms=("member", "milestone", "role", "region"),
    export=Export("members"),
    parts="web/committee/members/list-parts.html",
    context=_context,
    columns=(
        member(lambda each: each.id),
        text(_("Email"), lambda each: each.email, words=True),
        region(),
        text(
            _("Role"),
            lambda each: role_name(each.role),
            csv=(
                CsvField(_("Role"), lambda each: each.role),
                CsvField(_("Since"), lambda each: each.role_since),
            ),
        ),
        csv_only(_("Membership"), lambda each: each.status),
        day(_("Signed up"), lambda each: each.created_at),
    ),
)
