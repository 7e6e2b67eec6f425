"""`/committee/sessions/<session>/roster`: who is registered, and who has attended.

Open to the session's leaders too, also if they are no members: they tick who came, on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import attendance, live_sessions
from bridge.sessions.attendance import Mark, Recorder, attended_by
from bridge.sessions.providers.reports import Problem, missing_links
from bridge.sessions.rosters import roster
from bridge.sessions.tables import LiveSession
from bridge.store.operations import audit_log
from bridge.store.persons import records
from bridge.web.common.access import is_own_person, open_to
from bridge.web.common.services import Services
from bridge.web.common.subjects import may_for
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error

ANSWERS = {"yes": True, "no": False}


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the roster, and recording attendance."""

    @pages.get("/<int:session>/roster", endpoint="roster")
    @open_to("session-roster", subject="session")
    def show(session: int) -> str:
        with services.database.transaction() as store:
            live = live_sessions.find(store, session)
            if live is None:
                raise NotFound
            lines = roster(store, session)
            missing = _reasons(missing_links(store, live))
            may_change_people = _is_to_come(services, live) and may_for(
                store, current_visitor(), "session-registrations", f"session:{session}"
            )
            _audit(services, store, session)
        return render_template(
            "web/committee/sessions/roster.html", live=live, lines=lines, missing=missing,
            title=_title(services, live), may_change_people=may_change_people,
            started=live.state == "open" and live.starts_at <= services.now(),
        )  # fmt: skip

    @pages.post("/<int:session>/attendance", endpoint="attendance")
    @open_to("session-attendance", subject="session")
    def record(session: int) -> Answer:
        marks = [
            Mark(int(name.removeprefix("attended-")), ANSWERS[value])
            for name, value in request.form.items()
            if name.startswith("attended-") and value in ANSWERS and _is_id(name)
        ]
        recorder = Recorder(services.curricula, current_visitor().email, services.now())
        try:
            with services.database.transaction() as store:
                _check(store, session, marks)
                count = attendance.record(store, recorder, session, "leader", marks)
            told = ngettext("%(num)s answer recorded.", "%(num)s answers recorded.", count)
            flash(told, "success")
        except SessionError as error:
            flash(translate_error(error), "danger")
        services.trigger_job("deliver")
        return redirect(url_for("committee_sessions.roster", session=session), 303)


def _is_to_come(services: Services, live: LiveSession) -> bool:
    """Whether people can still be registered or removed."""
    not_begun = live.state == "open" and live.starts_at > services.now()
    return not_begun or live.state == "postponed"


def _audit(services: Services, store: Session, session: int) -> None:
    seen = {"list": "session-roster", "session": session}
    actor = current_visitor().email
    audit_log.write(store, actor, "listed", None, {}, seen, services.now())


def _title(services: Services, live: LiveSession) -> str:
    return live_sessions.title_of(live, services.curricula, visitors_language(services.config))


def _reasons(missing: Mapping[int, Problem]) -> dict[int, str]:
    """Why people have no link to join yet, in the visitor's language; '' if nobody knows."""
    return {person: translate_error(why) if why else "" for person, why in missing.items()}


def _is_id(name: str) -> bool:
    number = name.removeprefix("attended-")
    return number.isascii() and number.isdecimal() and int(number) <= records.MAX_ID


def _check(store: Session, session: int, marks: Sequence[Mark]) -> None:
    """Raises NotFound for a person who isn't on the roster, SessionError for oneself."""
    people = {each.person_id for each in marks}
    if live_sessions.find(store, session) is None:
        raise NotFound
    if not people <= {each.person_id for each in roster(store, session)}:
        raise NotFound
    stored = {
        mark.person_id: mark.attended for (_, _), mark in attended_by(store, [session]).items()
    }
    own = {person for person in people if is_own_person(store, person)}
    if any(stored.get(each.person_id) != each.attended for each in marks if each.person_id in own):
        raise SessionError(Message("someone else must record whether you attended."))
