"""How far the members have come, where the gaps are, and who waits longest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template
from flask_babel import format_date, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from bridge.store import figures as counted
from bridge.store.figures import Figures
from bridge.store.stuck import Stuck, stuck
from bridge.web.collaborators import Collaborators
from bridge.web.committee import plots
from bridge.web.committee.filters import PAGE, Filters, Step, filters
from bridge.web.committee.rewrite import worst
from bridge.web.committee.sheet import everything, sheet
from bridge.web.identity import for_committee, visitor
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
    """`/committee`, `/committee/stuck`, and both as CSV."""
    pages = Blueprint("overview", __name__, url_prefix="/committee")

    @pages.get("")
    @for_committee()
    def index() -> str:
        asked, figures = filters(house), _figures(house)
        if figures is None:
            return render_template("web/committee/uncounted.html")
        regions = _regions(asked, figures)
        return render_template(
            "web/committee/overview.html",
            filters=asked,
            whole=_row(gettext("All together"), figures, asked, regions),
            rows=_rows(figures, asked, regions),
            stuck=_stuck(house, asked, 5, 0),
            today=house.now(),
            counted=ago(max(house.now() - figures.counted_at, timedelta())),
            funnel=_funnel(figures, asked, regions),
            signups=_signups(figures, regions),
            rewrite=worst(house, asked),
        )

    @pages.get("/overview.csv")
    @for_committee()
    def table() -> Answer:
        asked, figures = filters(house), _figures(house)
        if figures is None:
            return redirect(asked.address("overview.index"), 303)
        return sheet("overview", _heads(), _cells(figures, asked, _regions(asked, figures)))

    _add_waiting(pages, house)
    return pages


def _add_waiting(pages: Blueprint, house: Collaborators) -> None:
    """Who has been stuck longest, page by page and as CSV."""

    @pages.get("/stuck")
    @for_committee()
    def waiting() -> str:
        asked = filters(house)
        found = _stuck(house, asked, PAGE + 1, asked.after)
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
        found = everything(lambda limit, after: _stuck(house, asked, limit, after))
        return sheet("stuck", _stuck_heads(), (_stuck_cells(asked, each) for each in found))


def _figures(house: Collaborators) -> Figures | None:
    """As they were counted last; None before the first time."""
    with house.database.reading() as session:
        return counted.kept(session)


def _regions(asked: Filters, figures: Figures) -> list[str]:
    """The regions to show: the chosen one, else those of the visitor that are in use."""
    if asked.region:
        return [asked.region]
    unknown = sorted(set(figures.people) - set(asked.regions)) if visitor().sees_all else []
    return [*asked.regions, *unknown]


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


def _signups(figures: Figures, regions: Collection[str]) -> tuple[Markup, list[tuple[str, int]]]:
    """The plot, and the same numbers with the month in full."""
    numbers = figures.signups(regions)
    short = [format_date(month, "LLL", rebase=False) for month in figures.months]
    long = [format_date(month, "LLLL yyyy", rebase=False) for month in figures.months]
    words = "; ".join(f"{label}: {n}" for label, n in zip(long, numbers, strict=True))
    plot = plots.columns(
        list(zip(short, numbers, strict=True)), gettext("Sign-ups by month.") + " " + words
    )
    return plot, list(zip(long, numbers, strict=True))


def _stuck(house: Collaborators, asked: Filters, limit: int, after: int) -> list[Stuck]:
    milestones = {step.key: step.milestone.previously for step in asked.chosen}
    with house.database.reading() as session:
        return stuck(session, milestones, asked.scope, limit, after)


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


def _stuck_heads() -> list[str]:
    return [
        gettext("Number"), gettext("First name"), gettext("Last name"), gettext("Region"),
        gettext("Milestone"), gettext("Since"), gettext("Last completed something"),
    ]  # fmt: skip


def _stuck_cells(asked: Filters, each: Stuck) -> tuple[object, ...]:
    title = next(s.title for s in asked.steps if s.key == (each.curriculum, each.milestone))
    return (
        each.number, each.first_name, each.last_name, asked.region_name(each.region), title,
        each.since, each.seen,
    )  # fmt: skip
