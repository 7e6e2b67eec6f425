"""More ways to record attendance: the code, a meeting program's file, people who just came."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer
from wtforms import FileField

from bridge.errors import SessionError
from bridge.sessions import live_sessions
from bridge.sessions.attendance import check_started
from bridge.sessions.attendance_sources import codes
from bridge.sessions.attendance_sources.csv_import import CsvResult, import_attendance
from bridge.sessions.attendance_sources.meeting_csv import read_participants
from bridge.sessions.attendance_sources.walk_ins import add_walk_in, person_for
from bridge.sessions.earning.credits import Recorder
from bridge.sessions.rosters import roster
from bridge.sessions.tables import LiveSession
from bridge.store.persons.records import PersonRecord
from bridge.web.common.access import is_own_person, open_to
from bridge.web.common.service_key import service_key
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.form_fields import email_field, name_field
from bridge.web.layout.language import visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error


class ParticipantsForm(PageForm):
    file = FileField(lazy_gettext("List of participants (CSV)"))


class WalkInForm(PageForm):
    name = name_field(lazy_gettext("Name"), "off", 150)
    email = email_field()


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `…/code`, `…/attendance/file` and `…/walk-in`."""
    _add_code(pages, services)
    _add_file(pages, services)
    _add_walk_in(pages, services)


def _add_code(pages: Blueprint, services: Services) -> None:
    @pages.get("/<int:session>/code", endpoint="code")
    @open_to("session-attendance", subject="session")
    def code(session: int) -> str:
        live, title = _find(services, session)
        now = services.now()
        shown = codes.code_at(service_key(), session, now) if codes.is_shown(live, now) else ""
        seconds = round((codes.next_change(now) - now).total_seconds()) + 1
        return render_template(
            "web/committee/sessions/code.html", live=live, title=title, code=shown, seconds=seconds
        )


def _add_file(pages: Blueprint, services: Services) -> None:
    @pages.route(
        "/<int:session>/attendance/file", methods=["GET", "POST"], endpoint="attendance_file"
    )
    @open_to("session-attendance", subject="session")
    def attendance_file(session: int) -> str:
        live, title = _find(services, session)
        form, result = ParticipantsForm(), None
        if form.validate_on_submit():
            try:
                result = _import(services, session)
            except SessionError as error:
                flash(translate_error(error), "danger")
            services.trigger_job("deliver")
        return render_template(
            "web/committee/sessions/attendance-file.html",
            live=live, title=title, form=form, result=result,
        )  # fmt: skip


def _add_walk_in(pages: Blueprint, services: Services) -> None:
    @pages.route("/<int:session>/walk-in", methods=["GET", "POST"], endpoint="walk_in")
    @open_to("session-attendance", subject="session")
    def walk_in(session: int) -> Answer | str:
        live, title = _find(services, session)
        form = WalkInForm()
        if form.validate_on_submit():
            record = PersonRecord(
                str(form.name.data), str(form.email.data), visitors_language(services.config)
            )
            if problem := _add(services, session, record):
                flash(problem, "danger")
            else:
                return redirect(url_for("committee_sessions.roster", session=session), 303)
        return render_template(
            "web/committee/sessions/walk-in.html", live=live, title=title, form=form
        )


def _recorder(services: Services) -> Recorder:
    return Recorder(services.curricula, current_visitor().email, services.now())


def _import(services: Services, number: int) -> CsvResult:
    """Raises SessionError."""
    sent = request.files.get("file")
    participants = read_participants(sent.read() if sent else b"")
    with services.database.transaction() as session:
        people = {each.person_id for each in roster(session, number)}
        own = {person for person in people if is_own_person(session, person)}
        return import_attendance(session, _recorder(services), number, participants, own)


def _add(services: Services, number: int, record: PersonRecord) -> str:
    """Record someone who came; return what is wrong, '' if nothing is."""
    recorder = _recorder(services)
    try:
        with services.database.transaction() as session:
            check_started(_live(session, number), recorder.now)
            person = person_for(session, recorder, record)
            if is_own_person(session, person):
                return str(gettext("Someone else must record whether you attended."))
        with services.database.transaction() as session:
            add_walk_in(session, recorder, number, person)
    except SessionError as error:
        return translate_error(error)
    services.trigger_job("deliver")
    flash(gettext("The attendance of %(name)s is recorded.", name=record.name), "success")
    return ""


def _find(services: Services, number: int) -> tuple[LiveSession, str]:
    """The session and its title. Raises NotFound."""
    with services.database.reading() as session:
        live = _live(session, number)
    language = visitors_language(services.config)
    return live, live_sessions.title_of(live, services.curricula, language)


def _live(session: Session, number: int) -> LiveSession:
    live = live_sessions.find(session, number)
    if live is None:
        raise NotFound
    return live
