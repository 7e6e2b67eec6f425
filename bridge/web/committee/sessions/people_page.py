"""`/committee/sessions/<session>/people`: register people, or enter that they can't come.

Open to the session's leaders too. Everyone gets the same email as if they had done it themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as Answer
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from bridge.errors import SessionError
from bridge.sessions import live_sessions
from bridge.sessions.feature import office_of
from bridge.sessions.registering.desk import Desk
from bridge.sessions.registering.on_behalf import (
    Named,
    find_people,
    register_people,
    remove_people,
    split_names,
)
from bridge.sessions.rosters import roster
from bridge.sessions.rules import FORMATS, Format
from bridge.sessions.tables import LiveSession
from bridge.store.persons.records import MAX_ID
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error, translated_text

FORMAT_LABELS: dict[Format, str] = {
    "online": lazy_gettext("Online"),
    "room": lazy_gettext("In person"),
}


class PeopleForm(PageForm):
    names = TextAreaField(
        lazy_gettext("People"), [DataRequired(), Length(max=20_000)], render_kw={"rows": 6}
    )
    how = RadioField(lazy_gettext("How they take part"))

    def offer(self, live: LiveSession) -> None:
        """Set the ways in which one can take part."""
        offered = [each for each in FORMATS if live_sessions.offers(live, each)]
        self.how.choices = [SelectChoice(each, str(FORMAT_LABELS[each])) for each in offered]
        if self.how.data is None and offered:
            self.how.data = offered[0]

    @property
    def format(self) -> Format:
        return "room" if self.how.data == "room" else "online"


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page, and the button of the roster."""

    @pages.route("/<int:session>/people", methods=["GET", "POST"], endpoint="people")
    @open_to("session-registrations", subject="session")
    def people(session: int) -> Answer | str:
        live, title = _find(services, session)
        form = PeopleForm()
        form.offer(live)
        if form.validate_on_submit() and _enter(services, session, form):
            return redirect(url_for("committee_sessions.roster", session=session), 303)
        return render_template(
            "web/committee/sessions/people.html", live=live, title=title, form=form,
            by_number=_may_name_members(),
        )  # fmt: skip

    @pages.post("/<int:session>/people/remove", endpoint="remove_person")
    @open_to("session-registrations", subject="session")
    def remove_person(session: int) -> Answer:
        typed = request.form.get("person", "")
        person = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
        with services.database.reading() as store:
            if person > MAX_ID or person not in {each.person_id for each in roster(store, session)}:
                raise NotFound
        _act(services, lambda store, desk: _remove(store, desk, session, [person]))
        return redirect(url_for("committee_sessions.roster", session=session), 303)


def _enter(services: Services, number: int, form: PeopleForm) -> bool:
    """Do what the button says for everyone named, or for nobody; return whether it is done."""
    action = request.form.get("action")
    if action not in ("register", "remove"):
        raise BadRequest
    try:
        named = _find_people(services, str(form.names.data))
    except SessionError as error:
        flash(translate_error(error), "danger")
        return False
    for each in named.unknown:
        flash(f"{each.name}{gettext(': ')}{translated_text(each.problem)}", "danger")
    if named.unknown or not named.people:
        flash(gettext("Nobody is registered or removed. Correct the list and send it again."),
              "warning")  # fmt: skip
        return False
    if action == "register":
        return _act(
            services, lambda store, desk: _register(store, desk, number, named.people, form.format)
        )
    return _act(services, lambda store, desk: _remove(store, desk, number, named.people))


def _find_people(services: Services, text: str) -> Named:
    """Raises SessionError."""
    names = split_names(text)
    with services.database.transaction() as session:
        return find_people(session, names, services.now(), by_number=_may_name_members())


def _may_name_members() -> bool:
    """Whether the visitor may know whose a member number is: the committee does."""
    return current_visitor().may("sessions-change")


def _act(services: Services, act: Callable[[Session, Desk], str]) -> bool:
    """Do it and tell; return False if it can't be done."""
    office = office_of(services.config, services.curricula, current_visitor().email, services.now())
    try:
        with services.database.transaction() as session:
            told = act(session, office.desk)
    except SessionError as error:
        flash(translate_error(error), "danger")
        return False
    services.trigger_job("deliver")
    flash(told, "success")
    return True


def _register(
    session: Session, desk: Desk, number: int, people: Collection[int], how: Format
) -> str:
    states = list(register_people(session, desk, number, people, how).values())
    waiting = states.count("waiting")
    seated = len(states) - waiting
    told = [ngettext("%(num)s person has a seat.", "%(num)s people have a seat.", seated)]
    if waiting:
        told.append(
            ngettext("%(num)s person is on the waiting list.",
                     "%(num)s people are on the waiting list.", waiting)
        )  # fmt: skip
    return " ".join(told)


def _remove(session: Session, desk: Desk, number: int, people: Collection[int]) -> str:
    removed = len(remove_people(session, desk, number, people))
    told = [
        ngettext("%(num)s person is no longer registered.",
                 "%(num)s people are no longer registered.", removed)
    ]  # fmt: skip
    if others := len(people) - removed:
        told.append(
            ngettext("%(num)s person wasn't registered.",
                     "%(num)s people weren't registered.", others)
        )  # fmt: skip
    return " ".join(told)


def _find(services: Services, number: int) -> tuple[LiveSession, str]:
    """The session and its title. Raises NotFound."""
    with services.database.reading() as session:
        live = live_sessions.find(session, number)
    if live is None:
        raise NotFound
    language = visitors_language(services.config)
    return live, live_sessions.title_of(live, services.curricula, language)
