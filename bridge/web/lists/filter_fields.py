"""The fields that a list can be filtered by.

A field reads its value from the request, writes it into addresses, and says what the audit log
records of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from flask import request
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import NotFound

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import Curriculum, Milestone
from bridge.printable_text import remove_unprintable
from bridge.web.common.access import visible_regions

MAX_ID = 2**63 - 1
"""The largest ID that the database can store."""
MAX_QUERY_LENGTH = 254

V = TypeVar("V")


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
        """The milestone's current key and, after a rename, its former ones."""
        return all_keys(self.milestone)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the visitor can choose: the regions they may see, by key, and every milestone."""

    regions: Mapping[str, str]
    milestones: Sequence[MilestoneOption]


@dataclass(frozen=True)
class FilterField(Generic[V]):
    """A filter. `name`: its parameter; `label`: its label in the form."""

    name: str
    label: str

    kind = "choice"
    """How the form shows it: choice, linked, day or search (see templates/web/lists/parts.html)."""
    in_address = True
    """False if the value must not appear in an address; the form is then posted."""

    @property
    def can_be_saved(self) -> bool:
        """Whether a saved filter keeps the value: not search words, or one record."""
        return self.kind in ("choice", "day")

    def read(self, text: str, choices: Choices) -> V:
        """The value of a parameter; '' if there is none. Raises NotFound if it is invalid."""
        raise NotImplementedError

    def param(self, value: V) -> str | int | None:
        """The value as a parameter; None if everything is shown."""
        raise NotImplementedError

    def options(self, choices: Choices) -> Iterator[tuple[str, str]]:
        """The values to choose from, with their labels; the first one is ''."""
        raise NotImplementedError

    def audit(self, value: V) -> Mapping[str, object]:
        """What the audit log records; no personal data."""
        return {self.name: value}


class _RegionField(FilterField[str]):
    def read(self, text: str, choices: Choices) -> str:
        return known_value(text, choices.regions)

    def param(self, value: str) -> str | None:
        return value or None

    def options(self, choices: Choices) -> Iterator[tuple[str, str]]:
        yield (
            "",
            gettext("All regions") if visible_regions() is None else gettext("All my regions"),
        )
        yield from choices.regions.items()


class _MilestoneField(FilterField[MilestoneOption | None]):
    def read(self, text: str, choices: Choices) -> MilestoneOption | None:
        former = {
            f"{each.curriculum.key}:{key}": each for each in choices.milestones for key in each.keys
        }
        options = former | {each.value: each for each in choices.milestones}
        return options.get(known_value(text, options))

    def param(self, value: MilestoneOption | None) -> str | None:
        return value.value if value else None

    def options(self, choices: Choices) -> Iterator[tuple[str, str]]:
        yield "", gettext("All milestones")
        yield from ((each.value, each.title) for each in choices.milestones)

    def audit(self, value: MilestoneOption | None) -> Mapping[str, object]:
        return {self.name: value.value if value else ""}


REGION = _RegionField("region", lazy_gettext("Region"))
"""A region that the visitor may see. `Filters.scope` says which regions to show."""
MILESTONE = _MilestoneField("milestone", lazy_gettext("Milestone"))


@dataclass(frozen=True)
class ChoiceField(FilterField[str]):
    """One of several keys, with their labels. '' shows everything, under the label `all_label`."""

    labels: Mapping[str, str]
    all_label: str

    def read(self, text: str, _choices: Choices) -> str:
        return known_value(text, self.labels)

    def param(self, value: str) -> str | None:
        return value or None

    def options(self, _choices: Choices) -> Iterator[tuple[str, str]]:
        yield "", self.all_label
        yield from self.labels.items()

    def audit(self, value: str) -> Mapping[str, object]:
        return {self.name: value or None}


@dataclass(frozen=True)
class FlagField(FilterField[bool]):
    """One of two lists, such as open and done. `off` is shown if nothing was chosen."""

    off: str
    on: str

    def read(self, text: str, _choices: Choices) -> bool:
        return bool(known_value(text, ("1",)))

    def param(self, value: bool) -> int | None:
        return 1 if value else None

    def options(self, _choices: Choices) -> Iterator[tuple[str, str]]:
        yield from (("", self.off), ("1", self.on))


@dataclass(frozen=True)
class LinkedField(FilterField[int | None]):
    """The ID of what a link to the list is about. Nobody types it: the form only keeps it."""

    kind = "linked"

    def read(self, text: str, _choices: Choices) -> int | None:
        return parse_id(text)

    def param(self, value: int | None) -> int | None:
        return value


@dataclass(frozen=True)
class DayField(FilterField[date | None]):
    """A day, such as 2027-01-31."""

    kind = "day"

    def read(self, text: str, _choices: Choices) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise NotFound from error

    def param(self, value: date | None) -> str | None:
        return value.isoformat() if value else None

    def audit(self, value: date | None) -> Mapping[str, object]:
        return {self.name: self.param(value)}


@dataclass(frozen=True)
class SearchField(FilterField[str]):
    """Search words, such as a name. They never appear in an address or in the audit log."""

    kind = "search"
    in_address = False

    def read(self, text: str, _choices: Choices) -> str:
        return " ".join(remove_unprintable(text, lines=True).split())[:MAX_QUERY_LENGTH]

    def param(self, value: str) -> str | None:
        return value or None

    def audit(self, value: str) -> Mapping[str, object]:
        return {"searched": bool(value)}


def id_parameter(name: str) -> int | None:
    """An ID from the request; None if the parameter is empty. Raises NotFound if it is invalid."""
    return parse_id(request.values.get(name, ""))


def parse_id(text: str) -> int | None:
    """The ID in a text; None if the text is empty. Raises NotFound if it is invalid."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or int(text) > MAX_ID:
        raise NotFound
    return int(text)


def known_value(text: str, known: Sequence[str] | Mapping[str, object]) -> str:
    """The text, if it is '' or one of those known. Raises NotFound otherwise."""
    if text and text not in known:
        raise NotFound
    return text
