"""What the visitor chose for a list: its filters and its page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import g, request, url_for
from werkzeug.exceptions import NotFound

from bridge.web.common.access import sees_region, visible_regions
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.lists import searches
from bridge.web.lists.filter_fields import (
    MILESTONE,
    REGION,
    Choices,
    FilterField,
    MilestoneOption,
    id_parameter,
    parse_id,
)

PAGE_SIZE = 25
"""Rows per page."""
EXPORT_BATCH_SIZE = 1000
"""Rows that an export reads at a time."""
REGION_AND_MILESTONE: Sequence[FilterField[Any]] = (REGION, MILESTONE)

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the visitor chose. `filters[FIELD]` is the value of a field of the list.

    `values`: the value of each field, by its name. `after`: where the page starts.
    """

    choices: Choices
    fields: Sequence[FilterField[Any]]
    values: Mapping[str, object]
    after: int

    def __getitem__(self, field: FilterField[V]) -> V:
        return cast(V, self.values[field.name])

    @property
    def regions(self) -> Mapping[str, str]:
        """The names of the regions that the visitor may see, by key."""
        return self.choices.regions

    @property
    def milestones(self) -> Sequence[MilestoneOption]:
        """Every milestone."""
        return self.choices.milestones

    @property
    def region(self) -> str:
        """The chosen region; '' for all."""
        return self[REGION] if REGION in self.fields else ""

    @property
    def milestone(self) -> MilestoneOption | None:
        """The chosen milestone; None for all."""
        return self[MILESTONE] if MILESTONE in self.fields else None

    @property
    def scope(self) -> frozenset[str] | None:
        """The regions to show; None for all."""
        return frozenset((self.region,)) if self.region else visible_regions()

    @property
    def chosen_milestones(self) -> Sequence[MilestoneOption]:
        return (self.milestone,) if self.milestone else self.milestones

    def region_name(self, key: str) -> str:
        """The name of a region; its key if it is not configured, and a dash for none."""
        return self.regions.get(key, key) or "—"

    @property
    def params(self) -> Mapping[str, str | int | None]:
        """Every field as a parameter; None for those that show everything."""
        return {each.name: each.param(self[each]) for each in self.fields}

    @property
    def hidden(self) -> Mapping[str, str | int]:
        """Every field as a hidden value of a form."""
        return {name: "" if value is None else value for name, value in self.params.items()}

    @property
    def linkable(self) -> bool:
        """Whether an address may hold all that was chosen: no search words were."""
        return all(each.in_address or not self[each] for each in self.fields)

    @property
    def words(self) -> Mapping[str, str]:
        """What was typed in fields that an address may not hold."""
        return {f.name: str(self[f]) for f in self.fields if not f.in_address and self[f]}

    @property
    def audit_details(self) -> Mapping[str, object]:
        """What the audit log records of the filters; no personal data."""
        return {k: v for each in self.fields for k, v in each.audit(self[each]).items()}

    def address(self, endpoint: str, **extra: str | int | None) -> str:
        """The URL of a list with the same filters, and `extra` parameters."""
        named = {each.name: self.params[each.name] for each in self.fields if each.in_address}
        params: dict[str, Any] = named | extra
        return url_for(endpoint, **params)

    def pages(self, endpoint: str, has_more: bool, last: int) -> tuple[str, str]:
        """The URLs of the first page ('' if this is it) and of the next page ('' if there is none).

        `last`: the position of the last row on this page.
        """
        first = self.address(endpoint) if self.after else ""
        return first, self.address(endpoint, after=last) if has_more else ""


def read_filters(
    services: Services, fields: Sequence[FilterField[Any]] = REGION_AND_MILESTONE
) -> Filters:
    """Read the filters from the request.

    Raises NotFound if a value is invalid, such as a region that the visitor may not see.
    """
    choices = read_choices(services)
    values = {each.name: each.read(_text(each), choices) for each in fields}
    g.filters = Filters(choices, fields, values, id_parameter("after") or 0)
    return current_filters()


def read_choices(services: Services) -> Choices:
    """What the visitor can choose."""
    regions = {
        key: region.name for key, region in services.config.regions.items() if sees_region(key)
    }
    return Choices(regions, milestone_options(services))


def current_filters() -> Filters:
    """The filters of this request, once they are read."""
    return cast(Filters, g.filters)


def _text(field: FilterField[Any]) -> str:
    """The parameter of a field. What must not be in an address is posted or remembered."""
    if field.in_address:
        return request.values.get(field.name, "")
    return request.form.get(field.name, "") or searches.recall(field.name)


def milestone_options(services: Services) -> list[MilestoneOption]:
    """Every milestone of every curriculum, in order, with titles in the visitor's language."""
    language = visitors_language(services.config)
    return [
        MilestoneOption(curriculum, milestone, milestone.title.pick(language), position)
        for curriculum in services.curricula
        for position, milestone in enumerate(curriculum.milestones, 1)
    ]


def selected_ids(name: str) -> Collection[int]:
    """The IDs of the selected rows, from the parameters `name`. Raises NotFound if one is invalid.

    No more can be selected than an export reads at once.
    """
    texts = request.form.getlist(name)
    if len(texts) > EXPORT_BATCH_SIZE or not all(texts):
        raise NotFound
    return dict.fromkeys(each for each in map(parse_id, texts) if each is not None)
