"""Filters of the committee's lists: region, milestone and page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from werkzeug.exceptions import NotFound

from bridge.curriculum.model import Curriculum, Milestone
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language

PAGE_SIZE = 25
"""Rows per page."""
EXPORT_BATCH_SIZE = 1000
"""Rows that an export reads at a time."""
MAX_ID = 2**63 - 1
"""The largest ID that the database can store."""


@dataclass(frozen=True, slots=True)
class MilestoneOption:
    """A milestone to choose, with its title and its position in the curriculum, from 1."""

    curriculum: Curriculum
    milestone: Milestone
    title: str
    position: int

    @property
    def value(self) -> str:
        """The milestone as it is written in a query string."""
        return f"{self.curriculum.key}:{self.milestone.key}"

    @property
    def lang(self) -> str:
        """The language of the title."""
        written = self.milestone.title.translations
        return next((language for language, text in written if text == self.title), "")

    @property
    def key(self) -> tuple[str, str]:
        """The keys of the curriculum and the milestone."""
        return self.curriculum.key, self.milestone.key

    @property
    def keys(self) -> tuple[str, ...]:
        """The milestone's current key and, after a rename, its previous one."""
        return tuple(filter(None, (self.milestone.key, self.milestone.previously)))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the visitor chose.

    `regions`: the names of the regions the visitor may see, by key; `milestones`: every milestone.
    `region` and `milestone`: the chosen ones ('' and None for all). `after`: where the page starts.
    """

    regions: Mapping[str, str]
    milestones: Sequence[MilestoneOption]
    region: str
    milestone: MilestoneOption | None
    after: int

    @property
    def scope(self) -> frozenset[str] | None:
        """The regions to show; None for all."""
        return frozenset((self.region,)) if self.region else current_visitor().scope

    @property
    def chosen_milestones(self) -> Sequence[MilestoneOption]:
        return (self.milestone,) if self.milestone else self.milestones

    def region_name(self, key: str) -> str:
        """The name of a region; its key if it is not configured, and a dash for none."""
        return self.regions.get(key, key) or "—"

    @property
    def as_params(self) -> Mapping[str, str]:
        """The region and milestone as query parameters; '' for all."""
        return {"region": self.region, "milestone": self.milestone.value if self.milestone else ""}

    def address(self, endpoint: str, **extra: str | int | None) -> str:
        """The URL of a list with the same region and milestone, and `extra` parameters."""
        params: dict[str, Any] = {name: value or None for name, value in self.as_params.items()}
        return url_for(endpoint, **params | extra)

    def pages(
        self, endpoint: str, has_more: bool, last: int, **extra: str | int | None
    ) -> tuple[str, str]:
        """The URLs of the first page ('' if this is it) and of the next page ('' if there is none).

        `last`: the ID of the last row on this page.
        """
        first = self.address(endpoint, **extra) if self.after else ""
        return first, self.address(endpoint, after=last, **extra) if has_more else ""


def read_filters(services: Services) -> Filters:
    """Read the filters from the request.

    Raises NotFound for an unknown milestone, and for a region that the visitor may not see.
    """
    regions = {
        key: region.name
        for key, region in services.config.regions.items()
        if current_visitor().sees(key)
    }
    options = list(milestone_options(services))
    region, value = request.values.get("region", ""), request.values.get("milestone", "")
    milestone = next((each for each in options if each.value == value), None)
    if (region and region not in regions) or (value and milestone is None):
        raise NotFound
    return Filters(regions, options, region, milestone, id_parameter("after") or 0)


def milestone_options(services: Services) -> list[MilestoneOption]:
    """Every milestone of every curriculum, in order, with titles in the visitor's language."""
    language = visitors_language(services.config)
    return [
        MilestoneOption(curriculum, milestone, milestone.title.pick(language), position)
        for curriculum in services.curricula
        for position, milestone in enumerate(curriculum.milestones, 1)
    ]


def id_parameter(name: str) -> int | None:
    """An ID from the request; None if the parameter is empty. Raises NotFound if it is invalid."""
    text = request.values.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or int(text) > MAX_ID:
        raise NotFound
    return int(text)
