"""`reports follow-up` and `reports remind`: who has waited long, and reminders to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    counted,
    curricula,
    database,
    echo,
    example,
    format_option,
    now,
    show_json,
    user,
)
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from bridge.curriculum.model import Curriculum
    from bridge.store.database import Database
    from bridge.store.learning.waiting_members import WaitingMember

Row = dict[str, object]
region_option = click.option("--region", default="", help="Only members of this region (its key).")
days_option = click.option(
    "--days",
    type=click.IntRange(min=0),
    help="How long they have worked on the milestone. Default: `reminders.after_days`.",
)
BATCH = 200


@click.command("follow-up", epilog=example("stewardpath reports follow-up --days 90"))
@region_option
@days_option
@format_option
@configured
def follow_up(config: Config, region: str, days: int | None, form: str) -> None:
    """List members who have worked on a milestone for long, longest first, and what is missing."""
    paths = list(curricula(config))
    with database(config) as store:
        rows = [
            each
            for batch in _batches(config, store, paths, region, days)
            for each in _with_missing(config, store, paths, batch)
        ]
    if form == "json":
        show_json({"members": rows})
        return
    for each in rows:
        echo(f"{each['name']} ({each['number'] or 'no number'})  {each['milestone']}  "
             f"since {each['since']}  reminded: {each['reminded'] or 'never'}")  # fmt: skip
        missing = each["missing"]
        for what in missing if isinstance(missing, list) else ():
            echo(f"  - {what}")
    if not rows:
        echo("No members need follow-up.")


@click.command(
    "remind",
    epilog=example("stewardpath reports remind 1042 1043", "stewardpath reports remind --all"),
)
@click.argument("numbers", metavar="NUMBER...", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="Everyone that `reports follow-up` lists.")
@region_option
@days_option
@click.option("--dry-run", is_flag=True, help="Show how many would get one. Sends nothing.")
@format_option
@configured
def remind(
    config: Config,
    numbers: Sequence[str],
    everyone: bool,
    region: str,
    days: int | None,
    dry_run: bool,
    form: str,
) -> None:
    """Send a reminder to members who need follow-up, by member number or email.

    Nobody gets more than one in `reminders.every_days`, and those who turned reminders off get
    none. The service sends the emails.
    """
    if bool(numbers) == everyone:
        raise MemberError("name members, or everyone.", todo="Give numbers, or --all.")
    paths = list(curricula(config))
    with database(config) as store:
        chosen = _members(store, numbers)
        rows = [
            row
            for batch in _batches(config, store, paths, region, days)
            for row in batch
            if everyone or row.member_id in chosen
        ]
        outcomes = _preview(config, rows) if dry_run else _send(config, store, paths, rows)
    if form == "json":
        show_json({"dry_run": dry_run, **outcomes})
        return
    echo(f"{counted(outcomes.get('queued', 0), 'reminder')} {'to send' if dry_run else 'queued'}.")
    for outcome, number in outcomes.items():
        if outcome != "queued" and number:
            echo(f"{counted(number, 'member')} left out: {outcome}.")


def _members(store: Database, numbers: Sequence[str]) -> set[int]:
    """The IDs of these members. Raises MemberError if there is no such member."""
    from bridge.cli.members.finding import find_member

    found = set()
    for number in numbers:
        with find_member(store, number) as (_, member):
            found.add(member.id)
    return found


def _batches(
    config: Config,
    store: Database,
    paths: Sequence[Curriculum],
    region: str,
    days: int | None,
) -> Iterator[list[WaitingMember]]:
    from bridge.store.learning.waiting_members import waiting_members
    from bridge.workflows.reminders.sending import milestones_of

    if region and region not in config.regions:
        raise MemberError(
            f"there is no region {region}.", todo=f"Known: {', '.join(config.regions)}."
        )
    waited = config.reminders.after_days if days is None else days
    since, after = now() - timedelta(days=waited), 0
    while True:
        with store.reading() as session:
            rows = waiting_members(session, milestones_of(paths), [region] if region else None,
                                   BATCH, after, since=since)  # fmt: skip
        if not rows:
            return
        yield rows
        after = rows[-1].id


def _with_missing(
    config: Config, store: Database, paths: Sequence[Curriculum], rows: Sequence[WaitingMember]
) -> list[Row]:
    from bridge.curriculum.descriptions import describe, names_of
    from bridge.workflows.reminders.sending import missing_of

    names = {each.key: names_of(each, config.language, config.role_labels) for each in paths}
    with store.reading() as session:
        found = missing_of(session, paths, rows, now().date())
    return [
        {
            "number": row.number or "",
            "name": f"{row.first_name} {row.last_name}",
            "region": row.region,
            "curriculum": row.curriculum,
            "milestone": row.milestone,
            "since": row.since.date().isoformat(),
            "last_completion": row.seen.date().isoformat() if row.seen else "",
            "reminded": row.reminded.date().isoformat() if row.reminded else "",
            "missing": [
                str(describe(each, names[row.curriculum])) for each in found.get(row.id, ())
            ],
        }
        for row in rows
    ]


def _send(
    config: Config, store: Database, paths: Sequence[Curriculum], rows: Sequence[WaitingMember]
) -> dict[str, int]:
    from bridge.workflows.reminders.sending import remind as send

    return {str(key): n for key, n in send(store, config, paths, rows, user(), now()).items()}


def _preview(config: Config, rows: Sequence[WaitingMember]) -> dict[str, int]:
    from bridge.workflows.reminders.sending import one_row_each

    limit = now() - timedelta(days=config.reminders.every_days)
    members = one_row_each(rows)
    recent = sum(1 for each in members if each.reminded and each.reminded > limit)
    return {"queued": len(members) - recent, "recent": recent}
