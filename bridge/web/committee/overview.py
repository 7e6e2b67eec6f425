"""How far the members have come, where the gaps are, and who waits longest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, render_template
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from bridge.store.figures import Figures
from bridge.web.collaborators import Collaborators
from bridge.web.committee import plots, signups, waiting
from bridge.web.committee.figures import kept, regions_of
from bridge.web.committee.filters import Filters, Step, filters
from bridge.web.committee.rewrite import worst
from bridge.web.committee.sheet import sheet
from bridge.web.identity import for_committee
from bridge.web.words import ago

HALF = 6
"""Weeks that are compared with as many before them."""
SHADES = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """One region and one milestone. `before` and `lately`: reached in the six weeks before the
    last six, and in these."""

    step: Step
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
        return plots.spark(self.weeks)

    @property
    def shade(self) -> int:
        return min(int(self.share * SHADES), SHADES - 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One region of the gap map, or all of them together."""

    name: str
    members: int
    gaps: Sequence[Gap]


def blueprint(house: Collaborators) -> Blueprint:
    """`/committee`, `/committee/stuck`, and all their lists as CSV."""
    pages = Blueprint("overview", __name__, url_prefix="/committee")

    @pages.get("")
    @for_committee()
    def index() -> str:
        asked, figures = filters(house), kept(house)
        if figures is None:
            return render_template("web/committee/uncounted.html")
        regions = regions_of(asked, figures)
        return render_template(
            "web/committee/overview.html",
            filters=asked,
            whole=_row(gettext("All together"), figures, asked, regions),
            rows=_rows(figures, asked, regions),
            stuck=waiting.longest(house, asked, 5, 0),
            today=house.now(),
            counted=ago(max(house.now() - figures.counted_at, timedelta())),
            funnel=_funnel(figures, asked, regions),
            signups=signups.by_month(figures, regions),
            rewrite=worst(house, asked),
        )

    @pages.get("/overview.csv")
    @for_committee()
    def table() -> Answer:
        asked, figures = filters(house), kept(house)
        if figures is None:
            return redirect(asked.address("overview.index"), 303)
        return sheet("overview", _heads(), _cells(figures, asked, regions_of(asked, figures)))

    waiting.add_to(pages, house)
    signups.add_to(pages, house)
    return pages


def _rows(figures: Figures, asked: Filters, regions: Sequence[str]) -> list[Row]:
    return [_row(asked.region_name(each), figures, asked, [each]) for each in regions]


def _row(name: str, figures: Figures, asked: Filters, regions: Collection[str]) -> Row:
    members = figures.members(regions)
    gaps = []
    for step in asked.chosen:
        before, *weeks = figures.weeks(regions, step.key)
        people = before + sum(weeks)
        gaps.append(Gap(step, people, people / members if members else 0.0, weeks))
    return Row(name, members, gaps)


def _funnel(figures: Figures, asked: Filters, regions: Collection[str]) -> Markup:
    whole = _row("", figures, asked, regions)
    numbers = [(gettext("All members"), whole.members)]
    numbers += [(f"{gap.step.place}. {gap.step.title}", gap.people) for gap in whole.gaps]
    words = "; ".join(f"{label}: {n}" for label, n in numbers)
    return plots.bars(numbers, gettext("How many have reached each milestone.") + " " + words)


def _heads() -> list[str]:
    return [
        gettext("Region"), gettext("Members"), gettext("Milestone"), gettext("Reached"),
        gettext("Share"), gettext("Last six weeks"), gettext("The six weeks before"),
    ]  # fmt: skip


def _cells(
    figures: Figures, asked: Filters, regions: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    for row in _rows(figures, asked, regions):
        for gap in row.gaps:
            share = round(gap.share, 4)
            yield (
                row.name, row.members, gap.step.title, gap.people, share, gap.lately, gap.before,
            )  # fmt: skip
