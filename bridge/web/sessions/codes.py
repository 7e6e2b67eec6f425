"""Typing the code that the leader shows, with an account or through a personal link."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.errors import SessionError
from bridge.sessions.attendance import Recorder
from bridge.sessions.attendance_sources.codes import type_code
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.service_key import service_key
from bridge.web.common.services import Services
from bridge.web.layout.translation import translate_error

MAX_CODE = 20


def register_routes(
    pages: Blueprint,
    services: Services,
    person_of: Callable[[int], int],
    open_link: Callable[[str], tuple[int, int]],
) -> None:
    """Add both. `person_of`: the visitor's person, for a session that they may see.

    `open_link`: the person and the session of a link.
    """

    @pages.post("/sessions/<int:number>/code", endpoint="code")
    @limit_clients(services.limiter, "10 per minute; 40 per hour")
    def code(number: int) -> Answer:
        _type(services, number, person_of(number))
        return redirect(url_for("sessions.show", number=number), 303)

    @pages.post("/link/<token>/session/code", endpoint="code_by_link")
    @limit_clients(services.limiter, "10 per minute; 40 per hour")
    def code_by_link(token: str) -> Answer:
        person, number = open_link(token)
        _type(services, number, person)
        return redirect(url_for("sessions.by_link", token=token), 303)


def _type(services: Services, number: int, person: int) -> None:
    """Record the code that was typed, and say what it led to."""
    recorder = Recorder(services.curricula, f"person:{person}", services.now())
    typed = request.form.get("code", "")[:MAX_CODE]
    try:
        with services.database.transaction() as session:
            counts = type_code(session, recorder, service_key(), number, person, typed)
    except SessionError as error:
        flash(translate_error(error), "danger")
        return
    services.trigger_job("deliver")
    if counts:
        flash(gettext("Your attendance counts. Thank you for coming."), "success")
    else:
        flash(gettext("Your code is noted. Type the one that is shown at the end too."), "success")
