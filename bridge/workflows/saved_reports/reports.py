"""The reports that can be emailed, and the numbers that an email has.

They are read from the values of a saved filter, without a page: a value that no longer exists is
an error, because the numbers without it would be about more people than someone chose.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.config import Config
from bridge.curriculum.former_keys import all_keys, former_keys
from bridge.curriculum.known_roles import known_roles
from bridge.curriculum.model import Curriculum, Milestone
from bridge.errors import SavedFilterError
from bridge.messages import Message
from bridge.store.learning.waiting_members import count_waiting
from bridge.store.statistics.coverage import saved_coverage
from bridge.store.statistics.coverage_report import coverage_rows
from bridge.store.statistics.who_is_where import PlaceFilter, count_places

Chosen = Mapping[str, object]
ReportName = Literal["who-is-where", "follow-up", "coverage"]
CourseOf = tuple[Curriculum, Milestone]


@dataclass(frozen=True, slots=True)
class Source:
    """What numbers are counted from. `regions`: those of the reader; None for all."""

    config: Config
    curricula: Sequence[Curriculum]
    regions: Collection[str] | None
    now: datetime

    @property
    def local(self) -> datetime:
        """Now, in the union's time zone."""
        return self.now.astimezone(ZoneInfo(self.config.timezone))


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an email says: members by region, or expectations and how many of them are gaps."""

    total: int
    regions: Mapping[str, int] = field(default_factory=dict)
    untrained: int = 0
    unassessed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `address`: of its page; `right`: that the page needs; `fields`: its filters."""

    name: ReportName
    address: str
    right: Right
    fields: Collection[str]
    count: Callable[[Session, Chosen, Source], Numbers]


def check_chosen(report: Report, chosen: Chosen, source: Source) -> None:
    """Raises SavedFilterError if a value no longer exists."""
    for name, value in chosen.items():
        if name not in report.fields or not _exists(name, str(value), source):
            raise SavedFilterError(
                Message("something that the filter chooses no longer exists."),
                todo=Message("Open the filter, choose again, and save it."),
            )


def _exists(name: str, value: str, source: Source) -> bool:
    match name:
        case "region":
            return value in source.config.regions
        case "milestone":
            return _milestone(value, source) is not None
        case "role":
            return value in known_roles(source.curricula, source.config.role_labels).keys
        case "waiting":
            return value.isascii() and value.isdecimal()
        case _:
            return _day(value) is not None


def _milestone(value: str, source: Source) -> CourseOf | None:
    """The milestone of a value such as `path:new-steward`, with its current key or a former one."""
    path, _, key = value.partition(":")
    every = [(c, m) for c in source.curricula if c.key == path for m in c.milestones]
    current = [each for each in every if each[1].key == key]
    former = [each for each in every if key in former_keys(each[1])]
    return next(iter((*current, *former)), None)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _scope(chosen: Chosen, source: Source) -> Collection[str] | None:
    region = str(chosen.get("region", ""))
    return [region] if region else source.regions


def _milestones(chosen: Chosen, source: Source) -> Sequence[CourseOf]:
    """The chosen milestone, or every one."""
    if found := _milestone(str(chosen.get("milestone", "")), source):
        return [found]
    return [(path, milestone) for path in source.curricula for milestone in path.milestones]


def _places(session: Session, chosen: Chosen, source: Source) -> Numbers:
    option = _milestone(str(chosen.get("milestone", "")), source)
    until = _day(str(chosen.get("until", "")))
    wanted = PlaceFilter(
        positions={
            (path.key, key): position
            for path in source.curricula
            for position, milestone in enumerate(path.milestones, 1)
            for key in all_keys(milestone)
        },
        today=source.local.date(),
        regions=_scope(chosen, source),
        role=str(chosen.get("role", "")),
        curriculum=option[0].key if option else "",
        milestones=all_keys(option[1]) if option else (),
        since=_start(_day(str(chosen.get("since", ""))), source),
        until=_start(until + timedelta(days=1) if until else None, source),
    )
    return _of_members(count_places(session, wanted))


def _start(day: date | None, source: Source) -> datetime | None:
    """When that day begins in the union's time zone."""
    return datetime.combine(day, time(), source.local.tzinfo) if day else None


def _waiting(session: Session, chosen: Chosen, source: Source) -> Numbers:
    days = max(source.config.reminders.after_days, int(str(chosen.get("waiting") or 0)))
    milestones = {(c.key, m.key): former_keys(m) for c, m in _milestones(chosen, source)}
    since = source.local - timedelta(days=days)
    return _of_members(count_waiting(session, milestones, _scope(chosen, source), since=since))


def _of_members(regions: Mapping[str, int]) -> Numbers:
    return Numbers(sum(regions.values()), regions)


def _coverage(session: Session, chosen: Chosen, source: Source) -> Numbers:
    scope = _scope(chosen, source)
    regions = list(source.config.regions) if scope is None else list(scope)
    rows = coverage_rows(_milestones(chosen, source), saved_coverage(session), regions)
    return Numbers(
        len(rows),
        untrained=sum(1 for each in rows if each.gap == 0),
        unassessed=sum(1 for each in rows if not each.training.assessing),
    )


REPORTS: Mapping[str, Report] = {
    "reports.who_is_where": Report(
        "who-is-where", "/committee/who-is-where", "members",
        ("region", "milestone", "role", "since", "until"), _places,
    ),
    "dashboard.follow_up": Report(
        "follow-up", "/committee/follow-up", "members", ("region", "milestone", "waiting"),
        _waiting,
    ),
    "reports.coverage": Report(
        "coverage", "/committee/coverage", "statistics", ("region", "milestone"), _coverage
    ),
}  # fmt: skip
"""The reports, by the endpoint of their page."""
