"""`/committee/sessions/new`, `/committee/sessions/<number>`: schedule a session, and change it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Literal, assert_never

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import leaders, live_sessions, scheduling
from bridge.sessions.feature import office_of
from bridge.sessions.moodle_calendar.status import CourseStatus, moodle_status
from bridge.sessions.office import Office
from bridge.sessions.providers.reports import report_of
from bridge.sessions.providers.targets import configured_providers
from bridge.sessions.registering.history import waiting_lists
from bridge.sessions.tables import LiveSession
from bridge.web.committee.sessions.session_form import DateForm, SessionForm, values_of
from bridge.web.common.access import is_own_person, open_to, visible_regions
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error, translated_text
from bridge.web.lists.filter_fields import MAX_ID

Action = Literal["open", "cancel", "postpone"]
MAX_REASON = 1_000
MAX_DIGITS = 19


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the pages of one session, with their buttons."""
    _add_forms(pages, services)
    _add_actions(pages, services)


def _add_forms(pages: Blueprint, services: Services) -> None:
    @pages.route("/new", methods=["GET", "POST"])
    @open_to("sessions-change")
    def new() -> Answer | str:
        form = SessionForm(data=_first_values(services) if request.method == "GET" else None)
        _offer(services, form)
        if form.validate_on_submit():
            try:
                return redirect(_address(_create(services, form)), 303)
            except SessionError as error:
                flash(translate_error(error), "danger")
        return render_template("web/committee/sessions/edit.html", form=form, live=None)

    @pages.route("/<int:number>/edit", methods=["GET", "POST"])
    @open_to("sessions-change")
    def edit(number: int) -> Answer | str:
        with services.database.reading() as session:
            live = _find(session, number)
            names = [
                leaders.name_of(session, each) for each in live_sessions.leaders_of(session, number)
            ]
        form = SessionForm(data=values_of(live, names) if request.method == "GET" else None)
        _offer(services, form)
        if form.validate_on_submit():
            try:
                _change(services, number, form)
                return redirect(_address(number), 303)
            except SessionError as error:
                flash(translate_error(error), "danger")
        return render_template("web/committee/sessions/edit.html", form=form, live=live)


def _add_actions(pages: Blueprint, services: Services) -> None:
    @pages.get("/<int:number>")
    @open_to("sessions")
    def show(number: int) -> str:
        return _page(services, number, DateForm(formdata=None))

    @pages.post("/<int:number>/<any(open, cancel, postpone):action>")
    @open_to("sessions-change")
    def act(number: int, action: Action) -> Answer:
        reason = request.form.get("reason", "").strip()[:MAX_REASON]
        _try(services, lambda session, office: _act(session, office, number, action, reason))
        return redirect(_address(number), 303)

    @pages.post("/<int:number>/date")
    @open_to("sessions-change")
    def new_date(number: int) -> Answer | str:
        form = DateForm()
        if form.validate_on_submit():
            try:
                with services.database.transaction() as session:
                    is_new = scheduling.set_new_date(
                        session, _office(services), number, form.times()
                    )
                services.trigger_job()
                flash(_told_of_date(is_new), "success")
                return redirect(_address(number), 303)
            except SessionError as error:
                flash(translate_error(error), "danger")
        return _page(services, number, form)


def _told_of_date(is_new: bool) -> str:
    if is_new:
        return str(gettext("Everyone registered is asked to confirm the new date."))
    return str(gettext("The session has this date already. Nothing is changed."))


def _page(services: Services, number: int, form: DateForm) -> str:
    with services.database.reading() as session:
        live = _find(session, number)
        regions = visible_regions()
        if regions is not None and live.region not in regions:
            raise NotFound
        taken = live_sessions.taken_seats(session, [number])[number]
        named = live_sessions.leaders_of(session, number)
        closes_before = timedelta(hours=services.config.sessions.list_closes_hours)
        lists = waiting_lists(session, live, closes_before, services.now())
        meeting = report_of(session, live)
        in_moodle = _moodle_status(services, session, live)
    if request.method == "GET":
        form.process(data=values_of(live, []))
    title = live_sessions.title_of(live, services.curricula, _language(services))
    status = live_sessions.status(live, services.now())
    return render_template(
        "web/committee/sessions/session.html", live=live, title=title, status=status,
        taken=taken, leaders=named, form=form, meeting=meeting, in_moodle=in_moodle,
        lists=lists, words=translated_text,
        problem=translate_error(meeting.problem) if meeting and meeting.problem else "",
        join_minutes=services.config.sessions.join_minutes,
        started=live.starts_at <= services.now(),
    )  # fmt: skip


def _moodle_status(services: Services, session: Session, live: LiveSession) -> list[CourseStatus]:
    return moodle_status(
        session, live, services.curricula, services.config.service.url, _language(services),
        over=live.ends_at <= services.now(),
    )  # fmt: skip


def _act(session: Session, office: Office, number: int, action: Action, reason: str) -> str:
    """Do what a button says; return what to tell."""
    match action:
        case "open":
            scheduling.open_registration(session, office, number)
            return str(gettext("The session is open for registration."))
        case "cancel":
            scheduling.cancel(session, office, number, reason)
            return str(gettext("The session is cancelled. Everyone registered gets an email."))
        case "postpone":
            scheduling.postpone(session, office, number, reason)
            return str(gettext("The session is postponed. Everyone registered gets an email."))
        case _:
            assert_never(action)


def _try(services: Services, act: Callable[[Session, Office], str]) -> None:
    try:
        with services.database.transaction() as session:
            told = act(session, _office(services))
        flash(told, "success")
    except SessionError as error:
        flash(translate_error(error), "danger")
    services.trigger_job()


def _create(services: Services, form: SessionForm) -> int:
    data = form.data_to_schedule()
    found = _leaders(services, form)
    with services.database.transaction() as session:
        number = scheduling.create(session, _office(services), data)
        scheduling.set_leaders(session, _office(services), number, found)
    flash(gettext("The session is a draft. Open it so that people can register."), "success")
    return number


def _change(services: Services, number: int, form: SessionForm) -> None:
    data, version = form.data_to_schedule(), str(form.version.data or "")
    with services.database.reading() as session:
        before = live_sessions.leader_ids(session, number)
    found = _leaders(services, form, before)
    with services.database.transaction() as session:
        changed = scheduling.change(
            session, _office(services), number, data, int(version) if version.isdecimal() else 0,
            found,
        )  # fmt: skip
    if changed:
        services.trigger_job()
    flash(gettext("Saved."), "success")


def _leaders(services: Services, form: SessionForm, before: Collection[int] = ()) -> list[int]:
    """The persons who were named. In a transaction of its own, before the session is locked.

    `before`: who leads it already. Leading earns a credit, so nobody can name themselves. Raises
    SessionError.
    """
    with services.database.transaction() as session:
        found = [leaders.find(session, each, services.now()) for each in form.leader_names]
        if any(is_own_person(session, each) for each in found if each not in before):
            raise SessionError(Message("someone else must name you as a leader."))
    return found


def _find(session: Session, number: int) -> LiveSession:
    """Raises NotFound."""
    live = live_sessions.find(session, number) if number <= MAX_ID else None
    if live is None:
        raise NotFound
    return live


def _offer(services: Services, form: SessionForm) -> None:
    config = services.config
    providers = configured_providers(config)
    form.offer(services.curricula, config.regions, _language(services), providers)


def _first_values(services: Services) -> dict[str, object]:
    """What a new session begins with: nothing, or all of the session that is copied but its day."""
    copied = request.args.get("from", "")
    if not (copied.isascii() and copied.isdecimal() and len(copied) < MAX_DIGITS):
        return {"zone": services.config.timezone, "online": True}
    with services.database.reading() as session:
        live = _find(session, int(copied))
        named = live_sessions.leaders_of(session, live.id)
        names = [leaders.name_of(session, each) for each in named
                 if not is_own_person(session, each.id)]  # fmt: skip
    return values_of(live, names) | {"day": None, "version": ""}


def _office(services: Services) -> Office:
    actor = current_visitor().email
    return office_of(services.config, services.curricula, actor, services.now())


def _address(number: int) -> str:
    return url_for("committee_sessions.show", number=number)


def _language(services: Services) -> str:
    return visitors_language(services.config)
