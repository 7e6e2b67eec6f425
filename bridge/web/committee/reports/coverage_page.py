"""The page “Coverage”: what trains and what assesses each expectation, gaps first; and its CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from bridge.curriculum.markdown import to_inline_html
from bridge.store.statistics.coverage import CoverageCounts, saved_coverage
from bridge.store.statistics.coverage_report import CoverageRow, coverage_rows, trainer_titles
from bridge.web.committee.reports import where_list
from bridge.web.common.access import open_to, visible_regions
from bridge.web.common.services import Services
from bridge.web.layout.formatting import time_ago
from bridge.web.layout.language import visitors_language
from bridge.web.lists.csv_export import csv_response
from bridge.web.lists.filters import REGION_AND_MILESTONE, Filters, read_filters
from bridge.web.lists.routes import add_list_routes
from bridge.web.lists.saved import FilterPage, remember_filters, saved_menu


@dataclass(frozen=True, slots=True)
class ShownExpectation:
    """An expectation as the page and the CSV show it. `training`, `assessment`: titles."""

    row: CoverageRow
    milestone: str
    milestone_lang: str
    text: str
    lang: str
    training: Sequence[str]
    assessment: Sequence[str]


def blueprint(services: Services) -> Blueprint:
    """`/committee/coverage`, its CSV, and `/committee/reports/who-is-where`."""
    pages = Blueprint("reports", __name__, url_prefix="/committee")

    @pages.get("/coverage")
    @open_to("statistics")
    def coverage() -> str:
        filters, counts = read_filters(services), _saved(services)
        return render_template(
            "web/committee/reports/coverage.html",
            filters=filters,
            rows=list(_shown(services, filters, counts)),
            saved=saved_menu(services, filters),
            updated=time_ago(services.now() - counts.counted_at) if counts else "",
        )

    @pages.get("/coverage.csv")
    @open_to("statistics")
    def coverage_table() -> Response:
        filters = read_filters(services)
        return csv_response("coverage", _header(), _cells(services, filters))

    add_list_routes(pages, services, where_list.LIST)
    remember_filters(pages, FilterPage(
        "reports.coverage", lazy_gettext("Coverage"), "statistics", REGION_AND_MILESTONE
    ))  # fmt: skip
    return pages


def _saved(services: Services) -> CoverageCounts | None:
    with services.database.reading() as session:
        return saved_coverage(session)


def _regions(filters: Filters, counts: CoverageCounts | None) -> Sequence[str]:
    """The chosen region, or all that the visitor may see, also those no longer configured."""
    if filters.region:
        return [filters.region]
    if visible_regions() is not None or counts is None:
        return list(filters.regions)
    found = {region for regions in counts.people.values() for region in regions}
    return [*filters.regions, *sorted(found - set(filters.regions))]


def _shown(
    services: Services, filters: Filters, counts: CoverageCounts | None
) -> Iterator[ShownExpectation]:
    language = visitors_language(services.config)
    chosen = {option.key: option for option in filters.chosen_milestones}
    milestones = [(option.curriculum, option.milestone) for option in chosen.values()]
    titles = {each.key: trainer_titles(each, language) for each, _ in milestones}
    for row in coverage_rows(milestones, counts, _regions(filters, counts)):
        option, title = chosen[row.curriculum.key, row.milestone.key], titles[row.curriculum.key]
        written = row.expectation.shown(language)
        yield ShownExpectation(
            row=row,
            milestone=option.title,
            milestone_lang=option.lang,
            text=str(Markup(to_inline_html(written)).striptags()),  # noqa: S704 - sanitised
            lang=next((each for each, text in row.expectation.translations if text == written), ""),
            training=[title(each) for each in row.training.teaching],
            assessment=[title(each) for each in row.training.assessing],
        )


def _header() -> list[str]:
    return [
        gettext("Milestone"), gettext("Expectation"), gettext("Trained by"),
        gettext("Assessed by"), gettext("Region"), gettext("Reached the milestone's course"),
        gettext("Meet the expectation"), gettext("Share"),
    ]  # fmt: skip


def _cells(services: Services, filters: Filters) -> Iterator[tuple[object, ...]]:
    for each in _shown(services, filters, _saved(services)):
        training, assessment = "; ".join(each.training), "; ".join(each.assessment)
        for region in each.row.regions:
            yield (
                each.milestone, each.text, training, assessment, filters.region_name(region.region),
                region.reached, region.meeting, round(region.share, 4),
            )  # fmt: skip
