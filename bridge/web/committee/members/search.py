"""Members: found, looked at, and corrected. Whoever is looked for stands in no address."""

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
    """`/committee/members`, one member's page, and what the committee changes there."""
    pages = Blueprint("members", __name__, url_prefix="/committee/members")

    @pages.route("", methods=["GET", "POST"])
    @for_committee()
    def index() -> str:
        asked, words = read_filters(services), _words()
        found = _read(services, asked, words, PAGE_SIZE + 1, asked.after)
        shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
        first, after = asked.pages("members.index", more, shown[-1].id if shown else 0)
        return render_template(
            "web/committee/members.html",
            filters=asked, words=words, people=shown, first=first, next=after,
            last=shown[-1].id if more else 0,
        )  # fmt: skip

    @pages.post("/list.csv")
    @for_committee()
    def table() -> Response:
        asked, words = read_filters(services), _words()
        audit_export(services, "members", {**asked.said, "searched": bool(words)})
        found = iter_all_pages(lambda limit, after: _read(services, asked, words, limit, after))
        return csv_response("members", _heads(), (_cells(asked, each) for each in found))

    member_page.register_routes(pages, services)
    return pages


def _words() -> str:
    """What is searched for: only from a form, so that no name comes to stand in an address."""
    return " ".join(request.form.get("words", "").replace("\0", "").split())[:MAX_QUERY_LENGTH]


def _read(
    services: Services, asked: Filters, words: str, limit: int, after: int
) -> list[MemberRow]:
    step = asked.step
    wanted = MemberFilter(
        words, asked.scope, step.key[0] if step else "", step.keys if step else ()
    )
    with services.database.reading() as session:
        return search.search(session, wanted, limit, after)


def _heads() -> list[str]:
    return [
        gettext("Number"), gettext("First name"), gettext("Last name"), gettext("E-mail"),
        gettext("Region"), gettext("Role"), gettext("Since"), gettext("Signed up"),
    ]  # fmt: skip


def _cells(asked: Filters, each: MemberRow) -> tuple[object, ...]:
    return (
        each.number, each.first_name, each.last_name, each.email,
        asked.region_name(each.region), each.role, each.role_since, each.created_at,
    )  # fmt: skip
