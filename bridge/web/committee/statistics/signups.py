"""How many became members, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, redirect
from flask_babel import format_date, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from bridge.store.statistics.summary import StatisticsSummary
from bridge.web.committee import charts
from bridge.web.committee.csv_export import csv_response
from bridge.web.committee.filters import Filters, read_filters
from bridge.web.committee.statistics.regions import regions_of, saved_statistics
from bridge.web.common.services import Services
from bridge.web.common.visitor import for_committee


def register_routes(pages: Blueprint, services: Services) -> None:
    """Sign-ups by region as CSV. A milestone makes no difference to them."""

    @pages.get("/signups.csv")
    @for_committee()
    def signups() -> Answer:
        asked, figures = read_filters(services), saved_statistics(services)
        if figures is None:
            return redirect(asked.address("overview.index"), 303)
        heads = [gettext("Region"), gettext("Month"), gettext("Sign-ups")]
        return csv_response("signups", heads, _cells(asked, figures))


def by_month(
    figures: StatisticsSummary, regions: Iterable[str]
) -> tuple[Markup, list[tuple[str, int]]]:
    """The plot, and the same numbers with the month in full."""
    numbers = figures.signups(regions)
    short = [format_date(month, "LLL", rebase=False) for month in figures.months]
    long = [format_date(month, "LLLL yyyy", rebase=False) for month in figures.months]
    words = "; ".join(f"{label}: {n}" for label, n in zip(long, numbers, strict=True))
    plot = charts.columns(
        list(zip(short, numbers, strict=True)), gettext("Sign-ups by month.") + " " + words
    )
    return plot, list(zip(long, numbers, strict=True))


def _cells(asked: Filters, figures: StatisticsSummary) -> Iterator[tuple[object, ...]]:
    for region in regions_of(asked, figures):
        for month, people in zip(figures.months, figures.signups([region]), strict=True):
            yield asked.region_name(region), f"{month:%Y-%m}", people
