"""`consultations open`, `change`, `close`, `reopen` and `finish`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, counted, example, format_option
from bridge.cli.consultations.shared import CONSULTATION, existing, print_done, run
from bridge.cli.moments import TIME
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.consultations.office import Office


@click.command(
    "open",
    epilog=example('stewardpath consultations open member-steward-path/new-member \\',
                   '  "2027-02-10 17:00" --title "The first step"'),
)  # fmt: skip
@click.argument("about")
@click.argument("closes", metavar="CLOSES", type=TIME)
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
    number = run(config, lambda session, office: open_consultation(session, office, asked))
    print_done(form, {"consultation": number}, f"Opened: {number}")


@click.command(epilog=example('stewardpath consultations change 1 --closes "2027-02-20 17:00"'))
@CONSULTATION
@click.option("--title", help="Another title.")
@click.option("--introduction", help="Another introduction (Markdown).")
@click.option("--closes", type=TIME, help="Another last day for answers.")
@click.option("--zone", help="Another time zone of the last day.")
@format_option
@configured
def change(
    config: Config,
    consultation: int,
    title: str | None,
    introduction: str | None,
    closes: datetime | None,
    zone: str | None,
    form: str,
) -> None:
    """Change the title, the introduction or the last day. What isn't given stays as it is.

    The draft stays as it was when the consultation opened.
    """
    from bridge.consultations import opening

    def act(session: Session, office: Office) -> bool:
        row = existing(session, consultation)
        return opening.change(
            session, office, consultation,
            row.title if title is None else title,
            row.introduction if introduction is None else introduction,
            closes or row.closes, zone or row.zone, row.version,
        )  # fmt: skip

    changed = run(config, act)
    print_done(form, {"changed": changed}, "Changed." if changed else "No change.")


@click.command(epilog=example("stewardpath consultations close 1"))
@CONSULTATION
@format_option
@configured
def close(config: Config, consultation: int, form: str) -> None:
    """End the answers now."""
    from bridge.consultations.opening import close

    changed = run(config, lambda session, office: close(session, office, consultation))
    print_done(form, {"changed": changed}, "Closed." if changed else "It is closed already.")


@click.command(epilog=example('stewardpath consultations reopen 1 "2027-02-20 17:00"'))
@CONSULTATION
@click.argument("closes", metavar="CLOSES", type=TIME)
@click.option("--zone", help="The time zone of the end. Default: that of the configuration.")
@format_option
@configured
def reopen(
    config: Config, consultation: int, closes: datetime, zone: str | None, form: str
) -> None:
    """Take answers again, until CLOSES."""
    from bridge.consultations.opening import reopen

    at = zone or config.timezone
    run(config, lambda session, office: reopen(session, office, consultation, closes, at))
    print_done(form, {"changed": True}, "Opened again.")


@click.command(epilog=example("stewardpath consultations finish 1"))
@CONSULTATION
@format_option
@configured
def finish(config: Config, consultation: int, form: str) -> None:
    """Send the responses that weren't sent, and the result to everyone.

    It must be closed, each point that someone wants changed must have a response, and everyone who
    decides must have approved the text. `consultations show` lists what is missing.
    """
    from bridge.consultations.opening import finish

    told = run(config, lambda session, office: finish(session, office, consultation))
    people = counted(told, "person gets", "people get")
    print_done(form, {"people": told}, f"Finished. {people} the result by email.")
