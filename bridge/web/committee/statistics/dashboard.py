"""How far the members have come, where the gaps are, and who waits longest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, render_template
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from bridge.store.statistics.summary import StatisticsSummary
from bridge.web.committee import charts
from bridge.web.committee.csv_export import csv_response
from bridge.web.committee.filters import Filters, MilestoneOption, read_filters
from bridge.web.committee.statistics import follow_up, signups
from bridge.web.committee.statistics.quiz_report import worst_quizzes
from bridge.web.committee.statistics.regions import regions_of, saved_statistics
from bridge.web.common.services import Services
from bridge.web.common.visitor import for_committee
from bridge.web.layout.formatting import time_ago

HALF = 6
"""Weeks that are compared with as many before them."""
SHADES = 5


@dataclass(frozen=True, slots=True)
class MilestoneGap:
    """One region and one milestone. `before` and `lately`: reached in the six weeks before the
    last six, and in these."""

    step: MilestoneOption
    people: int
    share: float
    weeks: Sequence[int]

    @property
    def before(self) -> int:
        return sum(self.weeks[:HALF])

    @property
    def lately(self) -> int:
        return sum(self.weeks[HALF:])

    @property
    def spark(self) -> str:
        return charts.spark(self.weeks)

    @property
    def shade(self) -> int:
        return min(int(self.share * SHADES), SHADES - 1)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region of the gap map, or all of them together."""

    name: str
    members: int
    gaps: Sequence[MilestoneGap]


def blueprint(services: Services) -> Blueprint:
    """`/committee`, `/committee/stuck`, and all their lists as CSV."""
    pages = Blueprint("overview", __name__, url_prefix="/committee")

    @pages.get("")
    @for_committee()
    def index() -> str:
        asked, figures = read_filters(services), saved_statistics(services)
        if figures is None:
            return render_template("web/committee/uncounted.html")
        regions = regions_of(asked, figures)
        return render_template(
            "web/committee/overview.html",
            filters=asked,
            whole=_row(gettext("All together"), figures, asked, regions),
            rows=_rows(figures, asked, regions),
            stuck=follow_up.longest_waiting(services, asked, 5, 0),
            today=services.now(),
            counted=time_ago(max(services.now() - figures.counted_at, timedelta())),
            funnel=_funnel(figures, asked, regions),
            signups=signups.by_month(figures, regions),
            rewrite=worst_quizzes(services, asked),
        )

    @pages.get("/overview.csv")
    @for_committee()
    def table() -> Answer:
        asked, figures = read_filters(services), saved_statistics(services)
        if figures is None:
            return redirect(asked.address("overview.index"), 303)
        return csv_response(
            "overview", _heads(), _cells(figures, asked, regions_of(asked, figures))
        )

    follow_up.register_routes(pages, services)
    signups.register_routes(pages, services)
    return pages


def _rows(figures: StatisticsSummary, asked: Filters, regions: Sequence[str]) -> list[RegionRow]:
    return [_row(asked.region_name(each), figures, asked, [each]) for each in regions]


def _row(
    name: str, figures: StatisticsSummary, asked: Filters, regions: Collection[str]
) -> RegionRow:
    members = figures.members(regions)
    gaps = []
    for step in asked.chosen:
        before, *weeks = figures.weeks(regions, step.key)
        people = before + sum(weeks)
        gaps.append(MilestoneGap(step, people, people / members if members else 0.0, weeks))
    return RegionRow(name, members, gaps)


def _funnel(figures: StatisticsSummary, asked: Filters, regions: Collection[str]) -> Markup:
    whole = _row("", figures, asked, regions)
    numbers = [(gettext("All members"), whole.members)]
    numbers += [(f"{gap.step.place}. {gap.step.title}", gap.people) for gap in whole.gaps]
    words = "; ".join(f"{label}: {n}" for label, n in numbers)
    return charts.bars(numbers, gettext("How many have reached each milestone.") + " " + words)


def _heads() -> list[str]:
    return [
        gettext("Region"), gettext("Members"), gettext("Milestone"), gettext("Reached"),
        gettext("Share"), gettext("Last six weeks"), gettext("The six weeks before"),
    ]  # fmt: skip


def _cells(
    figures: StatisticsSummary, asked: Filters, regions: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    for row in _rows(figures, asked, regions):
        for gap in row.gaps:
            share = round(gap.share, 4)
            yield (
                row.name, row.members, gap.step.title, gap.people, share, gap.lately, gap.before,
            )  # fmt: skip
