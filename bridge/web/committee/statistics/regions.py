"""The saved statistics, and the regions for which a visitor sees them."""

from __future__ import annotations

from bridge.store.statistics import summary
from bridge.store.statistics.summary import StatisticsSummary
from bridge.web.common.access import visible_regions
from bridge.web.common.services import Services
from bridge.web.lists.filters import Filters


def saved_statistics(services: Services) -> StatisticsSummary | None:
    """The latest statistics; None if they haven't been calculated yet."""
    with services.database.reading() as session:
        return summary.saved_summary(session)


def regions_of(filters: Filters, statistics: StatisticsSummary) -> list[str]:
    """The keys of the regions to show: the chosen one, or else all that the visitor may see.

    For visitors who see all regions this includes regions that are not configured any more.
    """
    if filters.region:
        return [filters.region]
    unknown = (
        sorted(set(statistics.people) - set(filters.regions)) if visible_regions() is None else []
    )
    return [*filters.regions, *unknown]
