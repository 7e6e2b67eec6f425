"""`/link/<token>/sessions`: the page that an announcement leads to. It needs no account.

Opening it changes nothing, because email scanners open links too: each button does. The link can
register its person only, and shows neither the link to join nor the materials, because people
forward announcements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import Gone, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.access.visitor import ANONYMOUS
from bridge.errors import SessionError
from bridge.sessions import registrations
from bridge.sessions.feature import office_of
from bridge.sessions.notices.announcements import RSVP_PURPOSE
from bridge.sessions.registering.desk import Act, Desk
from bridge.sessions.rules import Format, RegistrationState
from bridge.store.persons import personal_links, proof, records
from bridge.store.persons.proof import audit_actor
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error
from bridge.web.sessions.guests import told
from bridge.web.sessions.several import choices, register_chosen
from bridge.web.sessions.shown_sessions import ShownSession, coming, find_shown


@dataclass(frozen=True, slots=True)
class Invited:
    """The person of a link, the session that was announced, and the others that they may see."""

    person_id: int
    name: str
    shown: ShownSession
    others: Sequence[ShownSession]


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/link/<token>/sessions` and what its buttons do."""

    @pages.get("/link/<token>/sessions")
    def rsvp(token: str) -> str:
        invited = _open(services, token)
        return render_template(
            "web/sessions/rsvp.html", each=invited.shown, name=invited.name, token=token,
            others=choices(invited.others, services.now()), now=services.now(),
            language=visitors_language(services.config),
        )  # fmt: skip

    @pages.post("/link/<token>/sessions")
    def rsvp_several(token: str) -> Answer:
        invited = _open(services, token)
        _confirm_email(services, invited)
        shown, actor = choices(invited.others, services.now()), audit_actor(invited.person_id)
        register_chosen(services, shown, request.form, invited.person_id, actor)
        return redirect(url_for("sessions.rsvp", token=token), 303)

    @pages.post("/link/<token>/sessions/<action>")
    def rsvp_act(token: str, action: str) -> Answer:
        invited = _open(services, token)
        act = _action(invited, action, request.form.get("format", ""))
        _confirm_email(services, invited)
        actor = audit_actor(invited.person_id)
        desk = office_of(services.config, services.curricula, actor, services.now()).desk
        try:
            with services.database.transaction() as session:
                state = act(session, desk)
            flash(told(state), "success")
        except SessionError as error:
            flash(translate_error(error), "danger")
        services.trigger_job()
        return redirect(url_for("sessions.rsvp", token=token), 303)


def _action(invited: Invited, action: str, how: str) -> Act:
    """What a button does. Raises NotFound if there is no such button."""
    number, person = invited.shown.live.id, invited.person_id

    def leave(session: Session, desk: Desk) -> RegistrationState:
        registrations.leave(session, desk, number, person)
        return "cancelled"

    match action:
        case "register" if how in get_args(Format) and invited.shown.may_register:
            return lambda session, desk: registrations.register(
                session, desk, number, person, cast(Format, how)
            )
        case "confirm":
            return lambda session, desk: registrations.confirm(session, desk, number, person)
        case "leave":
            return leave
        case _:
            raise NotFound


def _open(services: Services, token: str) -> Invited:
    """Whom a link is for, and what they may see. Raises Gone if it isn't valid any more."""
    with services.database.reading() as session:
        link = personal_links.find(session, token, services.now())
        if link is None or link.purpose != RSVP_PURPOSE or not link.subject.isdecimal():
            raise Gone
        person = records.find(session, link.person_id)
        if person is None:
            raise Gone
        visitor = replace(ANONYMOUS, member_id=person.member_id)
        shown = find_shown(services, session, visitor, person.id, int(link.subject))
        if shown is None:
            raise Gone
        others = [
            each for each in coming(services, session, visitor, person.id)
            if each.live.id != shown.live.id
        ]  # fmt: skip
    others.sort(key=lambda each: each.topic.key != shown.topic.key)  # the series comes first
    return Invited(person.id, person.name, shown, others)


def _confirm_email(services: Services, invited: Invited) -> None:
    """They have opened a link that was sent to their address."""
    with services.database.transaction() as session:
        proof.confirm_email(session, invited.person_id, services.now())
