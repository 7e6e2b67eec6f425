"""Joining a meeting: what the page says about it, and the redirect to the visitor's own link."""

from __future__ import annotations

from flask import flash, redirect
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.errors import SessionError
from bridge.sessions.providers import joining
from bridge.sessions.providers.joining import Door
from bridge.web.common.services import Services
from bridge.web.layout.translation import translate_error
from bridge.web.sessions.shown_sessions import ShownSession


def door_for(services: Services, session: Session, shown: ShownSession) -> Door | None:
    """From when the visitor can join; None without a seat online, or if it isn't taking place."""
    if shown.mine is None or not shown.has_seat or shown.mine.format != "online":
        return None
    person = shown.mine.person_id
    return joining.door_of(session, services.config, shown.live, person, services.now())


def go_to_meeting(services: Services, number: int, person: int, here: str) -> Answer:
    """Record that someone joins, and send them on; back to `here` if there is no link yet.

    The click is only evidence: programs that follow links may click too.
    """
    try:
        with services.database.transaction() as session:
            link = joining.join(session, services.config, number, person, services.now())
    except SessionError as error:
        flash(translate_error(error), "danger")
        return redirect(here, 303)
    if not link:
        flash(gettext("There is no link to join yet. You get it here as soon as there is one."))
        return redirect(here, 303)
    answer = redirect(link, 303)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
