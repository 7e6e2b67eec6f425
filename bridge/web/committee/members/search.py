"""The list of members and the search. Search words never appear in a URL."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from bridge.store.members import search
from bridge.store.members.search import MemberFilter, MemberRow
from bridge.web.committee.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.committee.filters import PAGE_SIZE, Filters, read_filters
from bridge.web.committee.members import member_page
from bridge.web.common.services import Services
from bridge.web.common.visitor import for_committee

MAX_QUERY_LENGTH = 254


def blueprint(services: Services) -> Blueprint:
    """`/committee/members`, its CSV, and the pages of single members."""
    pages = Blueprint("members", __name__, url_prefix="/committee/members")

    @pages.route("", methods=["GET", "POST"])
    @for_committee()
    def index() -> str:
        filters, words = read_filters(services), _search_words()
        found = _read(services, filters, words, PAGE_SIZE + 1, filters.after)
        shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
        first, after = filters.pages("members.index", more, shown[-1].id if shown else 0)
        return render_template(
            "web/committee/members.html",
            filters=filters, words=words, people=shown, first=first, next=after,
            last=shown[-1].id if more else 0,
        )  # fmt: skip

    @pages.post("/list.csv")
    @for_committee()
    def table() -> Response:
        filters, words = read_filters(services), _search_words()
        audit_export(services, "members", {**filters.as_params, "searched": bool(words)})
        found = iter_all_pages(lambda limit, after: _read(services, filters, words, limit, after))
        return csv_response("members", _header(), (_cells(filters, each) for each in found))

    member_page.register_routes(pages, services)
    return pages


def _search_words() -> str:
    """The search words, only from the form, so that no name appears in a URL."""
    return " ".join(request.form.get("words", "").replace("\0", "").split())[:MAX_QUERY_LENGTH]


def _read(
    services: Services, filters: Filters, words: str, limit: int, after: int
) -> list[MemberRow]:
    option = filters.milestone
    member_filter = MemberFilter(
        words, filters.scope, option.key[0] if option else "", option.keys if option else ()
    )
    with services.database.reading() as session:
        return search.search(session, member_filter, limit, after)


def _header() -> list[str]:
    return [
        gettext("Number"), gettext("First name"), gettext("Last name"), gettext("Email"),
        gettext("Region"), gettext("Role"), gettext("Since"), gettext("Signed up"),
    ]  # fmt: skip


def _cells(filters: Filters, each: MemberRow) -> tuple[object, ...]:
    return (
        each.number, each.first_name, each.last_name, each.email,
        filters.region_name(each.region), each.role, each.role_since, each.created_at,
    )  # fmt: skip
