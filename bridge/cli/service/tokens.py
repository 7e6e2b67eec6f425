"""`token`: the tokens that programs use to sign in to the API."""

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
from bridge.cli.printable_options import PRINTABLE
from bridge.config import Config
from bridge.errors import StewardpathError
from bridge.store.auth.api_tokens import SCOPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.store.tables.auth import ApiToken

NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class TokenData(TypedDict):
    """A token as `--format json` prints it."""

    name: str
    scopes: list[str]
    created: datetime
    created_by: str
    used: datetime | None
    revoked: datetime | None


class TokenError(StewardpathError):
    """The token can't be created or revoked."""


@click.group(epilog=example("stewardpath token add reports --scope awards:read"))
def token() -> None:
    """Create, list and revoke API tokens."""


@token.command(
    epilog=example(
        "stewardpath token add membership-system --scope members:write --scope members:read"
    )
)
@click.argument("name", type=PRINTABLE)
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    required=True,
    help="A permission; repeat the option for more than one.",
)
@configured
def add(config: Config, name: str, scopes: tuple[str, ...]) -> None:
    """Create a token and print it. It is shown only once: the database keeps only its hash.

    NAME identifies the program in the audit log: lowercase letters, digits and hyphens.
    """
    from bridge.store.auth import api_tokens
    from bridge.store.operations import audit_log

    if not NAME_PATTERN.fullmatch(name):
        raise TokenError(
            f"{name!r} is not a valid token name.",
            todo="Use lowercase letters, digits and hyphens.",
        )
    secret = secrets.token_urlsafe(32)
    with database(config) as store, store.transaction() as session:
        if _active_token(api_tokens.list_tokens(session), name):
            raise TokenError(
                f"there is already a token {name}.", todo="Revoke it, or choose another name."
            )
        api_tokens.add_token(session, secret, name, scopes, user(), now())
        after = {"name": name, "scopes": sorted(set(scopes))}
        audit_log.write(session, user(), "token-added", None, {}, after, now())
    echo(secret)


@token.command("list", epilog=example("stewardpath token list --format json"))
@format_option
@configured
def list_(config: Config, form: str) -> None:
    """List all tokens with their permissions and last use."""
    from bridge.store.auth import api_tokens

    with database(config) as store, store.reading() as session:
        rows = [_token_data(row) for row in api_tokens.list_tokens(session)]
    if form == "json":
        show_json({"tokens": rows})
        return
    if not rows:
        echo("No tokens.")
    for row in rows:
        state = f"revoked {row['revoked']}" if row["revoked"] else f"used {row['used'] or 'never'}"
        echo(f"{row['name']:<24} {', '.join(row['scopes'])} ({state})")


@token.command(epilog=example("stewardpath token revoke reports"))
@click.argument("name", type=PRINTABLE)
@configured
def revoke(config: Config, name: str) -> None:
    """Revoke a token immediately."""
    from bridge.store.auth import api_tokens
    from bridge.store.operations import audit_log

    with database(config) as store, store.transaction() as session:
        active = _active_token(api_tokens.list_tokens(session), name)
        if active is None:
            raise TokenError(
                f"there is no active token {name}.", todo="See `stewardpath token list`."
            )
        before = {"name": name, "scopes": active.scopes}
        api_tokens.revoke(session, active.id, now())
        audit_log.write(session, user(), "token-revoked", None, before, {}, now())
    echo("Revoked.")


def _active_token(rows: Sequence[ApiToken], name: str) -> ApiToken | None:
    """The token with that name that isn't revoked."""
    return next((row for row in rows if row.name == name and row.revoked_at is None), None)


def _token_data(row: ApiToken) -> TokenData:
    return {
        "name": row.name,
        "scopes": row.scopes,
        "created": row.created_at,
        "created_by": row.created_by,
        "used": row.used_at,
        "revoked": row.revoked_at,
    }
