"""What was counted, and for which regions a visitor sees it."""

from __future__ import annotations

from bridge.store import figures
from bridge.store.figures import Figures
from bridge.web.collaborators import Collaborators
from bridge.web.committee.filters import Filters
from bridge.web.identity import visitor


def kept(house: Collaborators) -> Figures | None:
    """As they were counted last; None before the first time."""
    with house.database.reading() as session:
        return figures.kept(session)


def regions_of(asked: Filters, counted: Figures) -> list[str]:
    """The regions to show: the chosen one, else those of the visitor that are in use."""
    if asked.region:
        return [asked.region]
    unknown = sorted(set(counted.people) - set(asked.regions)) if visitor().sees_all else []
    return [*asked.regions, *unknown]
