"""What the commands about consultations share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import click

from bridge.cli.common import curricula, database, echo, now, show_json, user
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.consultations.office import Office
    from bridge.consultations.tables import Consultation

T = TypeVar("T")
CONSULTATION = click.argument("consultation", type=click.IntRange(1))


def run(config: Config, act: Callable[[Session, Office], T]) -> T:
    """Do something in a transaction, as the person at the command line."""
    from bridge.consultations.office import Office

    with database(config) as store, store.transaction() as session:
        return act(session, Office(config, curricula(config), user(), now()))


def print_done(form: str, data: Mapping[str, object], note: str) -> None:
    """Print what was done."""
    if form == "json":
        show_json(data)
    else:
        echo(note)


def existing(session: Session, consultation: int) -> Consultation:
    """The consultation with this number. Raises ConsultationError."""
    from bridge.consultations.office import find
    from bridge.errors import ConsultationError

    row = find(session, consultation)
    if row is None:
        raise ConsultationError("there is no such consultation.")
    return row


def consultation_as_data(row: Consultation) -> dict[str, object]:
    """A consultation as JSON."""
    return {
        "id": row.id, "title": row.title, "curriculum": row.curriculum,
        "milestone": row.milestone, "revision": row.revision, "state": row.state,
        "closes": f"{row.closes:%Y-%m-%d %H:%M}", "zone": row.zone,
    }  # fmt: skip


def audit_read(session: Session, what: str, consultation: int) -> None:
    """Record that someone has read a list with names."""
    from bridge.store.operations import audit_log

    seen = {"list": what, "consultation": consultation}
    audit_log.write(session, user(), "listed", None, {}, seen, now())
