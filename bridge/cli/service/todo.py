"""`todo`: what there is to do for the committee, as on the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    database,
    echo,
    example,
    format_option,
    library,
    now,
    show_json,
)
from bridge.config import Config
from bridge.errors import CurriculumError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.curriculum.model import Curriculum
    from bridge.foundations.feature import CommitteeToDo


@click.command(epilog=example("stewardpath todo"))
@format_option
@configured
def todo(config: Config, form: str) -> None:
    """List what there is to do for the committee, each with its number and its page."""
    from bridge.access.visitor import Visitor
    from bridge.features import FEATURES
    from bridge.features.registers import committee_to_dos
    from bridge.foundations.feature import Context

    committee = Visitor(roles=frozenset({"committee"}))
    curricula, have_errors = _curricula(config)
    with database(config) as store, store.reading() as session:
        context = Context(session, config, curricula, config.language, now())
        found = [
            *([_content_errors()] if have_errors else []),
            *committee_to_dos(FEATURES, context, committee),
            *_roles_to_confirm(session),
        ]
    _print(found, form)


def _curricula(config: Config) -> tuple[tuple[Curriculum, ...], bool]:
    """The last valid curricula, none if there are none, and whether the files have errors."""
    shelf = library(config, keep=True)
    try:
        return tuple(shelf), bool(shelf.current_problems())
    except CurriculumError:
        return (), True


def _roles_to_confirm(session: Session) -> Iterator[CommitteeToDo]:
    """The roles that wait for a second person to confirm them."""
    from bridge.foundations.feature import CommitteeToDo
    from bridge.store.auth.team import all_roles

    count = sum(not each.invited_at and not each.accepted_at for each in all_roles(session))
    if count:
        yield CommitteeToDo("Roles to confirm", "/access/confirm", "team-confirm", count=count)


def _content_errors() -> CommitteeToDo:
    from bridge.foundations.feature import CommitteeToDo

    title = "Correct the errors in the course content"
    return CommitteeToDo(title, "/committee/curricula", "curricula-edit")


def _print(found: Sequence[CommitteeToDo], form: str) -> None:
    if form == "json":
        show_json(
            {
                "to_do": [
                    {"what": each.title, "count": each.count or 1, "page": each.path}
                    for each in found
                ]
            }
        )
        return
    if not found:
        echo("Nothing to do.")
    for each in found:
        echo(f"{each.count or 1:>6}  {each.title}  ({each.path})")
