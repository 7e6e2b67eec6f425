"""Registering without an account, and the page of a guest's registration, `/link/<token>/session`.

Opening the link changes nothing, because email scanners open links too: each button does.
"""

from __future__ import annotations

from typing import Literal, assert_never, cast, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import Gone, NotFound
from werkzeug.wrappers import Response as Answer
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from bridge.access.visitor import ANONYMOUS
from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import registrations
from bridge.sessions.attendance_sources.codes import is_shown
from bridge.sessions.feature import office_of
from bridge.sessions.invitations import LINK_PURPOSE
from bridge.sessions.rules import Format, RegistrationState
from bridge.store.members.queries import members_with_email
from bridge.store.persons import personal_links, proof, records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.persons import Person
from bridge.web.common.services import Services
from bridge.web.layout.form_fields import email_field, name_field
from bridge.web.layout.language import visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error
from bridge.web.sessions.joining import door_for, go_to_meeting
from bridge.web.sessions.shown_sessions import ShownSession, find_shown

Action = Literal["register", "confirm", "leave"]
FORMAT_LABELS = {"online": lazy_gettext("Online"), "room": lazy_gettext("In person")}


class GuestForm(PageForm):
    name = name_field(lazy_gettext("Your name"), "name", 150)
    email = email_field()
    format = SelectField(lazy_gettext("How you take part"))


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/sessions/<number>/guest`, `…/sent`, and `/link/<token>/session`."""
    limit = services.limiter.limit("5 per minute; 20 per hour", methods=["POST"])

    @pages.route("/sessions/<int:number>/guest", methods=["GET", "POST"])
    @limit
    def guest(number: int) -> Answer | str:
        with services.database.reading() as session:
            shown = find_shown(services, session, ANONYMOUS, None, number)
        if shown is None:
            raise NotFound
        form = GuestForm(request.form)
        form.format.choices = [SelectChoice(each, FORMAT_LABELS[each]) for each in shown.free]
        if not form.validate_on_submit():
            language = visitors_language(services.config)
            return render_template(
                "web/sessions/guest.html", form=form, each=shown, language=language
            )
        record = PersonRecord(
            str(form.name.data), str(form.email.data), visitors_language(services.config)
        )
        if problem := _ask(services, number, record, cast(Format, form.format.data)):
            flash(problem, "danger")
            return redirect(url_for("sessions.show", number=number), 303)
        return redirect(url_for("sessions.guest_sent", number=number), 303)

    @pages.get("/sessions/<int:number>/guest/sent")
    def guest_sent(number: int) -> str:
        return render_template("web/sessions/guest-sent.html", number=number)

    _add_link(pages, services)


def _add_link(pages: Blueprint, services: Services) -> None:
    @pages.get("/link/<token>/session")
    def by_link(token: str) -> str:
        with services.database.reading() as session:
            person, shown = _open(services, session, token)
            name, door = person.name, door_for(services, session, shown)
        return render_template(
            "web/sessions/by-link.html", each=shown, name=name, token=token, door=door,
            language=visitors_language(services.config), now=services.now(),
            code_works=is_shown(shown.live, services.now()),
        )  # fmt: skip

    @pages.post("/link/<token>/session/<action>")
    def act_by_link(token: str, action: str) -> Answer:
        if action not in get_args(Action):
            raise NotFound
        try:
            how = request.form.get("format", "")
            flash(told(_act(services, token, cast(Action, action), how)), "success")
        except SessionError as error:
            flash(translate_error(error), "danger")
        services.trigger_job()
        return redirect(url_for("sessions.by_link", token=token), 303)

    @pages.get("/link/<token>/session/join")
    def join_by_link(token: str) -> Answer:
        with services.database.transaction() as session:
            person, shown = _open(services, session, token)
            number, person_id = shown.live.id, person.id
        here = url_for("sessions.by_link", token=token)
        return go_to_meeting(services, number, person_id, here)


def _ask(services: Services, number: int, record: PersonRecord, how: Format) -> str:
    """Register a guest until they confirm; return what is wrong, '' if nothing is.

    The page looks the same for every address: a member gets the same email, and confirms too.
    """
    with services.database.transaction() as session:
        members = members_with_email(session, record.email)
        now = services.now()
        if len(members) == 1 and not records.is_kept_apart(session, record.email):
            person = records.person_of_member(session, members[0].id, now)
        else:
            person = records.find_or_add(session, record, now).id
    office = office_of(services.config, services.curricula, f"person:{person}", services.now())
    try:
        with services.database.transaction() as session:
            registrations.register(session, office.desk, number, person, how, confirmed=False)
    except SessionError as error:
        return translate_error(error)
    services.trigger_job()
    return ""


def _act(services: Services, token: str, action: Action, how: str) -> RegistrationState:
    """What a button does; returns the state that it leads to. `how`: the format to register for.

    Raises NotFound for a button that the page doesn't show, and SessionError.
    """
    person_id, number = open_link(services, token)
    with services.database.reading() as session:
        _, shown = _open(services, session, token)
    if action == "register" and how not in get_args(Format):
        raise NotFound
    if action != "leave" and not shown.may_register:
        raise SessionError(Message("the session isn't open for registration."))
    actor = f"person:{person_id}"
    desk = office_of(services.config, services.curricula, actor, services.now()).desk
    with services.database.transaction() as session:
        match action:
            case "register":
                return registrations.register(session, desk, number, person_id, cast(Format, how))
            case "confirm":
                return registrations.confirm(session, desk, number, person_id)
            case "leave":
                registrations.leave(session, desk, number, person_id)
                return "cancelled"
            case _:
                assert_never(action)


def open_link(services: Services, token: str) -> tuple[int, int]:
    """The person and the session of a link, which proves their address. Raises Gone."""
    with services.database.transaction() as session:
        person, shown = _open(services, session, token)
        proof.confirm_email(session, person.id, services.now())
        return person.id, shown.live.id


def _open(services: Services, session: Session, token: str) -> tuple[Person, ShownSession]:
    """The person and the session of a link. Raises Gone if it isn't valid any more."""
    link = personal_links.find(session, token, services.now())
    if link is None or link.purpose != LINK_PURPOSE or not link.subject.isdecimal():
        raise Gone
    person = records.find(session, link.person_id)
    shown = find_shown(services, session, ANONYMOUS, link.person_id, int(link.subject))
    if person is None or shown is None:
        raise Gone
    return person, shown


def told(state: RegistrationState) -> str:
    """What the visitor is told after their registration has changed."""
    match state:
        case "seated":
            text = gettext("You are registered. The email has an entry for your calendar.")
        case "waiting":
            text = gettext("It is full. You are on the waiting list.")
        case "cancelled":
            text = gettext("You are no longer registered.")
        case "pending":
            text = gettext("Confirm your registration with the link in the email.")
        case "confirming":
            text = gettext("Please confirm that you come on the new date.")
        case _:
            assert_never(state)
    return str(text)
