"""Which region and which milestone a list is about, and which page of it."""

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
"""How many rows a page shows."""
EXPORT_BATCH_SIZE = 1000
"""How many rows an export reads at a time."""
MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class MilestoneOption:
    """A milestone in its curriculum; `value` names it in an address."""

    curriculum: Curriculum
    milestone: Milestone
    title: str
    place: int

    @property
    def value(self) -> str:
        return f"{self.curriculum.key}:{self.milestone.key}"

    @property
    def lang(self) -> str:
        """The language the title is written in."""
        written = self.milestone.title.translations
        return next((language for language, text in written if text == self.title), "")

    @property
    def key(self) -> tuple[str, str]:
        return self.curriculum.key, self.milestone.key

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of now and, after a rename, the one before."""
        return tuple(filter(None, (self.milestone.key, self.milestone.previously)))


@dataclass(frozen=True, slots=True)
class Filters:
    """`regions`: the names of those the visitor may see, by key; `steps`: every milestone."""

    regions: Mapping[str, str]
    steps: Sequence[MilestoneOption]
    region: str
    step: MilestoneOption | None
    after: int

    @property
    def scope(self) -> frozenset[str] | None:
        """The regions to ask the store for; None is all."""
        return frozenset((self.region,)) if self.region else current_visitor().scope

    @property
    def chosen(self) -> Sequence[MilestoneOption]:
        return (self.step,) if self.step else self.steps

    def region_name(self, key: str) -> str:
        return self.regions.get(key, key) or "—"

    @property
    def said(self) -> Mapping[str, str]:
        """Region and milestone as they are asked for; '' is all."""
        return {"region": self.region, "milestone": self.step.value if self.step else ""}

    def address(self, endpoint: str, **more: str | int | None) -> str:
        """The address of a list with the same region and milestone, and `more` that is asked."""
        asked: dict[str, Any] = {name: value or None for name, value in self.said.items()}
        return url_for(endpoint, **asked | more)

    def pages(
        self, endpoint: str, goes_on: bool, last: int, **more: str | int | None
    ) -> tuple[str, str]:
        """Addresses of the first page, if this is another, and of the next; '' for none."""
        first = self.address(endpoint, **more) if self.after else ""
        return first, self.address(endpoint, after=last, **more) if goes_on else ""


def read_filters(services: Services) -> Filters:
    """What the visitor asks for. Answers 404 for a region outside theirs and what is not there."""
    regions = {
        key: region.name
        for key, region in services.config.regions.items()
        if current_visitor().sees(key)
    }
    every = list(milestone_options(services))
    region, milestone = request.values.get("region", ""), request.values.get("milestone", "")
    step = next((each for each in every if each.value == milestone), None)
    if (region and region not in regions) or (milestone and step is None):
        raise NotFound
    return Filters(regions, every, region, step, number("after") or 0)


def milestone_options(services: Services) -> list[MilestoneOption]:
    """Every milestone of every curriculum, in order, in the visitor's language."""
    language = visitors_language(services.config)
    return [
        MilestoneOption(curriculum, milestone, milestone.title.pick(language), place)
        for curriculum in services.curricula
        for place, milestone in enumerate(curriculum.milestones, 1)
    ]


def number(name: str) -> int | None:
    """A whole number in the request; None without one. Answers 404 for anything else."""
    text = request.values.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or int(text) > MAX_ID:
        raise NotFound
    return int(text)
