"""`/committee/consultations/<number>`: the answers next to the text, and the responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as Answer

from bridge.consultations import responses
from bridge.consultations.answers.overview import overview
from bridge.consultations.answers.results import most_important
from bridge.consultations.drafts import markdown_html
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
        told = gettext("The response is saved. It is sent once you send the responses.")
        if request.form.get("do") == "withdraw":
            told = gettext("The response is taken back.")
            done = attempt(services, number, lambda session, office: responses.withdraw_response(
                session, office, number, typed.point
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
        flash(told, "success")
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


def results_page(
    services: Services, number: int, template: str, typed: TypedResponse | None = None
) -> str:
    """The answers next to the text. A constant number of queries. Raises NotFound."""
    with services.database.reading() as session:
        found = overview(session, services.curricula, find_row(session, number))
    return render_template(
        template, row=found.row, introduction=markdown_html(found.row.introduction),
        draft=found.draft, groups=found.groups, results=found.results,
        ranking=most_important(found.results), responses=found.responses, missing=found.missing,
        waiting=found.waiting, unsent=found.unsent_points,
        language=visitors_language(services.config), typed=typed, now=services.now(),
    )  # fmt: skip
