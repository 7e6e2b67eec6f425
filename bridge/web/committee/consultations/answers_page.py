"""`…/people/<invitation>/answers`: enter what someone said in a session or an email.

It says who entered it. An approval can't be entered: only the person gives it, by their link.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.consultations.answers import answering
from bridge.consultations.answers.answering import Place
from bridge.consultations.answers.posted_answers import read_answers
from bridge.consultations.drafts import Draft
from bridge.consultations.office import Office, draft_of_row
from bridge.consultations.rules import Answer as Given
from bridge.consultations.rules import WrongAnswers, check_saved, unfinished
from bridge.consultations.tables import Invitation
from bridge.errors import ConsultationError
from bridge.messages import Message
from bridge.store.persons import records
from bridge.store.persons.records import MAX_ID
from bridge.web.committee.consultations.place import attempt, find_row
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text

MAX_DIGITS = 10


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page."""

    @pages.get("/<int:number>/people/<int:invitation>/answers")
    @open_to("consultations-change")
    def answers(number: int, invitation: int) -> str:
        return _page(services, number, invitation)

    @pages.post("/<int:number>/people/<int:invitation>/answers")
    @open_to("consultations-change")
    def enter(number: int, invitation: int) -> Answer | str:
        with services.database.reading() as session:
            place, _ = _find(session, number, invitation)
        given = read_answers(draft_of_row(place.consultation), request.form)

        def act(session: Session, office: Office) -> bool:
            by = current_visitor().email
            answering.save(session, office, place, given, _version(), entered_by=by)
            answering.send(session, office, place, entered_by=by)
            return True

        if not attempt(services, number, act):
            return _page(services, number, invitation, {each.point: each for each in given})
        flash(gettext("The answers are saved."), "success")
        return redirect(url_for("committee_consultations.people", number=number), 303)


def _page(
    services: Services, number: int, invitation: int, typed: dict[str, Given] | None = None
) -> str:
    with services.database.reading() as session:
        place, name = _find(session, number, invitation)
        saved = answering.answers_of(session, invitation)
    draft = draft_of_row(place.consultation)
    return render_template(
        "web/committee/consultations/answers.html", place=place, row=place.consultation, name=name,
        draft=draft, given=typed or saved, version=place.invitation.version,
        problems=_problems(draft, typed) if typed else {},
        language=visitors_language(services.config), plain=translated_text,
    )  # fmt: skip


def _problems(draft: Draft, typed: dict[str, Given]) -> Mapping[str, Message]:
    try:
        check_saved(draft, list(typed.values()))
    except WrongAnswers as error:
        return error.problems
    except ConsultationError:
        pass
    return unfinished(draft, typed)


def _find(session: Session, number: int, invitation_id: int) -> tuple[Place, str]:
    """The place and the person's name. Raises NotFound."""
    find_row(session, number)
    invitation = session.get(Invitation, invitation_id) if invitation_id <= MAX_ID else None
    if invitation is None or invitation.consultation_id != number:
        raise NotFound
    place = answering.find_place(session, number, invitation.person_id)
    person = records.find(session, invitation.person_id)
    if place is None or person is None or place.group.degree == "informed":
        raise NotFound
    return place, person.name


def _version() -> int:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < MAX_DIGITS else -1
