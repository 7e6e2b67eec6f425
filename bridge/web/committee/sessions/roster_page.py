"""`/committee/sessions/<session>/roster`: who is registered, and who has attended.

Open to the session's leaders too, also if they are no members: they tick who came, on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import SessionError
from bridge.messages import Message
from bridge.printable_text import remove_unprintable
from bridge.sessions import attendance, live_sessions
from bridge.sessions.attendance import Mark
from bridge.sessions.earning.credits import Recorder
from bridge.sessions.providers.reports import Problem, missing_links
from bridge.sessions.rosters import roster
from bridge.sessions.tables import LiveSession
from bridge.store.operations import audit_log
from bridge.store.persons import records
from bridge.web.committee.signoffs.place import Place, permits_at
from bridge.web.common.access import is_own_person, open_to
from bridge.web.common.services import Services
from bridge.web.common.subjects import may_for
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error
from bridge.workflows.signoffs.permits import allowed

ANSWERS = {"yes": True, "no": False, "": None}
FIELD, BEFORE = "attended-", "before-"


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
            may_change_materials = may_for(
                store, current_visitor(), "session-materials", f"session:{session}"
            )
            may_change_people = _may_change_people(services, store, live)
            _audit(services, store, session)
            permits = permits_at(services, store, Place("session", session))
        return render_template(
            "web/committee/sessions/roster.html", live=live, lines=lines, missing=missing,
            title=_title(services, live), may_change_materials=may_change_materials,
            may_sign_off=allowed(services.curricula, permits),
            may_change_people=may_change_people,
            started=live.state == "open" and live.starts_at <= services.now(),
            stopped=live.state != "open" and any(each.source for each in lines),
        )  # fmt: skip

    @pages.post("/<int:session>/attendance", endpoint="attendance")
    @open_to("session-attendance", subject="session")
    def record(session: int) -> Answer:
        reason = remove_unprintable(request.form.get("reason", ""), lines=True).strip()[:200]
        recorder = Recorder(services.curricula, current_visitor().email, services.now(), reason)
        try:
            with services.database.transaction() as store:
                count = _record(store, recorder, session, _answers())
            flash(_told(count), "success")
        except SessionError as error:
            flash(translate_error(error), "danger")
        services.trigger_job("deliver")
        return redirect(url_for("committee_sessions.roster", session=session), 303)


def _told(count: int) -> str:
    return str(ngettext("%(num)s answer recorded.", "%(num)s answers recorded.", count))


def _may_change_people(services: Services, store: Session, live: LiveSession) -> bool:
    """Whether the visitor can still register or remove people."""
    not_begun = live.state == "open" and live.starts_at > services.now()
    return (not_begun or live.state == "postponed") and may_for(
        store, current_visitor(), "session-registrations", f"session:{live.id}"
    )


def _audit(services: Services, store: Session, session: int) -> None:
    seen = {"list": "session-roster", "session": session}
    actor = current_visitor().email
    audit_log.write(store, actor, "listed", None, {}, seen, services.now())


def _title(services: Services, live: LiveSession) -> str:
    return live_sessions.title_of(live, services.curricula, visitors_language(services.config))


def _reasons(missing: Mapping[int, Problem]) -> dict[int, str]:
    """Why people have no link to join yet, in the visitor's language; '' if nobody knows."""
    return {person: translate_error(why) if why else "" for person, why in missing.items()}


def _answers() -> dict[int, str]:
    """What the leader has changed on the page: yes, no, or '' to take their word back.

    What the page showed as the leader's word comes with it. What is still so is not said again:
    someone else may have changed it since.
    """
    return {
        int(name.removeprefix(FIELD)): value
        for name, value in request.form.items()
        if name.startswith(FIELD) and value in ANSWERS and _is_id(name)
        and value != request.form.get(name.replace(FIELD, BEFORE), "")
    }  # fmt: skip


def _is_id(name: str) -> bool:
    number = name.removeprefix(FIELD)
    return number.isascii() and number.isdecimal() and int(number) <= records.MAX_ID


def _record(store: Session, recorder: Recorder, session: int, answers: Mapping[int, str]) -> int:
    """Store the leader's words; return how many are new. Raises NotFound, SessionError."""
    live = live_sessions.find(store, session)
    if live is None or not answers.keys() <= {each.person_id for each in roster(store, session)}:
        raise NotFound
    if any(is_own_person(store, person) for person in answers):
        raise SessionError(Message("someone else must record whether you attended."))
    said = {person: ANSWERS[value] for person, value in answers.items()}
    marks = [Mark(person, value) for person, value in said.items() if value is not None]
    taken_back = [person for person, value in said.items() if value is None]
    count = attendance.record(store, recorder, session, "leader", marks)
    return count + len(
        attendance.forget(store, recorder, session, "leader", taken_back) if taken_back else ()
    )
