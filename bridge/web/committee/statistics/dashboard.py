"""The dashboard: milestones reached, progress by region, follow-up, quizzes and sign-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from bridge.foundations.feature import CommitteeToDo
from bridge.messages import Message
from bridge.store.statistics.summary import StatisticsSummary
from bridge.web.committee import charts
from bridge.web.committee.statistics import (
    follow_up,
    one_signoff_away,
    reminder_pages,
    signups,
)
from bridge.web.committee.statistics.quiz_report import worst_quizzes
from bridge.web.committee.statistics.regions import regions_of, saved_statistics
from bridge.web.committee.team.lines import confirmable_lines
from bridge.web.common.access import open_to
from bridge.web.common.committee_to_dos import visitors_to_dos
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.formatting import time_ago
from bridge.web.layout.language import visitors_language
from bridge.web.lists.csv_export import csv_response
from bridge.web.lists.filter_fields import MilestoneOption
from bridge.web.lists.filters import Filters, read_filters
from bridge.web.lists.routes import add_list_routes, short_list

WEEKS_PER_PERIOD = 6
"""The dashboard compares the last weeks with as many weeks before."""
SHADE_COUNT = 5
"""Shades of a cell, from few to many members (see static/committee.css)."""
FOLLOW_UP_SIZE = 5
"""How many members who need follow-up the dashboard shows."""


@dataclass(frozen=True, slots=True)
class MilestoneProgress:
    """How many members of a region have reached a milestone.

    `share`: of all members of the region, from 0.0 to 1.0. `weeks`: how many reached it in each of
    the last 12 weeks.
    """

    milestone: MilestoneOption
    people: int
    share: float
    weeks: Sequence[int]

    @property
    def previous_weeks(self) -> int:
        """How many reached it in the six weeks before the last six."""
        return sum(self.weeks[:WEEKS_PER_PERIOD])

    @property
    def last_weeks(self) -> int:
        """How many reached it in the last six weeks."""
        return sum(self.weeks[WEEKS_PER_PERIOD:])

    @property
    def sparkline(self) -> str:
        return charts.sparkline_points(self.weeks)

    @property
    def shade(self) -> int:
        return min(int(self.share * SHADE_COUNT), SHADE_COUNT - 1)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A row of “Progress by region”: one region, or the total."""

    name: str
    members: int
    milestones: Sequence[MilestoneProgress]


def blueprint(services: Services) -> Blueprint:
    """`/committee`, `/committee/follow-up`, and all their lists as CSV."""
    pages = Blueprint("dashboard", __name__, url_prefix="/committee")

    @pages.get("")
    @open_to("statistics")
    def index() -> str:
        filters, statistics = read_filters(services), saved_statistics(services)
        if statistics is None:
            return render_template("web/committee/no-statistics.html", **_to_dos(services))
        regions = regions_of(filters, statistics)
        return render_template(
            "web/committee/dashboard.html",
            filters=filters,
            **_to_dos(services),
            total=_row(gettext("Total"), statistics, filters, regions),
            rows=_rows(statistics, filters, regions),
            waiting=short_list(services, follow_up.LIST, filters, FOLLOW_UP_SIZE),
            updated=time_ago(max(services.now() - statistics.counted_at, timedelta())),
            funnel=_funnel_chart(statistics, filters, regions),
            signups=signups.signups_by_month(statistics, regions),
            quizzes=worst_quizzes(services, filters),
        )

    @pages.get("/overview.csv")
    @open_to("statistics")
    def table() -> Answer:
        filters, statistics = read_filters(services), saved_statistics(services)
        if statistics is None:
            return redirect(filters.address("dashboard.index"), 303)
        return csv_response(
            "progress-by-region",
            _header(),
            _cells(statistics, filters, regions_of(filters, statistics)),
        )

    _add_other_routes(pages, services)
    return pages


def _add_other_routes(pages: Blueprint, services: Services) -> None:
    add_list_routes(pages, services, follow_up.LIST)
    add_list_routes(pages, services, one_signoff_away.LIST)
    signups.register_routes(pages, services)
    reminder_pages.register_routes(pages, services)


def _to_dos(services: Services) -> Mapping[str, object]:
    """What there is to do; `nothing_to_do` says so to those who could do something."""
    found = visitors_to_dos(services, visitors_language(services.config))
    return {
        "to_dos": [*found, *_roles_to_confirm(services)],
        "nothing_to_do": current_visitor().may("contact-requests-close"),
    }


def _roles_to_confirm(services: Services) -> Iterator[CommitteeToDo]:
    """The roles that only a second person can give, such as the visitor."""
    if not current_visitor().may("team-confirm"):
        return
    with services.database.reading() as session:
        count = len(confirmable_lines(services, session))
    if count:
        path = url_for("team.to_confirm")
        yield CommitteeToDo(Message("Roles to confirm"), path, "team-confirm", count=count)


def _rows(
    statistics: StatisticsSummary, filters: Filters, regions: Sequence[str]
) -> list[RegionRow]:
    return [_row(filters.region_name(each), statistics, filters, [each]) for each in regions]


def _row(
    name: str, statistics: StatisticsSummary, filters: Filters, regions: Collection[str]
) -> RegionRow:
    members = statistics.members(regions)
    milestones = []
    for option in filters.chosen_milestones:
        earlier, *weeks = statistics.weeks(regions, option.key)
        people = earlier + sum(weeks)
        milestones.append(
            MilestoneProgress(option, people, people / members if members else 0.0, weeks)
        )
    return RegionRow(name, members, milestones)


def _funnel_chart(
    statistics: StatisticsSummary, filters: Filters, regions: Collection[str]
) -> Markup:
    total = _row("", statistics, filters, regions)
    numbers = [(gettext("All members"), total.members)]
    numbers += [
        (f"{cell.milestone.position}. {cell.milestone.title}", cell.people)
        for cell in total.milestones
    ]
    description = "; ".join(f"{label}: {n}" for label, n in numbers)
    return charts.bars(
        numbers, gettext("Members who have reached each milestone.") + " " + description
    )


def _header() -> list[str]:
    return [
        gettext("Region"), gettext("Members"), gettext("Milestone"), gettext("Reached"),
        gettext("Share"), gettext("Last six weeks"), gettext("Previous six weeks"),
    ]  # fmt: skip


def _cells(
    statistics: StatisticsSummary, filters: Filters, regions: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    for row in _rows(statistics, filters, regions):
        for cell in row.milestones:
            share = round(cell.share, 4)
            yield (
                row.name, row.members, cell.milestone.title, cell.people, share,
                cell.last_weeks, cell.previous_weeks,
            )  # fmt: skip
