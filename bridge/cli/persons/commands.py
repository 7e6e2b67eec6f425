"""`persons`: list, show, add, merge, export and erase."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

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
from bridge.errors import PersonError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.store.database import Database
    from bridge.store.persons.queries import PersonRow

PROOFS = {"": "not confirmed", "link": "confirmed by a link", "membership": "from the union"}
SOURCES = {
    "self": "the address was typed in a form",
    "committee": "the committee",
    "settings": "the configuration",
    "member": "a member's record",
    "": "not known",
}
MAX_LISTED = 1_000


@click.group(epilog=example("stewardpath persons list"))
def persons() -> None:
    """List, show, add, merge, export and erase persons.

    Persons are everyone the union is in touch with by email: guests, speakers from outside,
    supervisors, and members as far as they take part as persons. PERSON is an ID or an email.
    """


@persons.command("list", epilog=example("stewardpath persons list kim"))
@click.argument("words", default="")
@format_option
@configured
def list_(config: Config, words: str, form: str) -> None:
    """List the persons, or those with this email or a name that starts with WORDS.

    At most 1,000 are listed. This is recorded in the audit log.
    """
    from bridge.store.operations import audit_log
    from bridge.store.persons.queries import PersonFilter, list_persons

    with database(config) as store, store.transaction() as session:
        details = {"list": "persons", "searched": bool(words)}
        audit_log.write(session, user(), "listed", None, {}, details, now())
        found = list_persons(session, MAX_LISTED, 0, PersonFilter(words))
    if form == "json":
        show_json([asdict(each) for each in found])
    for each in found if form == "text" else ():
        echo(f"{each.id:>6}  {each.name:<30}  {each.email:<30}  {PROOFS[each.proof]}")


@persons.command(epilog=example("stewardpath persons show kim@example.org"))
@click.argument("person")
@format_option
@configured
def show(config: Config, person: str, form: str) -> None:
    """Show a person. This is recorded in the audit log."""
    from bridge.store.operations import audit_log

    with database(config) as store, _find_person(store, person) as (session, found):
        audit_log.write(
            session, user(), "person-looked", found.member_id, {}, {}, now(), person_id=found.id
        )
    if form == "json":
        show_json(asdict(found))
        return
    echo(f"{found.name} <{found.email}>, ID {found.id}")
    echo(f"Address: {PROOFS[found.proof]}")
    echo(f"Added by: {SOURCES[found.source]}")
    echo(f"Member: {f'ID {found.member_id}' if found.member_id else 'none'}")


@persons.command(epilog=example("stewardpath persons add --name 'Kim Doe' --email kim@example.org"))
@click.option("--name", required=True, help="The person's full name.")
@click.option("--email", required=True, help="The person's email address.")
@click.option("--language", default="", help="Language of emails to this person: en or fr.")
@configured
def add(config: Config, /, name: str, email: str, language: str) -> None:
    """Add a person and email them a link to confirm the address.

    A person who is known already is not changed.
    """
    from bridge.store.persons import changes
    from bridge.store.persons.records import PersonRecord
    from bridge.workflows.personal_links import request_confirmation

    record = PersonRecord(name, email, language)
    with database(config) as store, store.transaction() as session:
        found = changes.add(session, record, user(), now())
        if found.added:
            request_confirmation(session, config, found.id, now())
    kept = f"Known as ID {found.id}. Kept from now on, also if the address isn't confirmed."
    known = kept if found.kept else f"No change: known as ID {found.id}."
    echo(f"Added, ID {found.id}." if found.added else known)


@persons.command(epilog=example("stewardpath persons merge 12 31 --yes"))
@click.argument("person")
@click.argument("other")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@click.option(
    "--confidential",
    is_flag=True,
    help="Merge also if the address that remains then gets confidential forms of the other.",
)
@configured
def merge(config: Config, person: str, other: str, yes: bool, confidential: bool) -> None:
    """Make two entries of the same person one. This can't be undone.

    PERSON keeps their name and address, and gets everything about OTHER, which is removed.
    """
    from bridge.access.rights import CONFIDENTIAL
    from bridge.privacy import merge_persons

    if not yes:
        click.confirm(f"Remove {other} and keep {person}? This can't be undone.", abort=True)
    with database(config) as store, store.transaction() as session:
        kept, removed = _find(session, person), _find(session, other)
        rights = CONFIDENTIAL if confidential else ()
        merge_persons(session, kept.id, removed.id, user(), now(), rights=rights)
    echo("Merged.")


@persons.command(epilog=example("stewardpath persons export 12 > 12.json"))
@click.argument("person")
@configured
def export(config: Config, person: str) -> None:
    """Print all data about a person, as JSON. This is recorded in the audit log.

    If the person is a member, export the member too.
    """
    from bridge.privacy import export_person
    from bridge.store.operations import audit_log

    with database(config) as store, _find_person(store, person) as (session, found):
        audit_log.write(
            session, user(), "person-exported", found.member_id, {}, {}, now(), person_id=found.id
        )
        data = export_person(session, found.id)
    show_json(data)


@persons.command(epilog=example("stewardpath persons erase kim@example.org --yes"))
@click.argument("person")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@click.option(
    "--confidential",
    is_flag=True,
    help="Erase also confidential forms and files, such as a grievance.",
)
@configured
def erase(config: Config, person: str, yes: bool, confidential: bool) -> None:
    """Erase all data about a person. This can't be undone.

    If the person is a member, their record as a member stays: erase the member instead. Before
    you use --confidential, ask those who read the forms whether they still need them.
    """
    from bridge.access.rights import CONFIDENTIAL
    from bridge.privacy import erase_person

    if not yes:
        click.confirm(f"Erase all data about {person}? This can't be undone.", abort=True)
    with database(config) as store:
        with _find_person(store, person) as (session, found):
            rights = CONFIDENTIAL if confidential else ()
            erase_person(session, found.id, user(), now(), rights=rights)
        store.empty_log()
    echo("Erased.")
    if found.member_id:
        echo(f"The record of member ID {found.member_id} stays.")


@contextmanager
def _find_person(store: Database, identifier: str) -> Iterator[tuple[Session, PersonRow]]:
    """Open a transaction with the person. Raises PersonError if there is none."""
    with store.transaction() as session:
        yield session, _find(session, identifier)


def _find(session: Session, identifier: str) -> PersonRow:
    from bridge.store.persons.queries import get_person
    from bridge.store.persons.records import find

    found = find(session, identifier)
    row = get_person(session, found.id) if found else None
    if row is None:
        raise PersonError(
            "there is no such person.", where=identifier, todo="Enter an ID or an email address."
        )
    return row
