"""`reports`: tables about members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

import click

from bridge.cli.batches import read_all
from bridge.cli.common import (
    configured,
    curricula,
    database,
    echo,
    example,
    now,
    show_json,
    user,
)
from bridge.cli.moments import DAY
from bridge.cli.reports.coverage import report_format
from bridge.cli.reports.csv_text import csv_text
from bridge.cli.reports.follow_up import follow_up, remind
from bridge.cli.reports.saved import saved
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from bridge.store.database import Database
    from bridge.store.statistics.who_is_where import MemberPlace, PlaceFilter

_HEADER = (
    "number", "first_name", "last_name", "region", "curriculum", "milestone", "reached_on",
    "last_activity",
)  # fmt: skip


@click.group(epilog=example("stewardpath reports who-is-where --format csv"))
def reports() -> None:
    """Write tables about members, and send reminders."""


reports.add_command(follow_up)
reports.add_command(remind)
reports.add_command(saved)


@reports.command(
    "who-is-where",
    epilog=example(
        "stewardpath reports who-is-where --region north --role steward",
        "stewardpath reports who-is-where --milestone new-steward --format csv > stewards.csv",
    ),
)
@click.option("--region", default="", help="Only members of this region (its key).")
@click.option("--milestone", default="", help="Only members whose furthest milestone is this one.")
@click.option("--role", default="", help="Only members who hold this role today.")
@click.option("--since", type=DAY, help="Only those who reached it on this day or later.")
@click.option("--until", type=DAY, help="Only those who reached it on this day or earlier.")
@report_format
@configured
def who_is_where(
    config: Config,
    region: str,
    milestone: str,
    role: str,
    since: datetime | None,
    until: datetime | None,
    form: str,
) -> None:
    """List members with the furthest milestone they have reached and their last activity.

    The list is recorded in the audit log, as a download from the pages is.
    """
    wanted = _filter(config, region, milestone, role, since, until)
    with database(config) as store:
        _audit(store, region, milestone, role)
        rows = [each for place in _read(store, wanted) for each in _rows(place, wanted.zone)]
    if form == "json":
        show_json({"members": rows})
    elif form == "csv":
        echo(csv_text(_HEADER, ([row[name] for name in _HEADER] for row in rows)))
    else:
        _show(rows)


def _filter(
    config: Config,
    region: str,
    milestone: str,
    role: str,
    since: datetime | None,
    until: datetime | None,
) -> PlaceFilter:
    """Which members to list. Raises MemberError for an unknown region or milestone."""
    from bridge.curriculum.former_keys import all_keys
    from bridge.store.statistics.who_is_where import PlaceFilter, end_of, start_of

    paths = list(curricula(config))
    if region and region not in config.regions:
        raise MemberError(f"there is no region {region}.", todo=_known(config.regions))
    found = [(path, each) for path in paths for each in path.milestones if each.key == milestone]
    if milestone and not found:
        every = [each.key for path in paths for each in path.milestones]
        raise MemberError(f"there is no milestone {milestone}.", todo=_known(every))
    today = now()
    zone = today.tzinfo or UTC
    return PlaceFilter(
        positions={
            (path.key, key): position
            for path in paths
            for position, each in enumerate(path.milestones, 1)
            for key in all_keys(each)
        },
        today=today.date(),
        regions=[region] if region else None,
        role=role,
        curriculum=found[0][0].key if found else "",
        milestones=all_keys(found[0][1]) if found else (),
        since=start_of(since.date(), zone) if since else None,
        until=end_of(until.date(), zone) if until else None,
        zone=zone,
    )


def _known(names: Iterable[str]) -> str:
    return f"Known: {', '.join(names)}."


def _read(store: Database, wanted: PlaceFilter) -> Iterator[MemberPlace]:
    from bridge.store.statistics.who_is_where import members_with_places

    return read_all(
        store, lambda session, limit, after: members_with_places(session, wanted, limit, after)
    )


def _audit(store: Database, region: str, milestone: str, role: str) -> None:
    from bridge.store.operations import audit_log

    details = {"list": "who-is-where", "region": region, "milestone": milestone, "role": role}
    with store.transaction() as session:
        audit_log.write(session, user(), "listed", None, {}, details, now())


def _rows(place: MemberPlace, zone: tzinfo) -> Iterator[Mapping[str, object]]:
    """One row for each curriculum in which a member has reached something; one if there is none."""
    member = {
        "number": place.number or "",
        "first_name": place.first_name,
        "last_name": place.last_name,
        "region": place.region,
    }
    last = {"last_activity": place.last_activity.isoformat() if place.last_activity else ""}
    if not place.reached:
        yield {**member, "curriculum": "", "milestone": "", "reached_on": "", **last}
    for each in place.reached:
        yield {
            **member,
            "curriculum": each.curriculum,
            "milestone": each.milestone,
            "reached_on": each.at.astimezone(zone).date().isoformat(),
            **last,
        }


def _show(rows: list[Mapping[str, object]]) -> None:
    if not rows:
        echo("No members match.")
    for row in rows:
        place = f"{row['milestone']} on {row['reached_on']}" if row["milestone"] else "none yet"
        name = f"{row['first_name']} {row['last_name']} ({row['number'] or 'no number'})"
        echo(
            f"{name}  {row['region'] or '-'}  {place}  last activity: {row['last_activity'] or '-'}"
        )
