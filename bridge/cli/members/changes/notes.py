"""`members note`, `members notes`, `members change-note` and `members remove-note`."""

from __future__ import annotations

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
from bridge.cli.members.finding import find_member
from bridge.config import Config

ID = click.IntRange(1, 2**63 - 1)


@click.command(epilog=example('stewardpath members note 1042 "Asked to be called after five"'))
@click.argument("number")
@click.argument("text")
@format_option
@configured
def note(config: Config, number: str, text: str, form: str) -> None:
    """Write a note about a member.

    The committee reads it, and the member who downloads their data.
    """
    from bridge.store.member_changes import notes

    with database(config) as store, find_member(store, number) as (session, member):
        added = notes.add(session, member.id, text.strip(), user(), now())
        note_id = added.id if added else None
    if form == "json":
        show_json({"note": note_id, "changed": note_id is not None})
    else:
        echo(f"Saved as note {note_id}." if note_id else "No change.")


@click.command("notes", epilog=example("stewardpath members notes 1042"))
@click.argument("number")
@format_option
@configured
def list_notes(config: Config, number: str, form: str) -> None:
    """List the notes about a member, newest first. This is recorded in the audit log."""
    from bridge.store.member_changes import notes
    from bridge.store.operations import audit_log

    with database(config) as store, find_member(store, number) as (session, member):
        audit_log.write(session, user(), "looked", member.id, {}, {}, now())
        found = [
            {
                "id": each.id, "text": each.text, "author": each.author,
                "written_at": each.written_at, "changed_at": each.changed_at,
            }
            for each in notes.notes_of(session, member.id)
        ]  # fmt: skip
    if form == "json":
        show_json({"notes": found})
        return
    for each in found:
        echo(f"{each['id']:>6}  {str(each['written_at'])[:10]}  {each['author']}: {each['text']}")
    if not found:
        echo("None yet.")


@click.command("change-note", epilog=example('stewardpath members change-note 12 "Call at six"'))
@click.argument("note_id", type=ID, metavar="ID")
@click.argument("text")
@format_option
@configured
def change_note(config: Config, note_id: int, text: str, form: str) -> None:
    """Change a note that you wrote. ID is in `members notes`."""
    from bridge.store.member_changes import notes

    with database(config) as store, store.transaction() as session:
        changed = notes.change(session, note_id, text.strip(), None, user(), now())
    if form == "json":
        show_json({"note": note_id, "changed": changed})
    else:
        echo("Saved." if changed else "No change.")


@click.command("remove-note", epilog=example("stewardpath members remove-note 12"))
@click.argument("note_id", type=ID, metavar="ID")
@format_option
@configured
def remove_note(config: Config, note_id: int, form: str) -> None:
    """Remove a note that you wrote. This can't be undone. ID is in `members notes`."""
    from bridge.store.member_changes import notes

    with database(config) as store, store.transaction() as session:
        notes.remove(session, note_id, user(), now())
    if form == "json":
        show_json({"note": note_id, "changed": True})
    else:
        echo("Removed.")
