"""Members working on a milestone they haven't earned yet, longest first."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from bridge.store.learning.waiting_members import WaitingMember, waiting_members
from bridge.web.committee.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.committee.filters import PAGE_SIZE, Filters, read_filters
from bridge.web.common.services import Services
from bridge.web.common.visitor import for_committee


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/committee/follow-up` and its CSV."""

    @pages.get("/follow-up")
    @for_committee()
    def follow_up() -> str:
        filters = read_filters(services)
        found = longest_waiting(services, filters, PAGE_SIZE + 1, filters.after)
        shown = found[:PAGE_SIZE]
        first, after = filters.pages(
            "dashboard.follow_up", len(found) > PAGE_SIZE, shown[-1].id if shown else 0
        )
        return render_template(
            "web/committee/follow-up.html",
            filters=filters, waiting=shown, today=services.now(), first=first, next=after,
        )  # fmt: skip

    @pages.get("/follow-up.csv")
    @for_committee()
    def follow_up_table() -> Response:
        filters = read_filters(services)
        audit_export(services, "follow-up", filters.as_params)
        found = iter_all_pages(
            lambda limit, after: longest_waiting(services, filters, limit, after)
        )
        return csv_response("follow-up", _header(), (_cells(filters, each) for each in found))


def longest_waiting(
    services: Services, filters: Filters, limit: int, after: int
) -> list[WaitingMember]:
    """Up to `limit` waiting members in the chosen regions and milestones. One query."""
    milestones = {option.key: option.milestone.previously for option in filters.chosen_milestones}
    with services.database.reading() as session:
        return waiting_members(session, milestones, filters.scope, limit, after)


def _header() -> list[str]:
    return [
        gettext("Number"), gettext("First name"), gettext("Last name"), gettext("Region"),
        gettext("Milestone"), gettext("Since"), gettext("Last completion"),
    ]  # fmt: skip


def _cells(filters: Filters, each: WaitingMember) -> tuple[object, ...]:
    key = (each.curriculum, each.milestone)
    title = next(option.title for option in filters.milestones if option.key == key)
    return (
        each.number, each.first_name, each.last_name, filters.region_name(each.region), title,
        each.since, each.seen,
    )  # fmt: skip
