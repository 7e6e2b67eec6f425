"""Registering for several sessions with one form. Each is settled on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast, get_args

from flask import flash
from flask_babel import gettext

from bridge.errors import SessionError
from bridge.sessions import registrations
from bridge.sessions.feature import office_of
from bridge.sessions.live_sessions import title_of
from bridge.sessions.rules import Format
from bridge.web.common.services import Services
from bridge.web.layout.formatting import local_time
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error
from bridge.web.sessions.guests import told
from bridge.web.sessions.shown_sessions import ShownSession

FIELD = "session-"
"""Begins the name of each field; the ID of the session follows. Its value is a format, or ''."""
MAX_AT_ONCE = 10
"""As many answers as the next page can show."""
MAX_OFFERED = 50
"""The form offers the first ones; filters lead to the others."""


def choices(shown: Sequence[ShownSession], now: datetime) -> list[ShownSession]:
    """The sessions that the visitor can register for and hasn't."""
    return [
        each for each in shown
        if each.state is None and each.can_register(now) and each.free
    ]  # fmt: skip


def register_chosen(
    services: Services,
    shown: Sequence[ShownSession],
    form: Mapping[str, str],
    person_id: int,
    actor: str,
) -> None:
    """Register for each session that was chosen, and say for each what it led to.

    One that is full, or closed meanwhile, doesn't keep the others from being booked. Only those
    that are `shown` to the visitor.
    """
    chosen = [
        (each, cast(Format, form[f"{FIELD}{each.live.id}"])) for each in shown
        if form.get(f"{FIELD}{each.live.id}") in get_args(Format)
    ]  # fmt: skip
    if not chosen:
        flash(gettext("Choose at least one session."), "danger")
    if len(chosen) > MAX_AT_ONCE:
        text = gettext("Choose at most %(count)s sessions at once.", count=MAX_AT_ONCE)
        flash(text, "danger")
        return
    for each, how in chosen:
        _register(services, each, how, person_id, actor)
    services.trigger_job()


def _register(
    services: Services, each: ShownSession, how: Format, person_id: int, actor: str
) -> None:
    desk = office_of(services.config, services.curricula, actor, services.now()).desk
    try:
        with services.database.transaction() as session:
            state = registrations.register(session, desk, each.live.id, person_id, how)
        flash(_line(services, each, told(state)), "success")
    except SessionError as error:
        flash(_line(services, each, translate_error(error)), "danger")


def _line(services: Services, each: ShownSession, text: str) -> str:
    title = title_of(each.live, services.curricula, visitors_language(services.config))
    when = local_time(each.live.starts, "full")
    return str(gettext("%(title)s, %(when)s: %(text)s", title=title, when=when, text=text))
