"""`consultations list` and `export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, database, echo, example, format_option, show_json
from bridge.cli.consultations.shared import (
    CONSULTATION,
    audit_read,
    consultation_as_data,
    existing,
)
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.consultations.answers.results import ConsultationSummary


@click.command("list", epilog=example("stewardpath consultations list --finished"))
@click.option("--finished", is_flag=True, help="Those that are finished instead.")
@format_option
@configured
def list_(config: Config, finished: bool, form: str) -> None:
    """List the consultations, the newest first, with how many people are invited and answered."""
    from bridge.cli.batches import read_all
    from bridge.consultations.answers.results import list_consultations

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


def _as_data(summary: ConsultationSummary) -> dict[str, object]:
    counts = {"invited": summary.invited, "answered": summary.answered}
    return consultation_as_data(summary.row) | counts


@click.command(epilog=example("stewardpath consultations export 1 > answers.csv"))
@CONSULTATION
@format_option
@configured
def export(config: Config, consultation: int, form: str) -> None:
    """Print the answers with the responses, as CSV or JSON."""
    import csv
    import io

    from bridge.cli.common import print_file
    from bridge.consultations.answers.exporting import exported_rows

    with database(config) as store, store.transaction() as session:
        rows = exported_rows(session, existing(session, consultation), config.language)
        audit_read(session, "consultation-answers", consultation)
    if form == "json":
        show_json({"answers": rows})
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows(rows)
    print_file(text.getvalue())
