"""`/committee/consultations/<number>`: the answers next to the text, and the responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as Answer

from bridge.consultations import responses
from bridge.consultations.answers.results import (
    by_point,
    given_answers,
    group_summaries,
    most_important,
)
from bridge.consultations.approvals import current_text, missing_approvals
from bridge.consultations.drafts import markdown_html
from bridge.consultations.office import Office, draft_of_row
from bridge.consultations.rules import DECISIONS, Decision
from bridge.web.committee.consultations.place import address_of, attempt, find_row
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language

MAX_DIGITS = 10


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page and its form for each point."""

    @pages.get("/<int:number>")
    @open_to("consultations")
    def show(number: int) -> str:
        return results_page(services, number, "web/committee/consultations/consultation.html")

    @pages.post("/<int:number>/respond")
    @open_to("consultations-change")
    def respond(number: int) -> Answer | str:
        typed = _typed()
        if request.form.get("do") == "withdraw":
            done = attempt(services, number, lambda session, office: _withdraw(
                session, office, number, typed
            ))  # fmt: skip
        else:
            done = attempt(services, number, lambda session, office: responses.respond(
                session, office, number, typed.point, cast(Decision, typed.decision), typed.text,
                typed.version,
            ))  # fmt: skip
        if done is None:
            return results_page(
                services, number, "web/committee/consultations/consultation.html", typed
            )
        flash(gettext("The response is saved. It is sent once you send the responses."), "success")
        return redirect(f"{address_of(number)}#{typed.point.replace('/', '-')}", 303)


@dataclass(frozen=True, slots=True)
class TypedResponse:
    """What was posted about a point."""

    point: str
    decision: str
    text: str
    version: int


def _typed() -> TypedResponse:
    """Raises BadRequest."""
    version = request.form.get("version", "")
    if not (version.isascii() and version.isdecimal() and len(version) < MAX_DIGITS):
        raise BadRequest
    decision = request.form.get("decision", "")
    return TypedResponse(
        request.form.get("point", "")[:130],
        decision if decision in DECISIONS else "",
        request.form.get("text", "").replace("\r\n", "\n"),
        int(version),
    )


def _withdraw(session: Session, office: Office, number: int, typed: TypedResponse) -> bool:
    responses.withdraw_response(session, office, number, typed.point)
    return True


def results_page(
    services: Services, number: int, template: str, typed: TypedResponse | None = None
) -> str:
    """The answers next to the text. A constant number of queries. Raises NotFound."""
    with services.database.reading() as session:
        row = find_row(session, number)
        text = current_text(services.curricula, row)
        answers = given_answers(session, number)
        groups = group_summaries(session, number, text)
        responded = responses.responses_of(session, number)
        missing = missing_approvals(session, number, text)
        unsent = responses.unsent_points(session, number)
        waiting = responses.points_without_response(session, [row])[row.id]
    results = by_point(answers)
    return render_template(
        template, row=row, introduction=markdown_html(row.introduction),
        draft=draft_of_row(row), groups=groups, results=results,
        ranking=most_important(results), responses=responded, missing=missing, waiting=waiting,
        unsent=unsent, language=visitors_language(services.config), typed=typed, now=services.now(),
    )  # fmt: skip
