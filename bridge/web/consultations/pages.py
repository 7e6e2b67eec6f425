"""`/link/<token>/consultation`: read the draft, answer, and approve, without an account.

Opening the page changes nothing, because email scanners open links too. Someone who forwards the
link shares one set of answers: it can't be used to answer twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.consultations.answers import answering
from bridge.consultations.answers.answering import Place, StaleAnswers
from bridge.consultations.answers.posted_answers import read_answers
from bridge.consultations.approvals import current_text
from bridge.consultations.drafts import Draft, draft_of, markdown_html
from bridge.consultations.office import Office, draft_of_row
from bridge.consultations.responses import sent_responses
from bridge.consultations.rules import Answer as PointAnswer
from bridge.consultations.rules import WrongAnswers, unfinished
from bridge.consultations.sending import LINK_PURPOSE
from bridge.errors import ConsultationError
from bridge.messages import Message
from bridge.store.persons import personal_links, proof
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error, translated_text

LIMIT = "240 per minute"
"""The page saves by itself, and several people may answer from one office."""
MAX_DIGITS = 18
Given = Mapping[str, PointAnswer]


def blueprint(services: Services) -> Blueprint:
    """The page, and what it posts."""
    pages = Blueprint("consultations", __name__)

    @pages.get("/link/<token>/consultation")
    def by_link(token: str) -> Answer:
        return _page(services, token)

    @pages.post("/link/<token>/consultation")
    @limit_clients(services.limiter, LIMIT)
    def answer(token: str) -> Answer:
        return _save(services, token)

    @pages.post("/link/<token>/consultation/approval")
    @limit_clients(services.limiter, LIMIT)
    def approve(token: str) -> Answer:
        return _approve(services, token)

    return pages


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was posted and couldn't be saved. `version`: the one to save over."""

    answers: Given
    note: str = ""
    problems: Mapping[str, Message] = field(default_factory=dict)


def _save(services: Services, token: str) -> Answer:
    """Save what was posted; with the button Send, count it too."""
    by_script = request.headers.get("X-Requested-With") == "fetch"
    typed: dict[str, PointAnswer] = {}
    try:
        with services.database.transaction() as session:
            place = _find(services, session, token)
            if place is None:
                return _expired(by_script)
            draft = draft_of_row(place.consultation)
            typed = {each.point: each for each in read_answers(draft, request.form)}
            office = _office(services, place)
            version = answering.save(session, office, place, list(typed.values()), _version())
        if by_script:
            return make_response(str(version))
        return _send(services, token) if request.form.get("do") == "send" else _saved(token)
    except ConsultationError as error:
        told = translate_error(error)
        if by_script:
            return _told_script(error, told)
        flash(told, "danger")
        if isinstance(error, WrongAnswers):
            return _page(services, token, _Typed(typed, problems=error.problems), 422)
        return _page(services, token, _Typed(typed), 409)


def _told_script(error: ConsultationError, told: str) -> Answer:
    """What the page shows while one types: the message of a 422, texts of its own for others."""
    if isinstance(error, WrongAnswers):
        return make_response((told, 422, {"Content-Type": "text/plain; charset=utf-8"}))
    return make_response("", 409 if isinstance(error, StaleAnswers) else 410)


def _send(services: Services, token: str) -> Answer:
    """The answers are saved already, so nothing is lost if they aren't complete."""
    try:
        with services.database.transaction() as session:
            place = _find(services, session, token)
            if place is None:
                return _expired(by_script=False)
            answering.send(session, _office(services, place), place)
    except ConsultationError as error:
        flash(gettext("Your answers are saved, but not sent yet."), "warning")
        flash(translate_error(error), "danger")
        return _page(services, token, status=422, check=True)
    services.trigger_job()
    flash(gettext("Thank you. Your answers are sent. You can change them until the last day."),
          "success")  # fmt: skip
    return redirect(url_for("consultations.by_link", token=token), 303)


def _saved(token: str) -> Answer:
    flash(gettext("Your answers are saved."), "success")
    return redirect(url_for("consultations.by_link", token=token), 303)


def _approve(services: Services, token: str) -> Answer:
    note, text = request.form.get("note", ""), request.form.get("text", "")[:64]
    decision = _decision(request.form.get("do", ""))
    try:
        with services.database.transaction() as session:
            place = _find(services, session, token)
            if place is None:
                return _expired(by_script=False)
            answering.decide(session, _office(services, place), place, decision, text, note)
    except ConsultationError as error:
        flash(translate_error(error), "danger")
        return _page(services, token, _Typed({}, note), 409)
    services.trigger_job()
    flash(gettext("Your decision is saved."), "success")
    return redirect(url_for("consultations.by_link", token=token) + "#approval", 303)


def _decision(posted: str) -> Literal["approved", "refused", ""]:
    match posted:
        case "approved":
            return "approved"
        case "refused":
            return "refused"
        case _:
            return ""


def _page(
    services: Services,
    token: str,
    typed: _Typed | None = None,
    status: int = 200,
    *,
    check: bool = False,
) -> Answer:
    """`check`: show at each point what is missing before the answers can be sent."""
    with services.database.reading() as session:
        place = _find(services, session, token)
        if place is None:
            return _expired(by_script=False)
        saved = answering.answers_of(session, place.invitation.id)
        responses = sent_responses(session, place.consultation.id)
    draft, office = draft_of_row(place.consultation), _office(services, place)
    problems = typed.problems if typed else {}
    given = typed.answers if typed and typed.answers else saved
    page = render_template(
        "web/consultations/page.html", place=place, row=place.consultation, draft=draft,
        introduction=markdown_html(place.consultation.introduction),
        language=visitors_language(services.config), given=given,
        plain=translated_text, token=token,
        can_answer=answering.can_answer(place, office),
        version=place.invitation.version, note=typed.note if typed else "",
        problems=unfinished(draft, given) if check else problems,
        responses=responses, approval=_approval(services, place, draft),
    )  # fmt: skip
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True)
class _Approval:
    """What someone who decides reads: the text now. `changed`: the keys of points that are new."""

    text: str
    draft: Draft
    changed: frozenset[str]
    given: str
    note: str

    @property
    def is_same(self) -> bool:
        return not self.changed


def _approval(services: Services, place: Place, draft: Draft) -> _Approval | None:
    """None unless the group decides."""
    row, invitation = place.consultation, place.invitation
    if place.group.degree != "decides" or row.state == "finished":
        return None
    found = next((each for each in services.curricula if each.key == row.curriculum), None)
    labels = services.config.role_labels
    now = draft_of(found, row.milestone, labels) if found else Draft(())
    text = current_text(services.curricula, row)
    then = {str(each.words) for each in draft.points}
    removed = {str(each.words) for each in draft.points} - {str(each.words) for each in now.points}
    changed = {each.key for each in now.points if str(each.words) not in then}
    if [str(each.summary) for each in now.milestones] != [
        str(each.summary) for each in draft.milestones
    ] or removed:
        changed.add("")
    return _Approval(
        text, now, frozenset(changed),
        invitation.approval if invitation.approved_text == text else "", invitation.approval_note,
    )  # fmt: skip


def _find(services: Services, session: Session, token: str) -> Place | None:
    """The place of the link's person; None if the link or the invitation isn't valid any more."""
    link = personal_links.find(session, token, services.now())
    if link is None or link.purpose != LINK_PURPOSE or not link.subject.isdecimal():
        return None
    place = answering.find_place(session, int(link.subject), link.person_id)
    if place is not None:
        session.expunge_all()
    return place


def _office(services: Services, place: Place) -> Office:
    actor = proof.audit_actor(place.invitation.person_id)
    return Office(services.config, services.curricula, actor, services.now())


def _version() -> int:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < MAX_DIGITS else -1


def _expired(by_script: bool) -> Answer:
    if by_script:
        return make_response("", 410)
    return make_response(render_template("web/links/expired.html"), 410)
