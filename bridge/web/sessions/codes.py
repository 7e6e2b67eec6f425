"""Typing the code that the leader shows, with an account or through a personal link."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.access.holders import regions_chaired, roles_of
from bridge.access.visitor import Visitor
from bridge.errors import SessionError
from bridge.sessions.attendance_sources.codes import Outcome, type_code
from bridge.sessions.earning.credits import Recorder
from bridge.store.auth import team
from bridge.store.persons import records
from bridge.web.common.limits.client_network import client_network
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.service_key import service_key
from bridge.web.common.services import Services
from bridge.web.common.subjects import may_for
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translate_error

MAX_CODE = 20
PER_PERSON = "10 per minute; 40 per hour"
PER_NETWORK = "300 per minute; 1500 per hour"
"""A hall shares one address: a hundred people type the code within two minutes, with some slips. Of
a million codes two work, and it takes two right ones far apart: guessing stays hopeless."""


def register_routes(
    pages: Blueprint,
    services: Services,
    person_of: Callable[[int], int],
    open_link: Callable[[str], tuple[int, int]],
) -> None:
    """Add both. `person_of`: the visitor's person, for a session that they may see.

    `open_link`: the person and the session of a link.
    """

    of_hall = limit_clients(services.limiter, PER_NETWORK)
    of_person = services.limiter.limit(PER_PERSON, key_func=_typist)

    @pages.post("/sessions/<int:number>/code", endpoint="code")
    @of_hall
    @of_person
    def code(number: int) -> Answer:
        _type(services, number, person_of(number))
        return redirect(url_for("sessions.show", number=number), 303)

    @pages.post("/link/<token>/session/code", endpoint="code_by_link")
    @of_hall
    @of_person
    def code_by_link(token: str) -> Answer:
        person, number = open_link(token)
        _type(services, number, person)
        return redirect(url_for("sessions.by_link", token=token), 303)


def _typist() -> str:
    """Who types: the login, or the link of someone without an account."""
    token = (request.view_args or {}).get("token")
    return f"link {token}" if token else f"login {current_visitor().email or client_network()}"


def _type(services: Services, number: int, person: int) -> None:
    """Record the code that was typed, and say what it led to."""
    recorder = Recorder(services.curricula, f"person:{person}", services.now())
    typed = request.form.get("code", "")[:MAX_CODE]
    try:
        with services.database.transaction() as session:
            sees_code = may_see_code(services, session, number, person)
            outcome = type_code(
                session, recorder, service_key(), number, person, typed, sees_code=sees_code
            )
    except SessionError as error:
        flash(translate_error(error), "danger")
        return
    services.trigger_job("deliver")
    told, kind = _told(outcome)
    flash(told, kind)


def may_see_code(services: Services, session: Session, number: int, person_id: int) -> bool:
    """Whether the visitor or the person may open the page with the code of a session."""
    visitors = [current_visitor()]
    person = records.find(session, person_id)
    if person is not None:
        grants = team.grants_of(session, person.email)
        visitors.append(
            Visitor(
                person.email, person.member_id,
                roles=roles_of(services.config, person.email, grants),
                chairs=regions_chaired(services.config, person.email, grants),
            )
        )  # fmt: skip
    name = f"session:{number}"
    return any(may_for(session, each, "session-attendance", name) for each in visitors)


def _told(outcome: Outcome) -> tuple[str, str]:
    """What to say about an outcome, and the kind of the message."""
    match outcome:
        case "counts":
            return gettext("Your attendance counts. Thank you for coming."), "success"
        case "noted":
            text = gettext("Your code is noted. Type the one that is shown at the end too.")
            return text, "success"
        case "waits":
            text = gettext("Your code is noted. You aren't registered: ask the leader to add you.")
            return text, "warning"
        case "overruled":
            text = gettext(
                "Your code is noted, but it was recorded that you did not attend. Ask the leader."
            )
            return text, "warning"
        case _:
            assert_never(outcome)
