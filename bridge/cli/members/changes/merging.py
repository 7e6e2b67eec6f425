"""`members merge`: two records of the same member become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    database,
    echo,
    example,
    format_option,
    library,
    now,
    print_note,
    show_json,
)
from bridge.cli.members.changes.editor import editor
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.member_merging.choices import Field
    from bridge.store.tables.members import Member

FIELDS = (
    "number", "email", "first_name", "last_name", "region", "language", "unit", "classification",
    "job_class", "status", "moodle_user_id",
)  # fmt: skip
"""`CHOSEN` of bridge/member_merging/choices.py: importing it takes time."""


@click.command(
    epilog=example(
        "stewardpath members merge 1042 2042 --preview",
        "stewardpath members merge 1042 id:31 --take email --take region --yes",
    )
)
@click.argument("number")
@click.argument("other")
@click.option(
    "--take", type=click.Choice(FIELDS), multiple=True,
    help="A field that gets the value of OTHER. Repeatable. Fields that are empty get it anyway.",
)  # fmt: skip
@click.option("--preview", is_flag=True, help="Show what would be merged. Change nothing.")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@click.option(
    "--confidential",
    is_flag=True,
    help="Merge also if the email that remains then gets confidential forms of the other.",
)
@format_option
@configured
def merge(
    config: Config,
    number: str,
    other: str,
    take: tuple[str, ...],
    preview: bool,
    yes: bool,
    confidential: bool,
    form: str,
) -> None:
    """Make two records of the same member one. This can't be undone.

    The record of NUMBER stays and gets everything of OTHER, which is removed. OTHER may be a
    number, an email or an ID such as id:31. The number that isn't kept means the member too.
    """
    from bridge.access.rights import CONFIDENTIAL
    from bridge.features import FEATURES
    from bridge.foundations.feature import Context
    from bridge.member_merging.choices import differing, version_of
    from bridge.member_merging.merging import Merge, merge_members
    from bridge.member_merging.moves import count_rows

    if form == "json" and not (yes or preview):
        raise MemberError("nobody can confirm this.", todo="Add --yes or --preview.")
    with database(config) as store:
        with store.reading() as session:
            kept, removed = _find(session, number), _find(session, other)
            fields, version = differing(kept, removed), version_of(kept, removed)
            moved = count_rows(session, removed.id)
        taken = {each.name for each in fields if each.name in take or each.default == "removed"}
        if form != "json":
            _print_both(kept, removed, fields, taken, moved)
        account = None
        if not preview:
            yes or click.confirm("Merge? This can't be undone.", abort=True)
            rights = CONFIDENTIAL if confidential else ()
            wanted = Merge(kept.id, removed.id, taken, version, rights)
            with store.transaction() as session:
                context = Context(session, config, tuple(library(config)), config.language, now())
                done = merge_members(context, FEATURES, wanted, editor(config))
            moved, account = dict(done.moved), done.account
    if form == "json":
        shown = [asdict(each) | {"taken": each.name in taken} for each in fields]
        show_json({
            "kept": kept.id, "removed": removed.id, "merged": not preview, "fields": shown,
            "moved": moved, "former_account": account,
        })  # fmt: skip
    elif not preview:
        echo("Merged.")
    if account:
        print_note(f"No member has Moodle account {account} any more. Have it merged or deleted "
                   "in Moodle.")  # fmt: skip


def _find(session: Session, text: str) -> Member:
    from bridge.store.members.queries import find

    found = find(session, text)
    if found is None:
        raise MemberError(
            "there is no such member.", where=text, todo="Enter a member number, an email or an ID."
        )
    return found


def _print_both(
    kept: Member,
    removed: Member,
    fields: Sequence[Field],
    taken: set[str],
    moved: Mapping[str, int],
) -> None:
    echo(f"Stays: id:{kept.id} <{kept.email}>. Removed: id:{removed.id} <{removed.email}>.")
    for each in fields:
        value = each.removed if each.name in taken else each.kept
        echo(f"    {each.name}: {each.kept or '-'} | {each.removed or '-'} → {value or '-'}")
    for name, count in moved.items():
        echo(f"    moves: {name} {count}")
