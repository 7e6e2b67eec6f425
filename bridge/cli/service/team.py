"""`team`: who has which role; inviting people and ending roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.access.roles import ROLES
from bridge.access.team import GIVEN_ROLES, grant_state
from bridge.cli.common import (
    configured,
    database,
    echo,
    example,
    format_option,
    now,
    show_json,
    user,
)
from bridge.cli.printable_options import PRINTABLE
from bridge.config import Config
from bridge.errors import TeamError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.access.roles import Role
    from bridge.store.auth.team import TeamRoleRow


@click.group(epilog=example("stewardpath team list"))
def team() -> None:
    """List who has which role, invite people by email, and end roles.

    Roles in the configuration file are changed there.
    """


@team.command("list", epilog=example("stewardpath team list --format json"))
@format_option
@configured
def list_(config: Config, form: str) -> None:
    """List the roles that were given on the page Team or with this command.

    `stewardpath access` also shows those in the configuration.
    """
    from bridge.store.auth.team import all_roles

    with database(config) as store, store.reading() as session:
        found = [_data(row) for row in all_roles(session)]
    if form == "json":
        show_json({"roles": found})
        return
    if not found:
        echo("No roles were given.")
    for each in found:
        role = ROLES[each["role"]].title  # type: ignore[index]
        region = f" ({each['region']})" if each["region"] else ""
        echo(f"{each['id']:>5}  {each['email']:<30}  {role}{region}: {each['state']}")


@team.command(
    epilog=example(
        "stewardpath team invite kim@example.org --name 'Kim Diaz' --role committee",
        "stewardpath team invite lee@example.org --name 'Lee Roy' --role chair --region north",
    )
)
@click.argument("email", type=PRINTABLE)
@click.option("--name", type=PRINTABLE, required=True, help="The name of the person.")
@click.option(
    "--role",
    "roles",
    type=click.Choice(GIVEN_ROLES),
    multiple=True,
    required=True,
    help="A role; repeat the option for more than one.",
)
@click.option(
    "--region",
    "regions",
    type=PRINTABLE,
    multiple=True,
    help="A region, for the role chair; repeat the option for more than one.",
)
@configured
def invite(
    config: Config, email: str, name: str, roles: tuple[Role, ...], regions: tuple[str, ...]
) -> None:
    """Give EMAIL a role and send an invitation. It counts once they sign in.

    Roles that open confidential things need no second person here.
    """
    from bridge.store.persons.records import PersonRecord
    from bridge.workflows import team as work

    with database(config) as store, store.transaction() as session:
        invited = work.invite(
            session, config, PersonRecord(name, email), roles, regions, user(), now(),
            confirmed=True,
        )  # fmt: skip
    for role in invited.invited:
        echo(f"Invited: {ROLES[role].title}.")
    for role in invited.had:
        echo(f"No change: {ROLES[role].title} was given before.")


@team.command(epilog=example("stewardpath team confirm 3"))
@click.argument("number", type=click.IntRange(1))
@configured
def confirm(config: Config, number: int) -> None:
    """Confirm a role that opens confidential things, and send the invitation.

    NUMBER is the number in `stewardpath team list`.
    """
    from bridge.workflows import team as work

    with database(config) as store, store.transaction() as session:
        row = _find(session, number)
        work.confirm(session, config, row, user(), now())
    echo("No change." if row.invited_at else "Confirmed. An invitation is on its way.")


@team.command(epilog=example("stewardpath team invite-again 3"))
@click.argument("number", type=click.IntRange(1))
@configured
def invite_again(config: Config, number: int) -> None:
    """Send an invitation again, if it was not accepted.

    NUMBER is the number in `stewardpath team list`.
    """
    from bridge.workflows import team as work

    with database(config) as store, store.transaction() as session:
        work.invite_again(session, config, _find(session, number), user(), now())
    echo("An invitation is on its way.")


@team.command(epilog=example("stewardpath team remove 3"))
@click.argument("number", type=click.IntRange(1))
@configured
def remove(config: Config, number: int) -> None:
    """End a role immediately, and tell the person.

    NUMBER is the number in `stewardpath team list`.
    """
    from bridge.workflows import team as work

    with database(config) as store, store.transaction() as session:
        row = work.remove(session, config, number, user(), now())
    echo(f"Ended: {ROLES[row.role].title} of {row.email}.")


def _find(session: Session, number: int) -> TeamRoleRow:
    from bridge.store.auth import team as store

    row = store.find(session, number)
    if row is None:
        raise TeamError(f"there is no role {number}.", todo="See `stewardpath team list`.")
    return row


def _data(row: TeamRoleRow) -> dict[str, object]:
    return {
        "id": row.id,
        "email": row.email,
        "name": row.name,
        "role": row.role,
        "region": row.region,
        "state": grant_state(row.invited_at, row.accepted_at, now()),
        "given_by": row.given_by,
        "given_at": row.given_at,
        "confirmed_by": row.confirmed_by,
        "accepted_at": row.accepted_at,
    }
