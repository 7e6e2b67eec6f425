"""Who was let into a milestone and has not earned it since: the longest wait first."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from bridge.store.learning.waiting_members import WaitingMember, waiting_members
from bridge.web.committee.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.committee.filters import PAGE_SIZE, Filters, read_filters
from bridge.web.common.services import Services
from bridge.web.common.visitor import for_committee


def register_routes(pages: Blueprint, services: Services) -> None:
    """Who has been stuck longest, page by page and as CSV."""

    @pages.get("/stuck")
    @for_committee()
    def waiting() -> str:
        asked = read_filters(services)
        found = longest_waiting(services, asked, PAGE_SIZE + 1, asked.after)
        shown = found[:PAGE_SIZE]
        first, after = asked.pages(
            "overview.waiting", len(found) > PAGE_SIZE, shown[-1].id if shown else 0
        )
        return render_template(
            "web/committee/stuck.html",
            filters=asked, stuck=shown, today=services.now(), first=first, next=after,
        )  # fmt: skip

    @pages.get("/stuck.csv")
    @for_committee()
    def waiting_table() -> Response:
        asked = read_filters(services)
        audit_export(services, "stuck", asked.said)
        found = iter_all_pages(lambda limit, after: longest_waiting(services, asked, limit, after))
        return csv_response("stuck", _heads(), (_cells(asked, each) for each in found))


def longest_waiting(
    services: Services, asked: Filters, limit: int, after: int
) -> list[WaitingMember]:
    """Up to `limit` of those who wait in the regions and milestones asked for. One query."""
    milestones = {step.key: step.milestone.previously for step in asked.chosen}
    with services.database.reading() as session:
        return waiting_members(session, milestones, asked.scope, limit, after)


def _heads() -> list[str]:
    return [
        gettext("Number"), gettext("First name"), gettext("Last name"), gettext("Region"),
        gettext("Milestone"), gettext("Since"), gettext("Last completed something"),
    ]  # fmt: skip


def _cells(asked: Filters, each: WaitingMember) -> tuple[object, ...]:
    title = next(s.title for s in asked.steps if s.key == (each.curriculum, each.milestone))
    return (
        each.number, each.first_name, each.last_name, asked.region_name(each.region), title,
        each.since, each.seen,
    )  # fmt: skip
