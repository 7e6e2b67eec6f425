"""`signoffs`: record a sign-off for many members, list what was recorded, undo it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, TextIO

import click

from bridge.cli.common import (
    configured,
    counted,
    database,
    echo,
    example,
    format_option,
    library,
    now,
    show_json,
    user,
)
from bridge.cli.members.finding import curriculum_requiring
from bridge.cli.moments import DAY
from bridge.cli.people_file import FILE, asking, print_recorded, record_file
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from bridge.store.members.lookup import FoundMember
    from bridge.store.tables.learning import Credit
    from bridge.workflows.people_lists.people import Line
    from bridge.workflows.signoffs.preview import MeantState, SignoffState
    from bridge.workflows.signoffs.recording import RecordedList

MAX_LISTED = 100
MAX_YEARS = 60
IN_WORDS: dict[SignoffState, str] = {
    "new": "new",
    "already": "already signed off",
    "not-found": "not found",
    "ambiguous": "several members may be meant",
    "left": "left the union",
    "own": "yourself",
    "twice": "twice in the list",
}


@click.group(epilog=example("stewardpath signoffs record first-aid-course people.txt --by Lee"))
def signoffs() -> None:
    """Sign off many members at once, list what was recorded, and undo a list."""


@signoffs.command(
    epilog=example(
        "stewardpath signoffs record first-aid-course people.txt --by Lee --preview",
        "stewardpath signoffs record first-aid-course people.txt --by Lee --on 2026-05-04 --yes",
    )
)
@click.argument("requirement")
@FILE
@click.option("--by", "by_name", required=True, help="Who confirmed it.")
@click.option(
    "--on",
    "on",
    type=DAY,
    help="The day it happened. Default: today.",
)
@click.option("--note", "remark", default="", help="A note, such as the place.")
@click.option("--curriculum", default="", help="Needed if several curricula require it.")
@asking
@configured
def record(
    config: Config,
    requirement: str,
    file: TextIO,
    by_name: str,
    on: datetime | None,
    remark: str,
    curriculum: str,
    only_preview: bool,
    yes: bool,
    form: str,
) -> None:
    """Record a sign-off for everyone in FILE, after showing who is meant.

    FILE has member numbers or email addresses: one a line, or several separated by commas,
    semicolons or tabs. `-` reads them from standard input. Those who are new are recorded; the
    others are listed with the reason.
    """
    from bridge.store.learning.signoff_batches import SignoffDetails
    from bridge.workflows.signoffs.preview import preview
    from bridge.workflows.signoffs.recording import record_list

    available = library(config)
    path = curriculum_requiring(available, requirement, curriculum)
    details = SignoffDetails(path, requirement, _checked_day(on), by_name, remark)

    found, done = record_file(
        config, file, form,
        lambda session, people: preview(session, path, requirement, people), _in_words, IN_WORDS,
        lambda session, found, key: record_list(
            session, available, details, found.new, key, user(), now()
        ),
        only_preview=only_preview, yes=yes,
    )  # fmt: skip
    about = {"curriculum": path, "requirement": requirement}
    print_recorded(form, about, found, _signoff_as_data, done)


@signoffs.command("list", epilog=example("stewardpath signoffs list --format json"))
@format_option
@configured
def list_(config: Config, form: str) -> None:
    """List what was recorded, newest first, with the number to undo it."""
    from bridge.store.learning.signoff_batches import recent

    with database(config) as store, store.reading() as session:
        rows = [asdict(each) for each in recent(session, MAX_LISTED)]
    if form == "json":
        show_json({"lists": rows})
        return
    if not rows:
        echo("Nothing was recorded yet.")
    for row in rows:
        state = "" if row["active"] == row["count"] else f", {row['active']} left"
        people = counted(row["count"], "member")
        echo(f"{row['id']:>6}  {str(row['recorded_at'])[:10]}  {row['requirement']}  "
             f"{people}{state}")  # fmt: skip


@signoffs.command(
    epilog=example(
        "stewardpath signoffs undo 12",
        'stewardpath signoffs undo 12 --reason "Recorded for the wrong course"',
    )
)
@click.argument("number", type=int)
@click.option(
    "--reason", default="", help="Why. Needed if milestones were awarded because of the list."
)
@format_option
@configured
def undo(config: Config, number: int, reason: str, form: str) -> None:
    """Withdraw all sign-offs of a list. Its NUMBER is in `signoffs list`.

    If milestones were awarded because of it, give a --reason: a person then decides about each of
    them. `stewardpath awards decisions` lists them.
    """
    from bridge.workflows.corrections.decisions import Correction
    from bridge.workflows.signoffs import recording

    available, why = library(config), reason.strip()
    with database(config) as store, store.transaction() as session:
        if why:
            correction = Correction(user(), now(), why)
            found = recording.withdraw_list(session, available, number, correction)
        else:
            found = recording.undo(session, available, number, user(), now())
        if found is None:
            raise MemberError("there is no such list.", where=str(number))
        if found.depending and not why:
            raise MemberError(
                f"{counted(len(found.depending), 'member')} earned a milestone because of it.",
                todo="Add --reason. A person then decides about each milestone.",
            )
    _print_undone(form, found)


def _print_undone(form: str, found: RecordedList) -> None:
    asked = sum(map(len, found.depending.values()))
    if form == "json":
        show_json({"withdrawn": len(found.active), "to_decide": asked, "stay": len(found.again)})
        return
    told = f"{counted(len(found.active), 'sign-off')} withdrawn."
    echo(told if found.active else "No change: nothing is left of it.")
    if found.again:
        stay = counted(len(found.again), "member")
        echo(f"Corrected or recorded again, and left as it is: {stay}")
    if asked:
        echo(f"{counted(asked, 'milestone')} to decide: stewardpath awards decisions")


def _checked_day(on: datetime | None) -> date:
    """The day. Raises MemberError for one in the future or before anyone worked."""
    day = (on or now()).date()
    if day > now().date():
        raise MemberError(f"{day} is in the future.", todo="Record it when it has happened.")
    refuse_long_ago(day)
    return day


def refuse_long_ago(day: date | None) -> None:
    """Raises MemberError for a day before anyone worked, such as in 1926."""
    if day and day.year < now().year - MAX_YEARS:
        raise MemberError(f"{day} is too long ago.", todo="Check the year.")


def _in_words(line: Line[MeantState, Credit]) -> str:
    """Who is meant, and what happens."""
    return f"{_name(line.member)}: {_why(line)}" if line.member else _why(line)


def _why(line: Line[MeantState, Credit]) -> str:
    if line.state == "ambiguous":
        return f"{IN_WORDS[line.state]}: {', '.join(map(_name, line.others))}"
    if line.state == "already" and line.stored:
        by = line.stored.evidence.get("by_name") or line.stored.recorded_by
        return f"{IN_WORDS[line.state]} on {line.stored.occurred_on} by {by}"
    spelling = f" (stored as {line.member.number})" if line.other_spelling and line.member else ""
    return f"{IN_WORDS[line.state]}{spelling}"


def _name(member: FoundMember) -> str:
    name = " ".join(filter(None, (member.first_name, member.last_name)))
    return f"{name} ({member.number or member.email})"


def _signoff_as_data(credit: Credit | None) -> dict[str, object]:
    return {"signed_off_on": credit.occurred_on if credit else None}
