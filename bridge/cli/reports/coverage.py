"""`coverage`: what trains and what assesses each expectation, gaps first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, curricula, database, echo, example, now, show_json
from bridge.cli.reports.csv_text import csv_text
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.curriculum.model import Curriculum
    from bridge.curriculum.requirements.training import Trainer
    from bridge.store.statistics.coverage import CoverageCounts
    from bridge.store.statistics.coverage_report import CoverageRow

report_format = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Output format. CSV has a row for each region.",
)
NOTHING = "(nothing)"


@click.command(epilog=example("stewardpath coverage", "stewardpath coverage --format csv"))
@click.option("--language", default="en", show_default=True, help="Language of the titles.")
@report_format
@configured
def coverage(config: Config, language: str, form: str) -> None:
    """Show what trains and what assesses each expectation, and how many members meet it.

    Gaps come first: what nothing trains, then what nothing assesses, then what the fewest meet.
    """
    from bridge.store.statistics.coverage_report import coverage_rows

    paths = list(curricula(config))
    counts = _count(config, paths)
    regions = list(dict.fromkeys([*config.regions, *_counted_regions(counts)]))
    milestones = [(path, milestone) for path in paths for milestone in path.milestones]
    rows = [_as_data(row, language) for row in coverage_rows(milestones, counts, regions)]
    if form == "json":
        show_json({"expectations": rows})
    elif form == "csv":
        echo(csv_text(_HEADER, _cells(rows)))
    else:
        _show(rows)


def _count(config: Config, paths: Sequence[Curriculum]) -> CoverageCounts:
    from bridge.store.statistics.coverage import count_coverage
    from bridge.store.statistics.coverage_report import coverage_groups

    with database(config) as store, store.reading() as session:
        return count_coverage(session, coverage_groups(paths), now())


def _counted_regions(counts: CoverageCounts) -> Iterable[str]:
    return sorted({region for regions in counts.people.values() for region in regions})


def _as_data(row: CoverageRow, language: str) -> dict[str, object]:
    return {
        "curriculum": row.curriculum.key,
        "milestone": row.milestone.key,
        "expectation": row.expectation.pick(language),
        "trained_by": [_part(each) for each in row.training.teaching],
        "assessed_by": [_part(each) for each in row.training.assessing],
        "reached": row.total.reached,
        "meeting": row.total.meeting if row.training.shown_by else None,
        "regions": [
            {"region": each.region, "reached": each.reached, "meeting": each.meeting}
            for each in row.regions
        ],
    }


def _part(part: Trainer) -> str:
    return f"{part.kind}: {part.key}"


_HEADER = (
    "curriculum", "milestone", "expectation", "trained_by", "assessed_by",
    "region", "reached", "meeting",
)  # fmt: skip


def _cells(rows: Iterable[Mapping[str, object]]) -> Iterator[Sequence[object]]:
    for row in rows:
        for each in _regions(row):
            yield (
                row["curriculum"], row["milestone"], row["expectation"],
                "; ".join(_parts(row, "trained_by")), "; ".join(_parts(row, "assessed_by")),
                each["region"], each["reached"], each["meeting"],
            )  # fmt: skip


def _regions(row: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    found = row["regions"]
    return found if isinstance(found, list) else []


def _parts(row: Mapping[str, object], name: str) -> Sequence[str]:
    found = row[name]
    return found if isinstance(found, list) else []


def _show(rows: Sequence[Mapping[str, object]]) -> None:
    if not rows:
        echo("No expectations. Add them to the milestones.")
    for row in rows:
        meeting = "not known" if row["meeting"] is None else f"{row['meeting']} of {row['reached']}"
        echo(f"{row['milestone']}: {row['expectation']}")
        echo(f"  trained by:  {', '.join(_parts(row, 'trained_by')) or NOTHING}")
        echo(f"  assessed by: {', '.join(_parts(row, 'assessed_by')) or NOTHING}")
        echo(f"  members:     {meeting}")
