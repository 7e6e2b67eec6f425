"""`consultations`: list, open, invite, close, reopen and export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from io import TextIOWrapper
from typing import TYPE_CHECKING, TypeVar

import click

from bridge.cli.common import (
    configured,
    curricula,
    database,
    echo,
    example,
    format_option,
    now,
    print_note,
    show_json,
    user,
)
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.consultations.office import Office
    from bridge.consultations.rules import Channel, Degree

T = TypeVar("T")
TIME = click.DateTime(["%Y-%m-%d %H:%M"])
CONSULTATION = click.argument("consultation", type=click.IntRange(1))


@click.group(epilog=example("stewardpath consultations list"))
def consultations() -> None:
    """List, open, close and export consultations; invite people.

    CONSULTATION is its number, as `consultations list` prints it. The pages have the rest:
    answers, responses and the result.
    """


def _run(config: Config, act: Callable[[Session, Office], T]) -> T:
    """Do something in a transaction, by the person at the command line."""
    from bridge.consultations.office import Office

    with database(config) as store, store.transaction() as session:
        return act(session, Office(config, curricula(config), user(), now()))


@consultations.command("list", epilog=example("stewardpath consultations list --finished"))
@click.option("--finished", is_flag=True, help="Those that are finished instead.")
@format_option
@configured
def list_(config: Config, finished: bool, form: str) -> None:
    """List the consultations, the newest first, with how many people are invited and answered."""
    from bridge.cli.batches import read_all
    from bridge.consultations.answers.results import ConsultationSummary, list_consultations

    with database(config) as store:

        def read(session: Session, limit: int, after: int) -> list[ConsultationSummary]:
            return list_consultations(session, limit, after, finished=finished)

        rows = [_as_data(each) for each in read_all(store, read)]
    if form == "json":
        show_json({"consultations": rows})
        return
    if not rows:
        echo("No consultations.")
    for each in rows:
        about = f"{each['curriculum']}/{each['milestone']}"
        counts = f"{each['answered']} of {each['invited']} answered"
        until = f"until {each['closes']} {each['zone']}"
        echo(f"{each['id']}  {each['state']}  {about}  {each['title']}  ({counts}, {until})")


def _as_data(summary: object) -> dict[str, object]:
    from bridge.consultations.answers.results import ConsultationSummary

    assert isinstance(summary, ConsultationSummary)  # noqa: S101 - for the type checker
    row = summary.row
    return {
        "id": row.id, "title": row.title, "curriculum": row.curriculum,
        "milestone": row.milestone, "revision": row.revision, "state": row.state,
        "closes": f"{row.closes:%Y-%m-%d %H:%M}", "zone": row.zone, "invited": summary.invited,
        "answered": summary.answered,
    }  # fmt: skip


@consultations.command(
    "open",
    epilog=example('stewardpath consultations open member-steward-path/new-member \\',
                   '  "2027-02-10 17:00" --title "The first step"'),
)  # fmt: skip
@click.argument("about")
@click.argument("closes", type=TIME)
@click.option("--title", required=True, help="What people read first.")
@click.option("--introduction", default="", help="What they should know (Markdown).")
@click.option("--zone", help="The time zone of the end. Default: that of the configuration.")
@click.option(
    "--revision", default="", metavar="DIGITS",
    help="Open it only if the curriculum still has this revision.",
)  # fmt: skip
@format_option
@configured
def open_(
    config: Config,
    about: str,
    closes: datetime,
    title: str,
    introduction: str,
    zone: str | None,
    revision: str,
    form: str,
) -> None:
    """Open a consultation on ABOUT, `curriculum/milestone`, or `curriculum` for the whole path.

    People answer until CLOSES. They read the text as it is now.
    """
    from bridge.consultations.opening import Asked, open_consultation

    curriculum, _, milestone = about.partition("/")
    asked = Asked(
        curriculum, milestone, title, introduction, closes, zone or config.timezone, revision
    )
    number = _run(config, lambda session, office: open_consultation(session, office, asked))
    _show(form, {"consultation": number}, f"Opened: {number}")


@consultations.command(
    epilog=example("stewardpath consultations invite 1 people.txt --group Employers")
)
@CONSULTATION
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--group", "name", required=True, help="The group; it is added if it is new.")
@click.option(
    "--degree", type=click.Choice(["informed", "consulted", "decides"]), default="consulted",
    show_default=True, help="How much a new group decides.",
)  # fmt: skip
@click.option(
    "--channel", type=click.Choice(["page", "email", "session"]), default="page",
    show_default=True, help="How a new group takes part.",
)  # fmt: skip
@click.option("--meeting", default="", help="When and where the session of a new group is.")
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
    from bridge.messages import Message

    named, unreadable = read_people(file.read())
    for each in unreadable:
        print_note(f"line {each.number}: {each.line}: {each.problem}")
    if unreadable or not named:
        raise ConsultationError(
            Message("nobody is invited: the list has lines that can't be read, or is empty.")
        )

    def act(session: Session, office: Office) -> Invited:
        group = groups.find_group(session, consultation, name)
        if group is None:
            group = groups.add_group(session, office, consultation, name, degree, channel, meeting)
        return inviting.invite(session, office, consultation, group, named)

    done = _run(config, act)
    counts = {"invited": len(done.new), "known": len(done.known)}
    _show(form, counts, f"Invited: {len(done.new)}. Invited already: {len(done.known)}.")


@consultations.command(epilog=example("stewardpath consultations close 1"))
@CONSULTATION
@format_option
@configured
def close(config: Config, consultation: int, form: str) -> None:
    """End the answers now."""
    from bridge.consultations.opening import close

    changed = _run(config, lambda session, office: close(session, office, consultation))
    _show(form, {"changed": changed}, "Closed." if changed else "It is closed already.")


@consultations.command(epilog=example('stewardpath consultations reopen 1 "2027-02-20 17:00"'))
@CONSULTATION
@click.argument("closes", type=TIME)
@click.option("--zone", help="The time zone of the end. Default: that of the configuration.")
@format_option
@configured
def reopen(
    config: Config, consultation: int, closes: datetime, zone: str | None, form: str
) -> None:
    """Take answers again, until CLOSES."""
    from bridge.consultations.opening import reopen

    at = zone or config.timezone
    _run(config, lambda session, office: reopen(session, office, consultation, closes, at))
    _show(form, {"changed": True}, "Opened again.")


@consultations.command(epilog=example("stewardpath consultations export 1 > answers.csv"))
@CONSULTATION
@format_option
@configured
def export(config: Config, consultation: int, form: str) -> None:
    """Print the answers with the responses, as CSV or JSON."""
    import csv
    import io

    from bridge.cli.common import print_file
    from bridge.consultations.answers.exporting import exported_rows
    from bridge.consultations.office import find
    from bridge.errors import ConsultationError
    from bridge.messages import Message
    from bridge.store.operations import audit_log

    with database(config) as store, store.transaction() as session:
        row = find(session, consultation)
        if row is None:
            raise ConsultationError(Message("there is no such consultation."))
        rows = exported_rows(session, row, config.language)
        seen = {"list": "consultation-answers", "consultation": consultation}
        audit_log.write(session, user(), "listed", None, {}, seen, now())
    if form == "json":
        show_json({"answers": rows})
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows(rows)
    print_file(text.getvalue())


def _show(form: str, data: Mapping[str, object], note: str) -> None:
    if form == "json":
        show_json(data)
    else:
        echo(note)
