"""What the email with a report says: numbers about what its reader may see, and a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.store.tables.saved_filters import SavedFilter
from bridge.workflows.saved_reports.planning import report_of
from bridge.workflows.saved_reports.readers import ReportReader
from bridge.workflows.saved_reports.reports import Source


def report_variables(
    session: Session,
    config: Config,
    curricula: Sequence[Curriculum],
    row: SavedFilter,
    reader: ReportReader,
    now: datetime,
) -> Mapping[str, object]:
    """The variables of the email to this reader. A query or two."""
    report = report_of(row)
    source = Source(config, curricula, reader.regions, now)
    numbers = report.count(session, row.chosen, source)
    query = f"?{urlencode(row.chosen)}" if row.chosen else ""
    return {
        "report": report.name,
        "name": row.name,
        "by": row.owner,
        "day": source.local.date().isoformat(),
        "every": row.every,
        "total": numbers.total,
        "regions": _named(config, numbers.regions),
        "untrained": numbers.untrained,
        "unassessed": numbers.unassessed,
        "link": f"{config.service.url}{report.address}{query}",
    }


def _named(config: Config, counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """The name of each region, '' for members without one, and its count; the largest first."""
    known = config.regions
    named = [(known[key].name if key in known else key, count) for key, count in counts.items()]
    return sorted(named, key=lambda each: (-each[1], each[0]))
