"""`roles`: give a role to many members or end it, list what was recorded, undo it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
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
    print_note,
    show_json,
    user,
)
from bridge.cli.members.signoffs import refuse_long_ago
from bridge.cli.moments import DAY
from bridge.cli.people_file import FILE, asking, print_recorded, record_file
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from bridge.workflows.people_lists.people import Line
    from bridge.workflows.role_lists.preview import MeantState, Roles, RoleState
    from bridge.workflows.role_lists.recording import RecordedRoles
    from bridge.workflows.role_lists.request import RoleAction, RoleRequest

MAX_LISTED = 100
IN_WORDS: dict[RoleState, str] = {
    "new": "new",
    "already": "nothing to change",
    "overlaps": "has it on some of these days",
    "later": "begins later",
    "none": "doesn't have it",
    "not-found": "not found",
    "ambiguous": "several members may be meant",
    "left": "left the union",
    "own": "yourself",
    "twice": "twice in the list",
}


@click.group(epilog=example("stewardpath roles give steward people.txt --since 2026-09-01"))
def roles() -> None:
    """Give a role to many members at once or end it, list what was recorded, and undo a list."""


@roles.command(
    epilog=example(
        "stewardpath roles give steward people.txt --preview",
        "stewardpath roles give trustee people.txt --until 2029-06-30 --yes",
    )
)
@click.argument("role")
@FILE
@click.option("--since", type=DAY, help="First day in the role. Default: today.")
@click.option("--until", type=DAY, help="Last day in the role.")
@click.option("--region", default="", help="Only for this region.")
@click.option("--unit", default="", help="Only for this bargaining unit.")
@click.option("--program", default="", help="Only for this programme.")
@click.option("--reason", default="", help="Why, for the activity log.")
@asking
@configured
def give(
    config: Config,
    /,
    role: str,
    file: TextIO,
    since: datetime | None,
    until: datetime | None,
    reason: str,
    only_preview: bool,
    yes: bool,
    form: str,
    **scope: str,
) -> None:
    """Give a role to everyone in FILE, after showing who is meant.

    FILE has member numbers or email addresses: one a line, or several separated by commas,
    semicolons or tabs. `-` reads them from standard input.
    """
    days = {"since": f"{since or now():%Y-%m-%d}", "until": f"{until:%Y-%m-%d}" if until else ""}
    request = _request(config, "give", {"role": role, **scope, **days}, reason)
    _run(config, request, file, form, only_preview=only_preview, yes=yes)


@roles.command(
    epilog=example(
        "stewardpath roles end steward people.txt --until 2026-12-31 --preview",
        "stewardpath roles end steward people.txt --until 2026-12-31 --yes",
    )
)
@click.argument("role")
@FILE
@click.option("--until", type=DAY, help="Last day in the role. Default: today.")
@click.option("--region", default="", help="Only the role for this region. Default: any.")
@click.option("--unit", default="", help="Only the role for this bargaining unit. Default: any.")
@click.option("--program", default="", help="Only the role for this programme. Default: any.")
@click.option("--reason", default="", help="Why, for the activity log.")
@asking
@configured
def end(
    config: Config,
    /,
    role: str,
    file: TextIO,
    until: datetime | None,
    reason: str,
    only_preview: bool,
    yes: bool,
    form: str,
    **scope: str,
) -> None:
    """End a role of everyone in FILE, after showing who is meant.

    FILE is the same as for `roles give`. A term that begins later stays.
    """
    days = {"until": f"{until or now():%Y-%m-%d}"}
    request = _request(config, "end", {"role": role, **scope, **days}, reason)
    _run(config, request, file, form, only_preview=only_preview, yes=yes)


@roles.command("list", epilog=example("stewardpath roles list --format json"))
@format_option
@configured
def list_(config: Config, form: str) -> None:
    """List what was recorded, newest first, with the number to undo it."""
    from bridge.store.batches.batches import recent
    from bridge.workflows.role_lists.recording import KINDS

    with database(config) as store, store.reading() as session:
        rows = [asdict(each) for each in recent(session, list(KINDS.values()), MAX_LISTED)]
    if form == "json":
        show_json({"lists": rows})
        return
    if not rows:
        echo("Nothing was recorded yet.")
    for row in rows:
        action = "given" if row["kind"] == "roles-given" else "ended"
        state = ", undone" if row["undone_at"] else ""
        echo(f"{row['id']:>6}  {str(row['recorded_at'])[:10]}  {row['details']['role']} {action}  "
             f"{counted(row['members'], 'member')}{state}")  # fmt: skip


@roles.command(
    epilog=example(
        "stewardpath roles undo 12", 'stewardpath roles undo 12 --reason "Not elected after all"'
    )
)
@click.argument("number", type=int)
@click.option(
    "--reason", default="", help="Why. Needed if milestones were awarded because of the list."
)
@format_option
@configured
def undo(config: Config, number: int, reason: str, form: str) -> None:
    """Give everyone of a list the roles that they had before. Its NUMBER is in `roles list`.

    A role that was changed since stays as it is. If milestones were awarded because of the list,
    give a --reason: a person then decides about each. `stewardpath awards decisions` lists them.
    """
    from bridge.workflows.corrections.decisions import Correction
    from bridge.workflows.role_lists.recording import undo_roles

    why = reason.strip()
    with database(config) as store, store.transaction() as session:
        found = undo_roles(session, library(config), number, Correction(user(), now(), why))
        if found is None:
            raise MemberError("there is no such list.", where=str(number))
        if found.lacking and not why:
            raise MemberError(
                f"{counted(len(found.lacking), 'milestone')} was awarded because of it.",
                todo="Add --reason. A person then decides about each milestone.",
            )
    _print_undone(form, found)


def _request(
    config: Config, action: RoleAction, values: dict[str, str], reason: str
) -> RoleRequest:
    """What was asked for. Raises MemberError if the role is not valid."""
    from bridge.curriculum.known_roles import known_roles
    from bridge.membership.roles import make_role, roles_problem
    from bridge.workflows.role_lists.request import RoleRequest

    known = known_roles(library(config), config.role_labels)
    try:
        role = make_role(values, config.regions, known)
    except ValueError as wrong:
        raise MemberError(str(wrong)) from None
    if problem := roles_problem([role]):
        raise MemberError(problem)
    refuse_long_ago(role.since)
    refuse_long_ago(role.until)
    if warning := known.warning(role.role):
        print_note(f"Note: {warning}")
    return RoleRequest(action, role, reason.strip())


def _run(
    config: Config, request: RoleRequest, file: TextIO, form: str, *, only_preview: bool, yes: bool
) -> None:
    """Show who is meant, and record it. Raises MemberError if nobody can confirm it."""
    from bridge.workflows.role_lists.preview import preview
    from bridge.workflows.role_lists.recording import record_roles

    found, done = record_file(
        config, file, form,
        lambda session, people: preview(session, request, people), _in_words, IN_WORDS,
        lambda session, found, key: record_roles(
            session, library(config), request, found.new, key, user(), now()
        ),
        only_preview=only_preview, yes=yes,
    )  # fmt: skip
    print_recorded(form, {}, found, _roles_as_data, done)


def _in_words(line: Line[MeantState, Roles]) -> str:
    """Who is meant, what happens, and the days of the roles that the member has already."""
    who = f"{line.member.first_name} {line.member.last_name}: " if line.member else ""
    days = [f"{r.held.since or '…'} to {r.held.until or '…'}" for r in line.stored or ()]
    return f"{who}{IN_WORDS[line.state]}" + (f" ({', '.join(days)})" if days else "")


def _roles_as_data(roles: Roles | None) -> dict[str, object]:
    return {"roles": [asdict(each.held) for each in roles or ()]}


def _print_undone(form: str, found: RecordedRoles) -> None:
    undone = len({each.member_id for each in found.to_undo})
    left = len({each.member_id for each in found.changed_since})
    if form == "json":
        show_json({"undone": undone, "not_undone": left, "to_decide": len(found.lacking)})
        return
    echo(f"Undone for {counted(undone, 'member')}." if undone else "No change.")
    if left:
        echo(f"Not undone for {counted(left, 'member')}: the role was changed since.")
    if found.lacking:
        echo(f"{counted(len(found.lacking), 'milestone')} to decide: stewardpath awards decisions")
