"""`/sessions`: the sessions to come; one of them; registering, leaving and joining."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized
from werkzeug.wrappers import Response as Answer

from bridge.errors import SessionError
from bridge.sessions import live_sessions, registrations
from bridge.sessions.attendance_sources.codes import is_shown
from bridge.sessions.feature import office_of
from bridge.sessions.feeds import add_links
from bridge.sessions.leaders import led_sessions
from bridge.sessions.providers.joining import Door
from bridge.sessions.registering.desk import Act, Desk
from bridge.sessions.rules import Format, RegistrationState
from bridge.store.members.profile import audit_actor
from bridge.store.persons import records
from bridge.web.common.services import Services
from bridge.web.common.subjects import may_for
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error
from bridge.web.sessions import codes, feeds, guests, month, rsvp
from bridge.web.sessions.filters import SessionFilter, filtered
from bridge.web.sessions.joining import door_for, go_to_meeting
from bridge.web.sessions.several import MAX_OFFERED, choices, register_chosen
from bridge.web.sessions.shown_sessions import ShownSession, coming, find_shown


def blueprint(services: Services) -> Blueprint:
    """`/sessions`, `/sessions/<number>` with its buttons, and pages without an account."""
    pages = Blueprint("sessions", __name__)

    _add_pages(pages, services)
    _add_registration(pages, services)
    _add_several(pages, services)
    guests.register_routes(pages, services)
    month.register_routes(pages, services)
    codes.register_routes(
        pages, services, lambda number: _person(services, number),
        lambda token: guests.open_link(services, token),
    )  # fmt: skip
    feeds.register_routes(pages, services, lambda session, n: _find(services, session, n))
    rsvp.register_routes(pages, services)
    return pages


def _add_pages(pages: Blueprint, services: Services) -> None:
    @pages.get("/sessions")
    def index() -> str:
        visitor = current_visitor()
        with services.database.reading() as session:
            shown = coming(services, session, visitor, _me(session))
            context = services.context(session, visitors_language(services.config))
            led = led_sessions(context, visitor)
        chosen = SessionFilter.read(request.args, visitor)
        found = filtered(shown, chosen, visitors_language(services.config))
        several = choices(found.sessions, services.now()) if visitor.member_id else []
        return render_template(
            "web/sessions/index.html", found=found, several=several[:MAX_OFFERED], led=led,
            **_common(services),
        )  # fmt: skip

    @pages.get("/sessions/<int:number>")
    def show(number: int) -> Answer | str:
        with services.database.reading() as session:
            shown = _find(services, session, number)
            door = door_for(services, session, shown) if shown else None
            leads = may_for(session, current_visitor(), "session-attendance", f"session:{number}")
            leaders = _leaders(session, number) if shown else []
        if shown is None:
            return _not_shown(number)
        return _page(services, shown, door, leaders, leads=leads)


def _add_registration(pages: Blueprint, services: Services) -> None:
    @pages.post("/sessions/<int:number>/register")
    def register(number: int) -> Answer:
        how = request.form.get("format", "")
        if how not in get_args(Format):
            raise NotFound
        person = _person(services, number, registering=True)

        def act(session: Session, desk: Desk) -> RegistrationState:
            return registrations.register(session, desk, number, person, cast(Format, how))

        return _act(services, number, act)

    @pages.post("/sessions/<int:number>/leave")
    def leave(number: int) -> Answer:
        """From *My learning*, it leads back there."""
        person = _person(services, number)

        def act(session: Session, desk: Desk) -> RegistrationState:
            registrations.leave(session, desk, number, person)
            return "cancelled"

        answer = _act(services, number, act)
        return redirect(url_for("me.progress"), 303) if "mine" in request.form else answer

    @pages.post("/sessions/<int:number>/confirm")
    def confirm(number: int) -> Answer:
        person = _person(services, number)
        return _act(
            services,
            number,
            lambda session, desk: registrations.confirm(session, desk, number, person),
        )

    @pages.get("/sessions/<int:number>/join")
    def join(number: int) -> Answer:
        here = url_for("sessions.show", number=number)
        if not current_visitor().signed_in:
            return redirect(url_for("signin.form", next=here), 303)
        return go_to_meeting(services, number, _person(services, number), here)


def _add_several(pages: Blueprint, services: Services) -> None:
    @pages.post("/sessions/several")
    def register_several() -> Answer:
        visitor = current_visitor()
        person = _member(services)
        with services.database.reading() as session:
            shown = choices(coming(services, session, visitor, person), services.now())
        actor = audit_actor(visitor.member_id or 0)
        register_chosen(services, shown, request.form, person, actor)
        return redirect(url_for("sessions.index"), 303)


def _act(services: Services, number: int, act: Act) -> Answer:
    """Do something about the visitor's registration, say what it led to, and show the session."""
    visitor = current_visitor()
    actor = audit_actor(visitor.member_id or 0)
    office = office_of(services.config, services.curricula, actor, services.now())
    try:
        with services.database.transaction() as session:
            state = act(session, office.desk)
        flash(guests.told(state), "success")
    except SessionError as error:
        flash(translate_error(error), "danger")
    services.trigger_job()
    return redirect(url_for("sessions.show", number=number), 303)


def _person(services: Services, number: int, *, registering: bool = False) -> int:
    """The person of the member who asks, if they may see the session.

    `registering`: and if it is for them, or they are registered. Raises Unauthorized, Forbidden,
    NotFound. In transactions of its own, before the session is locked.
    """
    person = _member(services)
    with services.database.reading() as session:
        shown = find_shown(services, session, current_visitor(), person, number)
    if shown is None or (registering and not shown.may_register):
        raise NotFound
    return person


def _member(services: Services) -> int:
    """The person of the member who asks. Raises Unauthorized, Forbidden."""
    visitor = current_visitor()
    if not visitor.signed_in:
        raise Unauthorized
    if visitor.member_id is None:
        raise Forbidden
    with services.database.transaction() as session:
        return records.person_of_member(session, visitor.member_id, services.now())


def _me(session: Session) -> int | None:
    member = current_visitor().member_id
    return records.find_of_member(session, member) if member is not None else None


def _find(services: Services, session: Session, number: int) -> ShownSession | None:
    return find_shown(services, session, current_visitor(), _me(session), number)


def _not_shown(number: int) -> Answer:
    """Ask to sign in: it may be a session for members. Raises NotFound for those who have."""
    if current_visitor().signed_in:
        raise NotFound
    address = url_for("signin.form", next=url_for("sessions.show", number=number))
    return redirect(address, 303)


def _leaders(session: Session, number: int) -> list[str]:
    """The names of the leaders, for members and those who schedule; none for others."""
    visitor = current_visitor()
    if visitor.member_id is None and not visitor.may("sessions"):
        return []
    return [each.name for each in live_sessions.leaders_of(session, number)]


def _page(
    services: Services,
    shown: ShownSession,
    door: Door | None,
    leaders: Sequence[str],
    *,
    leads: bool,
) -> str:
    links = add_links(feeds.entry_for_visitor(services, shown.live))
    return render_template(
        "web/sessions/session.html",
        each=shown,
        door=door,
        leads=leads,
        leaders=leaders,
        add_links=links,
        code_works=is_shown(shown.live, services.now()),
        **_common(services),
    )


def _common(services: Services) -> dict[str, object]:
    return {"language": visitors_language(services.config), "now": services.now()}
