"""`forms`: list the forms and export what was sent."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from bridge.cli.batches import read_all
from bridge.cli.common import (
    configured,
    counted,
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
from bridge.errors import FormError

if TYPE_CHECKING:
    from bridge.foundations.forms.submissions import Submission
    from bridge.store.database import Database


@click.group(epilog=example("stewardpath forms list"))
def forms() -> None:
    """List the forms of the curricula, and export what was sent."""


@forms.command("list", epilog=example("stewardpath forms list --format json"))
@format_option
@configured
def list_(config: Config, form: str) -> None:
    """List every form with the number of submissions, also forms that are no longer offered."""
    with database(config) as store:
        rows = list(_summaries(config, store))
    if form == "json":
        show_json({"forms": rows})
        return
    if not rows:
        echo("No forms. Add forms.yaml to a curriculum.")
    for each in rows:
        gone = "" if each["offered"] else " (no longer offered)"
        echo(f"{each['form']}  {counted(int(str(each['sent'])), 'submission')}{gone}")


@forms.command(
    epilog=example(
        "stewardpath forms export member-steward-path/training-request > answers.json",
        "stewardpath forms export member-steward-path/training-request --format csv",
    )
)
@click.argument("name", metavar="FORM")
@click.option("--withdrawn", is_flag=True, help="Those that were withdrawn instead.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv"]),
    default="json",
    show_default=True,
    help="JSON has each answer in its type; CSV has a column for each field.",
)
@configured
def export(config: Config, name: str, withdrawn: bool, form: str) -> None:
    """Write what was sent with FORM (curriculum/form, as `forms list` shows it), oldest first.

    Each submission has the revision of the form it was sent with. The export is recorded in the
    audit log.
    """
    with database(config) as store:
        names = _known_names(config, store, name)
        found = list(_submissions(store, names, withdrawn))
        _record(store, name, len(found))
    if form == "json":
        show_json({"form": name, "submissions": [_as_data(each) for each in found]})
    else:
        echo(_as_csv(found).removesuffix("\n"))
    print_note(f"{counted(len(found), 'submission')}.")


def _summaries(config: Config, store: Database) -> Iterator[Mapping[str, object]]:
    from bridge.foundations.forms.submission_queries import count_by_form

    with store.reading() as session:
        counts = dict(count_by_form(session))
    for names in _offered(config):
        sent = sum(counts.pop(each, 0) for each in names)
        yield {"form": names[0], "sent": sent, "offered": True}
    for each, sent in counts.items():
        yield {"form": each, "sent": sent, "offered": False}


def _offered(config: Config) -> Iterator[Sequence[str]]:
    """The names of each form: now and, after a rename, before."""
    for curriculum in curricula(config):
        for each in curriculum.forms:
            keys = (each.key, each.previously) if each.previously else (each.key,)
            yield [f"{curriculum.key}/{key}" for key in keys]


def _known_names(config: Config, store: Database, name: str) -> Sequence[str]:
    """The names of a form. Raises FormError if there is no such form, now or among those sent."""
    from bridge.foundations.forms.submission_queries import was_sent

    offered = list(_offered(config))
    for names in offered:
        if name in names:
            return names
    with store.reading() as session:
        if was_sent(session, name):
            return [name]
    known = ", ".join(names[0] for names in offered) or "none"
    raise FormError(
        f"there is no form {name}.",
        todo=f"Write curriculum/form. Known forms: {known}. See `stewardpath forms list`.",
    )


def _submissions(store: Database, names: Sequence[str], withdrawn: bool) -> Iterator[Submission]:
    from bridge.foundations.forms.submissions import list_submissions

    return read_all(store, partial(list_submissions, names=names, withdrawn=withdrawn))


def _record(store: Database, name: str, rows: int) -> None:
    from bridge.store.operations import audit_log

    after = {"list": "sent-forms", "form": name, "rows": rows}
    with store.transaction() as session:
        audit_log.write(session, user(), "listed", None, {}, after, now())


def _as_data(each: Submission) -> dict[str, object]:
    return {
        "id": each.id,
        "form": each.name,
        "revision": each.revision,
        "submitted_at": each.submitted_at.isoformat(),
        "withdrawn_at": each.withdrawn_at and each.withdrawn_at.isoformat(),
        "member": each.member_id,
        "person": each.person_id,
        "name": each.sender,
        "email": each.email,
        "answers": each.answers,
    }


def _as_csv(found: Sequence[Submission]) -> str:
    """A row for each submission, and a column for every field that any of them had."""
    keys = list(dict.fromkeys(key for each in found for key in each.answers))
    rows = [_as_data(each) for each in found]
    fixed = list(_COLUMNS)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*fixed, *(f"answer:{key}" for key in keys)])
    for each, row in zip(found, rows, strict=True):
        cells = [row[name] for name in fixed] + [each.answers.get(key) for key in keys]
        writer.writerow([_cell(value) for value in cells])
    return out.getvalue()


_COLUMNS = (
    "id", "form", "revision", "submitted_at", "withdrawn_at", "member", "person", "name", "email",
)  # fmt: skip


def _cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    from bridge.web.lists.csv_export import escape_formula

    return escape_formula(
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    )
