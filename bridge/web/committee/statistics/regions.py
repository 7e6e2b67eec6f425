"""What was counted, and for which regions a visitor sees it."""

from __future__ import annotations

from bridge.store.statistics import summary
from bridge.store.statistics.summary import StatisticsSummary
from bridge.web.committee.filters import Filters
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor


def saved_statistics(services: Services) -> StatisticsSummary | None:
    """As they were counted last; None before the first time."""
    with services.database.reading() as session:
        return summary.saved_summary(session)


def regions_of(asked: Filters, counted: StatisticsSummary) -> list[str]:
    """The regions to show: the chosen one, else those of the visitor that are in use."""
    if asked.region:
        return [asked.region]
    unknown = sorted(set(counted.people) - set(asked.regions)) if current_visitor().sees_all else []
    return [*asked.regions, *unknown]
