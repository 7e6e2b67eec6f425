"""What the commands share that record something for everyone in a file, after a preview."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, ParamSpec, TextIO, TypeVar

import click

from bridge.cli.common import counted, database, echo, format_option, show_json
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.workflows.people_lists.people import Line, People, Preview, UnclearState
    from bridge.workflows.people_lists.recorded import Recorded

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=str)
T = TypeVar("T")

FILE = click.argument("file", type=click.File("r", encoding="utf-8-sig"))


def asking(command: Callable[P, R]) -> Callable[P, R]:
    """Add --preview, --yes and --format: the command shows who is meant, and asks."""
    no_question = click.option(
        "--yes", is_flag=True, help="Record without asking for confirmation."
    )
    only = click.option(
        "--preview", "only_preview", is_flag=True, help="Show who is meant. Record nothing."
    )
    return only(no_question(format_option(command)))


def record_file(
    config: Config,
    file: TextIO,
    form: str,
    find: Callable[[Session, People], Preview[S, T]],
    in_words: Callable[[Line[S, T]], str],
    words: Mapping[UnclearState | S, str],
    record: Callable[[Session, Preview[S, T], str], Recorded],
    *,
    only_preview: bool,
    yes: bool,
) -> tuple[Preview[S, T], Recorded | None]:
    """Show who is meant by a file; record it once someone has confirmed it.

    `in_words`: a line of the preview. `words`: its states. `record`: with the key of this run.
    Raises MemberError if nobody can confirm it, or if the file is too long.
    """
    from bridge.workflows.people_lists.people import People

    if not (yes or only_preview) and (form == "json" or file.name == "<stdin>"):
        raise MemberError("nobody can confirm this.", todo="Add --yes or --preview.")
    with database(config) as store:
        with store.reading() as session:
            found = find(session, People(file.read()))
        if found.too_many:
            raise MemberError("there are more than 1,000 people.", todo="Split the file.")
        if form != "json":
            for each in found.lines:
                echo(f"{each.text}  {in_words(each)}")
            counts = ", ".join(f"{count} {words[state]}" for state, count in found.counts.items())
            echo(counts or "The file names nobody.")
        done, key = None, secrets.token_hex(16)
        if found.new and not only_preview and (yes or click.confirm("Record?", abort=True)):
            with store.transaction() as session:
                done = record(session, found, key)
    return found, done


def print_recorded(
    form: str,
    about: Mapping[str, object],
    found: Preview[S, T],
    stored: Callable[[T | None], Mapping[str, object]],
    done: Recorded | None,
) -> None:
    """Print what was recorded. For JSON: `about`: what; `stored`: what each member has already."""
    if form == "json":
        show_json({
            **about,
            "counts": found.counts,
            "lines": [_line_as_data(each) | dict(stored(each.stored)) for each in found.lines],
            "list": done.batch_id if done else None,
            "recorded": len(done.members) if done else 0,
            "awarded": done.awarded if done else 0,
        })  # fmt: skip
    elif done:
        echo(f"Recorded for {counted(len(done.members), 'member')} (list {done.batch_id}).")
        if done.awarded:
            echo(f"{counted(done.awarded, 'milestone')} awarded.")


def _line_as_data(line: Line[S, T]) -> dict[str, object]:
    return {
        "line": line.line,
        "text": line.text,
        "state": line.state,
        "member": asdict(line.member) if line.member else None,
        "others": [asdict(other) for other in line.others],
        "other_spelling": line.other_spelling,
    }
