"""Sign-ups by month, as a chart and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, redirect
from flask_babel import format_date, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from bridge.store.statistics.summary import StatisticsSummary
from bridge.web.committee import charts
from bridge.web.committee.statistics.regions import regions_of, saved_statistics
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.lists.csv_export import csv_response
from bridge.web.lists.filters import Filters, read_filters


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the CSV of sign-ups by region and month. It ignores the milestone filter."""

    @pages.get("/signups.csv")
    @open_to("statistics")
    def signups() -> Answer:
        filters, statistics = read_filters(services), saved_statistics(services)
        if statistics is None:
            return redirect(filters.address("dashboard.index"), 303)
        header = [gettext("Region"), gettext("Month"), gettext("Sign-ups")]
        return csv_response("signups", header, _cells(filters, statistics))


def signups_by_month(
    statistics: StatisticsSummary, regions: Iterable[str]
) -> tuple[Markup, list[tuple[str, int]]]:
    """The chart, and the numbers with the full name of each month."""
    numbers = statistics.signups(regions)
    short_names = [format_date(month, "LLL", rebase=False) for month in statistics.months]
    long_names = [format_date(month, "LLLL yyyy", rebase=False) for month in statistics.months]
    description = "; ".join(f"{label}: {n}" for label, n in zip(long_names, numbers, strict=True))
    chart = charts.columns(
        list(zip(short_names, numbers, strict=True)),
        gettext("Sign-ups by month.") + " " + description,
    )
    return chart, list(zip(long_names, numbers, strict=True))


def _cells(filters: Filters, statistics: StatisticsSummary) -> Iterator[tuple[object, ...]]:
    for region in regions_of(filters, statistics):
        for month, people in zip(statistics.months, statistics.signups([region]), strict=True):
            yield filters.region_name(region), f"{month:%Y-%m}", people
