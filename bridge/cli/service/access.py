"""`access`: who has which role now, and what each role opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bridge.access.holders import holders, regions_chaired, roles_of
from bridge.access.rights import RIGHTS
from bridge.access.roles import ROLES, Role
from bridge.access.table_text import right_table, role_table
from bridge.cli.common import configured, database, echo, example, format_option, show_json
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.command(
    epilog=example(
        "stewardpath access", "stewardpath access payroll@example.org", "stewardpath access --table"
    )
)
@click.argument("address", required=False)
@click.option("--table", is_flag=True, help="Print the tables of roles and rights, as Markdown.")
@format_option
@configured
def access(config: Config, address: str | None, table: bool, form: str) -> None:
    """Show who has which role, or what the person with ADDRESS may see and do.

    Session leaders and mentors are named in their session or pair, not here.
    """
    if table:
        echo("\n".join([*role_table(), "", *right_table()]))
    elif address:
        _show_person(config, address, form)
    else:
        _show_holders(config, form)


def _show_holders(config: Config, form: str) -> None:
    from bridge.store.auth.team import addresses_with, all_roles

    with database(config) as store, store.reading() as session:
        rows = all_roles(session)
    held = {
        role: tuple(dict.fromkeys((*addresses, *addresses_with(rows, role))))
        for role, addresses in holders(config).items()
    }
    if form == "json":
        show_json({"roles": held})
        return
    for role, addresses in held.items():
        echo(f"{ROLES[role].title}: {', '.join(addresses) or 'nobody'}")


def _show_person(config: Config, address: str, form: str) -> None:
    from bridge.store.auth.team import grants_of

    with database(config) as store, store.reading() as session:
        grants = grants_of(session, address)
        roles = {*roles_of(config, address, grants), *_member_role(session, address)}
    regions = sorted(regions_chaired(config, address, grants))
    rights = {
        right: sorted({scope for role, scope in data.cells.items() if role in roles})
        for right, data in RIGHTS.items()
        if roles & data.cells.keys()
    }
    if form == "json":
        names = [role for role in ROLES if role in roles]
        show_json({"address": address, "roles": names, "regions": regions, "rights": rights})
        return
    titles = ", ".join(ROLES[role].title for role in ROLES if role in roles)
    echo(f"{address}: {titles or 'no role'}{' of ' + ', '.join(regions) if regions else ''}")
    for right, scopes in rights.items():
        echo(f"  {RIGHTS[right].title}: {', '.join(scopes)}")


def _member_role(session: Session, address: str) -> Iterator[Role]:
    """Members who share an address can't sign in as members: see docs/decisions."""
    from bridge.store.members.queries import members_with_email

    if len(members_with_email(session, address)) == 1:
        yield "member"
