"""`consultations add-group`, `remove-group`, `invite`, `withdraw`, `resend` and `ask`."""

from __future__ import annotations

from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, counted, example, format_option, print_note
from bridge.cli.consultations.shared import CONSULTATION, print_done, run
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.consultations.office import Office
    from bridge.consultations.rules import Channel, Degree


DEGREE = click.option(
    "--degree", type=click.Choice(["informed", "consulted", "decides"]), default="consulted",
    show_default=True, help="How much a new group decides.",
)  # fmt: skip
CHANNEL = click.option(
    "--channel", type=click.Choice(["page", "email", "session"]), default="page",
    show_default=True, help="How a new group takes part.",
)  # fmt: skip
MEETING = click.option(
    "--meeting", default="", help="When and where the session of a new group is."
)


@click.command(
    "add-group", epilog=example("stewardpath consultations add-group 1 Board --degree decides")
)
@CONSULTATION
@click.argument("name")
@DEGREE
@CHANNEL
@MEETING
@format_option
@configured
def add_group(
    config: Config,
    consultation: int,
    name: str,
    degree: Degree,
    channel: Channel,
    meeting: str,
    form: str,
) -> None:
    """Add a group without people. A group that decides must approve before publishing.

    `consultations invite` adds a new group, too.
    """
    from bridge.consultations.invitations.groups import add_group

    number = run(config, lambda session, office: add_group(
        session, office, consultation, name, degree, channel, meeting
    ))  # fmt: skip
    print_done(form, {"group": number}, f"Added: {name}")


@click.command("remove-group", epilog=example("stewardpath consultations remove-group 1 Board"))
@CONSULTATION
@click.argument("name")
@click.option("--reason", default="", help="Why; needed for a group that decides.")
@format_option
@configured
def remove_group(config: Config, consultation: int, name: str, reason: str, form: str) -> None:
    """Remove a group that nobody is invited to. If people of one that decides have answered, it
    stays, but no longer decides.
    """
    from bridge.consultations.invitations import groups
    from bridge.errors import ConsultationError

    def act(session: Session, office: Office) -> bool:
        group = groups.find_group(session, consultation, name)
        if group is None:
            raise ConsultationError("there is no such group.", where=name)
        return groups.remove_group(session, office, consultation, group, reason)

    if run(config, act):
        print_done(form, {"removed": name}, f"Removed: {name}")
    else:
        print_done(form, {"decides_no_longer": name}, f"Decides no longer: {name}")


@click.command(epilog=example("stewardpath consultations invite 1 people.txt --group Employers"))
@CONSULTATION
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--group", "name", required=True, help="The group; it is added if it is new.")
@DEGREE
@CHANNEL
@MEETING
@format_option
@configured
def invite(
    config: Config,
    consultation: int,
    file: TextIOWrapper,
    name: str,
    degree: Degree,
    channel: Channel,
    meeting: str,
    form: str,
) -> None:
    """Invite the people in FILE (- for standard input), all or none.

    A line is `Kim Example <kim@example.org>` or an address. Who is invited already isn't again.
    """
    from bridge.consultations.invitations import groups, inviting
    from bridge.consultations.invitations.inviting import Invited
    from bridge.consultations.invitations.pasted_people import read_people
    from bridge.errors import ConsultationError

    named, unreadable = read_people(file.read())
    for each in unreadable:
        print_note(f"line {each.number}: {each.line}: {each.problem}")
    if unreadable or not named:
        raise ConsultationError(
            "nobody is invited: the list has lines that can't be read, or is empty."
        )

    def act(session: Session, office: Office) -> Invited:
        group = groups.find_group(session, consultation, name)
        if group is None:
            group = groups.add_group(session, office, consultation, name, degree, channel, meeting)
        return inviting.invite(session, office, consultation, group, named)

    done = run(config, act)
    counts = {"invited": len(done.new), "known": len(done.known)}
    print_done(form, counts, f"Invited: {len(done.new)}. Invited already: {len(done.known)}.")


@click.command(epilog=example("stewardpath consultations ask 1"))
@CONSULTATION
@format_option
@configured
def ask(config: Config, consultation: int, form: str) -> None:
    """Ask those who decide, and haven't approved the text as it is now, for their approval."""
    from bridge.consultations.invitations.inviting import ask_for_approval

    asked = run(config, lambda session, office: ask_for_approval(session, office, consultation))
    print_done(form, {"people": asked}, f"{counted(asked, 'person is', 'people are')} asked.")
