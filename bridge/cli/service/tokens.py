"""`token`: what programs sign in to the API with."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

import click

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
from bridge.config import Config
from bridge.errors import StewardpathError
from bridge.store.auth.api_tokens import SCOPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.store.tables.auth import ApiToken

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class TokenData(TypedDict):
    """What `--format json` prints of each."""

    name: str
    scopes: list[str]
    created: datetime
    created_by: str
    used: datetime | None
    revoked: datetime | None


class TokenError(StewardpathError):
    """The token cannot be made or revoked."""


@click.group(epilog=example("stewardpath token add reports --scope awards:read"))
def token() -> None:
    """Make, list and revoke the tokens that programs use the API with."""


@token.command(
    epilog=example(
        "stewardpath token add membership-system --scope members:write --scope members:read"
    )
)
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    required=True,
    help="What it may do; give the option once for each.",
)
@configured
def add(config: Config, name: str, scopes: tuple[str, ...]) -> None:
    """Make a token and print it, this once: only its hash is kept.

    NAME is the program's: small letters, digits and hyphens. The audit log names it.
    """
    from bridge.store.auth import api_tokens
    from bridge.store.operations import audit_log

    if not NAME.fullmatch(name):
        raise TokenError(
            f"{name!r} is no name for a token.", todo="Use small letters, digits and hyphens."
        )
    made = secrets.token_urlsafe(32)
    with database(config) as store, store.transaction() as session:
        if _held(api_tokens.every_token(session), name):
            raise TokenError(f"there is a token {name}.", todo="Revoke it, or take another name.")
        api_tokens.add(session, made, name, scopes, user(), now())
        after = {"name": name, "scopes": sorted(set(scopes))}
        audit_log.write(session, user(), "token-added", None, {}, after, now())
    echo(made)


@token.command("list", epilog=example("stewardpath token list --format json"))
@format_option
@configured
def list_(config: Config, form: str) -> None:
    """Show every token: its name, what it may do, when it was last used."""
    from bridge.store.auth import api_tokens

    with database(config) as store, store.reading() as session:
        rows = [_shown(row) for row in api_tokens.every_token(session)]
    if form == "json":
        show_json({"tokens": rows})
        return
    if not rows:
        echo("There are no tokens.")
    for row in rows:
        state = f"revoked {row['revoked']}" if row["revoked"] else f"used {row['used'] or 'never'}"
        echo(f"{row['name']:<24} {', '.join(row['scopes'])} ({state})")


@token.command(epilog=example("stewardpath token revoke reports"))
@click.argument("name")
@configured
def revoke(config: Config, name: str) -> None:
    """Let a token hold no longer, from the next request on."""
    from bridge.store.auth import api_tokens
    from bridge.store.operations import audit_log

    with database(config) as store, store.transaction() as session:
        held = _held(api_tokens.every_token(session), name)
        if held is None:
            raise TokenError(
                f"there is no token {name} that holds.", todo="See `stewardpath token list`."
            )
        before = {"name": name, "scopes": held.scopes}
        api_tokens.revoke(session, held.id, now())
        audit_log.write(session, user(), "token-revoked", None, before, {}, now())
    echo("Revoked.")


def _held(rows: Sequence[ApiToken], name: str) -> ApiToken | None:
    """The token of that name that has not been revoked."""
    return next((row for row in rows if row.name == name and row.revoked_at is None), None)


def _shown(row: ApiToken) -> TokenData:
    return {
        "name": row.name,
        "scopes": row.scopes,
        "created": row.created_at,
        "created_by": row.created_by,
        "used": row.used_at,
        "revoked": row.revoked_at,
    }
