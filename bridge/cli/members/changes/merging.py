"""`members merge`: two records of the same member become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    database,
    echo,
    example,
    format_option,
    print_note,
    show_json,
)
from bridge.cli.members.changes.editor import editor
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.member_merging.choices import Field
    from bridge.member_merging.merging import Merged
    from bridge.store.database import Database
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
    if form == "json" and not (yes or preview):
        raise MemberError("nobody can confirm this.", todo="Add --yes or --preview.")
    with database(config) as store:
        found = _read(store, number, other, take)
        if form != "json":
            _print_both(found)
        done = None
        if not preview:
            yes or click.confirm("Merge? This can't be undone.", abort=True)
            done = _merge(store, config, found, confidential=confidential)
    _print_result(found, done, form)


@dataclass(frozen=True)
class Double:
    """Two records, the fields in which they differ, and which of them OTHER gives."""

    kept: Member
    removed: Member
    fields: Sequence[Field]
    taken: set[str]
    version: str
    moved: Mapping[str, int]


def _read(store: Database, number: str, other: str, take: Sequence[str]) -> Double:
    from bridge.features import FEATURES
    from bridge.features.registers import personal_tables
    from bridge.member_merging.choices import differing, version_of
    from bridge.member_merging.moves import count_rows

    with store.reading() as session:
        kept, removed = _find(session, number), _find(session, other)
        fields = differing(kept, removed)
        taken = {each.name for each in fields if each.name in take or each.default == "removed"}
        moved = count_rows(session, removed.id, personal_tables(FEATURES))
    return Double(kept, removed, fields, taken, version_of(kept, removed), moved)


def _merge(store: Database, config: Config, found: Double, *, confidential: bool) -> Merged:
    from bridge.access.rights import CONFIDENTIAL
    from bridge.features import FEATURES
    from bridge.foundations.feature import Context
    from bridge.member_merging.merging import Merge, merge_members

    rights = CONFIDENTIAL if confidential else ()
    wanted = Merge(found.kept.id, found.removed.id, found.taken, found.version, rights)
    who = editor(config)
    with store.transaction() as session:
        context = Context(session, config, tuple(who.curricula), config.language, who.now)
        return merge_members(context, FEATURES, wanted, who)


def _print_result(found: Double, done: Merged | None, form: str) -> None:
    account = done.account if done else None
    if form == "json":
        shown = [asdict(each) | {"taken": each.name in found.taken} for each in found.fields]
        show_json({
            "kept": found.kept.id, "removed": found.removed.id, "merged": done is not None,
            "fields": shown, "moved": dict(found.moved), "former_account": account,
        })  # fmt: skip
    elif done:
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


def _print_both(found: Double) -> None:
    kept, removed = found.kept, found.removed
    echo(f"Stays: id:{kept.id} <{kept.email}>. Removed: id:{removed.id} <{removed.email}>.")
    for each in found.fields:
        value = each.removed if each.name in found.taken else each.kept
        echo(f"    {each.name}: {each.kept or '-'} | {each.removed or '-'} → {value or '-'}")
    for name, count in found.moved.items():
        echo(f"    moves: {name} {count}")
