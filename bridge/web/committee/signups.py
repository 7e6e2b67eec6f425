"""How many became members, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, redirect
from flask_babel import format_date, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from bridge.store.figures import Figures
from bridge.web.collaborators import Collaborators
from bridge.web.committee import plots
from bridge.web.committee.figures import kept, regions_of
from bridge.web.committee.filters import Filters, filters
from bridge.web.committee.sheet import sheet
from bridge.web.identity import for_committee


def add_to(pages: Blueprint, house: Collaborators) -> None:
    """Sign-ups by region as CSV. A milestone makes no difference to them."""

    @pages.get("/signups.csv")
    @for_committee()
    def signups() -> Answer:
        asked, figures = filters(house), kept(house)
        if figures is None:
            return redirect(asked.address("overview.index"), 303)
        heads = [gettext("Region"), gettext("Month"), gettext("Sign-ups")]
        return sheet("signups", heads, _cells(asked, figures))


def by_month(figures: Figures, regions: Iterable[str]) -> tuple[Markup, list[tuple[str, int]]]:
    """The plot, and the same numbers with the month in full."""
    numbers = figures.signups(regions)
    short = [format_date(month, "LLL", rebase=False) for month in figures.months]
    long = [format_date(month, "LLLL yyyy", rebase=False) for month in figures.months]
    words = "; ".join(f"{label}: {n}" for label, n in zip(long, numbers, strict=True))
    plot = plots.columns(
        list(zip(short, numbers, strict=True)), gettext("Sign-ups by month.") + " " + words
    )
    return plot, list(zip(long, numbers, strict=True))


def _cells(asked: Filters, figures: Figures) -> Iterator[tuple[object, ...]]:
    for region in regions_of(asked, figures):
        for month, people in zip(figures.months, figures.signups([region]), strict=True):
            yield asked.region_name(region), f"{month:%Y-%m}", people
