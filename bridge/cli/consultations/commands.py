"""`consultations`: run consultations, from opening them to their results."""

from __future__ import annotations

import click

from bridge.cli.common import example
from bridge.cli.consultations import (
    answering,
    inviting,
    listing,
    people,
    responding,
    running,
    showing,
)


@click.group(epilog=example("stewardpath consultations list"))
def consultations() -> None:
    """Open consultations, invite people, respond to their points, and send the result.

    CONSULTATION is its number, as `consultations list` prints it. Only the people themselves can
    approve a text, by the link that they were sent.
    """


for _command in (
    listing.list_, showing.show, running.open_, running.change, inviting.add_group,
    inviting.remove_group, inviting.invite, people.people, people.withdraw, people.resend,
    answering.answer, running.close, responding.respond, responding.send, inviting.ask,
    running.finish, running.reopen, listing.export,
):  # fmt: skip
    consultations.add_command(_command)
