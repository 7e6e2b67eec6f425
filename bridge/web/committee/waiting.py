"""Who was let into a milestone and has not earned it since: the longest wait first."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from bridge.store.stuck import Stuck, stuck
from bridge.web.collaborators import Collaborators
from bridge.web.committee.filters import PAGE, Filters, filters
from bridge.web.committee.sheet import everything, noted, sheet
from bridge.web.identity import for_committee


def add_to(pages: Blueprint, house: Collaborators) -> None:
    """Who has been stuck longest, page by page and as CSV."""

    @pages.get("/stuck")
    @for_committee()
    def waiting() -> str:
        asked = filters(house)
        found = longest(house, asked, PAGE + 1, asked.after)
        shown = found[:PAGE]
        first, after = asked.pages(
            "overview.waiting", len(found) > PAGE, shown[-1].id if shown else 0
        )
        return render_template(
            "web/committee/stuck.html",
            filters=asked, stuck=shown, today=house.now(), first=first, next=after,
        )  # fmt: skip

    @pages.get("/stuck.csv")
    @for_committee()
    def waiting_table() -> Response:
        asked = filters(house)
        noted(house, "stuck", asked.said)
        found = everything(lambda limit, after: longest(house, asked, limit, after))
        return sheet("stuck", _heads(), (_cells(asked, each) for each in found))


def longest(house: Collaborators, asked: Filters, limit: int, after: int) -> list[Stuck]:
    """Up to `limit` of those who wait in the regions and milestones asked for. One query."""
    milestones = {step.key: step.milestone.previously for step in asked.chosen}
    with house.database.reading() as session:
        return stuck(session, milestones, asked.scope, limit, after)


def _heads() -> list[str]:
    return [
        gettext("Number"), gettext("First name"), gettext("Last name"), gettext("Region"),
        gettext("Milestone"), gettext("Since"), gettext("Last completed something"),
    ]  # fmt: skip


def _cells(asked: Filters, each: Stuck) -> tuple[object, ...]:
    title = next(s.title for s in asked.steps if s.key == (each.curriculum, each.milestone))
    return (
        each.number, each.first_name, each.last_name, asked.region_name(each.region), title,
        each.since, each.seen,
    )  # fmt: skip
