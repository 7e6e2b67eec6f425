"""`/link/<token>/consultation`, `/me/consultations/<number>`: read the draft, answer, and approve.

The first needs no account; the second is for members who are signed in. Both show the same answers.
Opening the page changes nothing, because email scanners open links too. Someone who forwards the
link shares one set of answers: it can't be used to answer twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
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
from bridge.errors import ConsultationError
from bridge.messages import Message
from bridge.store.persons import proof
from bridge.web.common.access import for_members
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.consultations.ways import ByLink, SignedIn, Way, expired
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error, translated_text

LIMIT = "240 per minute"
"""The page saves by itself, and several people may answer from one office."""
MAX_DIGITS = 18
Given = Mapping[str, PointAnswer]


def blueprint(services: Services) -> Blueprint:
    """The page, and what it posts, by link and for members."""
    pages = Blueprint("consultations", __name__)
    _add_by_link(pages, services)
    _add_for_members(pages, services)
    return pages


def _add_by_link(pages: Blueprint, services: Services) -> None:
    @pages.get("/link/<token>/consultation")
    def by_link(token: str) -> Answer:
        return _page(services, ByLink(token, services.now()))

    @pages.post("/link/<token>/consultation")
    @limit_clients(services.limiter, LIMIT)
    def answer(token: str) -> Answer:
        return _save(services, ByLink(token, services.now()))

    @pages.post("/link/<token>/consultation/approval")
    @limit_clients(services.limiter, LIMIT)
    def approve(token: str) -> Answer:
        return _approve(services, ByLink(token, services.now()))


def _add_for_members(pages: Blueprint, services: Services) -> None:
    @pages.get("/me/consultations/<int:number>")
    @for_members
    def mine(number: int) -> Answer:
        return _page(services, SignedIn(number))

    @pages.post("/me/consultations/<int:number>")
    @limit_clients(services.limiter, LIMIT)
    @for_members
    def answer_mine(number: int) -> Answer:
        return _save(services, SignedIn(number))

    @pages.post("/me/consultations/<int:number>/approval")
    @limit_clients(services.limiter, LIMIT)
    @for_members
    def approve_mine(number: int) -> Answer:
        return _approve(services, SignedIn(number))


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was posted and couldn't be saved. `version`: the one to save over."""

    answers: Given
    note: str = ""
    problems: Mapping[str, Message] = field(default_factory=dict)


def _save(services: Services, way: Way) -> Answer:
    """Save what was posted; with the button Send, count it too."""
    by_script = request.headers.get("X-Requested-With") == "fetch"
    typed: dict[str, PointAnswer] = {}
    try:
        with services.database.transaction() as session:
            place = way.find(session)
            if place is None:
                return expired(by_script=by_script)
            draft = draft_of_row(place.consultation)
            typed = {each.point: each for each in read_answers(draft, request.form)}
            office = _office(services, place)
            version = answering.save(session, office, place, list(typed.values()), _version())
        if by_script:
            return make_response(str(version))
        return _send(services, way) if request.form.get("do") == "send" else _saved(way)
    except ConsultationError as error:
        told = translate_error(error)
        if by_script:
            return _told_script(error, told)
        flash(told, "danger")
        if isinstance(error, WrongAnswers):
            return _page(services, way, _Typed(typed, problems=error.problems), 422)
        return _page(services, way, _Typed(typed), 409)


def _told_script(error: ConsultationError, told: str) -> Answer:
    """What the page shows while one types: the message of a 422, texts of its own for others."""
    if isinstance(error, WrongAnswers):
        return make_response((told, 422, {"Content-Type": "text/plain; charset=utf-8"}))
    return make_response("", 409 if isinstance(error, StaleAnswers) else 410)


def _send(services: Services, way: Way) -> Answer:
    """The answers are saved already, so nothing is lost if they aren't complete."""
    try:
        with services.database.transaction() as session:
            place = way.find(session)
            if place is None:
                return expired()
            answering.send(session, _office(services, place), place)
    except ConsultationError as error:
        flash(gettext("Your answers are saved, but not sent yet."), "warning")
        flash(translate_error(error), "danger")
        return _page(services, way, status=422, check=True)
    services.trigger_job()
    flash(gettext("Thank you. Your answers are sent. You can change them until the last day."),
          "success")  # fmt: skip
    return redirect(way.address, 303)


def _saved(way: Way) -> Answer:
    flash(gettext("Your answers are saved."), "success")
    return redirect(way.address, 303)


def _approve(services: Services, way: Way) -> Answer:
    note, text = request.form.get("note", ""), request.form.get("text", "")[:64]
    decision = _decision(request.form.get("do", ""))
    try:
        with services.database.transaction() as session:
            place = way.find(session)
            if place is None:
                return expired()
            answering.decide(session, _office(services, place), place, decision, text, note)
    except ConsultationError as error:
        flash(translate_error(error), "danger")
        return _page(services, way, _Typed({}, note), 409)
    services.trigger_job()
    flash(gettext("Your decision is saved."), "success")
    return redirect(way.address + "#approval", 303)


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
    way: Way,
    typed: _Typed | None = None,
    status: int = 200,
    *,
    check: bool = False,
) -> Answer:
    """`check`: show at each point what is missing before the answers can be sent."""
    with services.database.reading() as session:
        place = way.find(session)
        if place is None:
            return expired()
        saved = answering.answers_of(session, place.invitation.id)
        responses = sent_responses(session, place.consultation.id)
    draft, office = draft_of_row(place.consultation), _office(services, place)
    problems = typed.problems if typed else {}
    given = typed.answers if typed and typed.answers else saved
    page = render_template(
        "web/consultations/page.html", place=place, row=place.consultation, draft=draft,
        introduction=markdown_html(place.consultation.introduction),
        language=visitors_language(services.config), given=given,
        plain=translated_text, address=way.address, approve=way.approval,
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


def _office(services: Services, place: Place) -> Office:
    actor = proof.audit_actor(place.invitation.person_id)
    return Office(services.config, services.curricula, actor, services.now())


def _version() -> int:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < MAX_DIGITS else -1
