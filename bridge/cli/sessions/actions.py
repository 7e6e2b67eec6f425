"""Shared by the commands about sessions: doing something with them, and saying what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeVar

from bridge.cli.common import curricula, database, echo, now, print_note, show_json, user
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.sessions.office import Office
    from bridge.sessions.tables import LiveSession

T = TypeVar("T")
Done = tuple["LiveSession", bool]
"""A session as it is now, and whether that is a change."""
Verb = Literal["schedule", "open", "postpone", "cancel"]
NOTES: dict[Verb, tuple[str, str]] = {
    "schedule": ("", ""),
    "open": ("Opened.", "It is open already."),
    "postpone": ("Postponed.", "It is postponed already."),
    "cancel": ("Cancelled.", "It is cancelled already."),
}


def run(config: Config, act: Callable[[Session, Office], T]) -> T:
    """Do something in a transaction, by the person at the command line."""
    from bridge.sessions.feature import office_of

    with database(config) as store, store.transaction() as session:
        return act(session, office_of(config, curricula(config), user(), now()))


def show_done(done: Sequence[Done], verb: Verb, form: str) -> None:
    """Print what was done; for a new session, its key."""
    if form == "json":
        show_json({"sessions": [{**as_data(live), "changed": changed} for live, changed in done]})
        return
    for live, changed in done:
        note = NOTES[verb][0 if changed else 1]
        if not note:
            echo(live.key)
        elif len(done) == 1:
            print_note(note)
        else:
            print_note(f"{live.key}: {note}")


def as_data(live: LiveSession) -> dict[str, object]:
    """A session as JSON, without the link to join."""
    return {
        "key": live.key, "curriculum": live.curriculum, "topic": live.topic, "part": live.part,
        "state": live.state, "starts": time_text(live.starts), "ends": time_text(live.ends),
        "zone": live.zone,
    }  # fmt: skip


def time_text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
