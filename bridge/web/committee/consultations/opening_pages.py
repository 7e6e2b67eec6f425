"""`/committee/consultations/new`, `…/<number>/edit`: open a consultation, change it, end it."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.consultations import opening, responses
from bridge.consultations.drafts import Draft, draft_of
from bridge.consultations.invitations import inviting
from bridge.consultations.office import Office
from bridge.consultations.opening import Asked
from bridge.curriculum.model import Curriculum
from bridge.errors import ConsultationError
from bridge.web.committee.consultations.consultation_form import (
    ConsultationForm,
    EndForm,
    values_of,
)
from bridge.web.committee.consultations.place import address_of, attempt, find_row, office_of
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error

Action = Literal["close", "finish", "send", "ask"]


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the forms, and the buttons of a consultation."""
    _add_new_form(pages, services)
    _add_edit_form(pages, services)
    _add_actions(pages, services)


def _add_new_form(pages: Blueprint, services: Services) -> None:
    @pages.get("/new")
    @open_to("consultations-change")
    def new() -> str:
        if not request.args.get("about"):
            return render_template(
                "web/committee/consultations/choose.html", curricula=services.curricula,
                language=visitors_language(services.config),
            )  # fmt: skip
        curriculum, milestone, draft = _chosen(services)
        named = curriculum if not milestone else curriculum.milestone(milestone)
        title = named.title.shown(visitors_language(services.config)) if named else ""
        first = {"zone": services.config.timezone, "revision": curriculum.revision, "title": title}
        return _new_page(services, ConsultationForm(data=first), draft)

    @pages.post("/new")
    @open_to("consultations-change")
    def create() -> Answer | str:
        curriculum, milestone, draft = _chosen(services)
        form = ConsultationForm()
        if form.validate_on_submit():
            try:
                return redirect(address_of(_open(services, curriculum, milestone, form)), 303)
            except ConsultationError as error:
                flash(translate_error(error), "danger")
                form.revision.data = curriculum.revision
        return _new_page(services, form, draft)


def _add_edit_form(pages: Blueprint, services: Services) -> None:
    @pages.route("/<int:number>/edit", methods=["GET", "POST"])
    @open_to("consultations-change")
    def edit(number: int) -> Answer | str:
        with services.database.reading() as session:
            row = find_row(session, number)
            first = values_of(row)
        form = ConsultationForm(data=first if request.method == "GET" else None)
        if form.validate_on_submit():
            done = attempt(services, number, lambda session, office: opening.change(
                session, office, number, str(form.title.data), str(form.introduction.data or ""),
                form.closes, str(form.zone.data), form.stored_version,
            ))  # fmt: skip
            if done is not None:
                flash(gettext("Saved."), "success")
                return redirect(address_of(number), 303)
        return render_template("web/committee/consultations/edit.html", form=form, row=row)


def _add_actions(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:number>/<any(close, finish, send, ask):action>")
    @open_to("consultations-change")
    def act(number: int, action: Action) -> Answer:
        told = attempt(
            services, number, lambda session, office: _act(session, office, number, action)
        )
        if told is not None:
            flash(told, "success")
        return redirect(address_of(number), 303)

    @pages.route("/<int:number>/reopen", methods=["GET", "POST"])
    @open_to("consultations-change")
    def reopen(number: int) -> Answer | str:
        with services.database.reading() as session:
            row = find_row(session, number)
        first = {"zone": row.zone} if request.method == "GET" else None
        form = EndForm(data=first)
        if form.validate_on_submit():

            def act(session: Session, office: Office) -> bool:
                opening.reopen(session, office, number, form.closes, str(form.zone.data))
                return True

            if attempt(services, number, act):
                flash(gettext("People can answer again."), "success")
                return redirect(address_of(number), 303)
        return render_template("web/committee/consultations/reopen.html", form=form, row=row)


def _act(session: Session, office: Office, number: int, action: Action) -> str:
    """Do what a button says; return what to tell."""
    match action:
        case "close":
            opening.close(session, office, number)
            return str(gettext("The answers have ended. Respond to the points now."))
        case "finish":
            told = opening.finish(session, office, number)
            return str(
                ngettext(
                    "Finished. %(num)s person gets the result by email.",
                    "Finished. %(num)s people get the result by email.",
                    told,
                )
            )
        case "send":
            told = responses.send_responses(session, office, number)
            return str(ngettext("%(num)s person gets the responses by email.",
                                "%(num)s people get the responses by email.", told))  # fmt: skip
        case "ask":
            told = inviting.ask_for_approval(session, office, number)
            return str(ngettext("%(num)s person is asked to approve the text.",
                                "%(num)s people are asked to approve the text.", told))  # fmt: skip


def _chosen(services: Services) -> tuple[Curriculum, str, Draft]:
    """What is asked about: `curriculum/milestone`, or `curriculum/`. Raises NotFound."""
    key, _, milestone = request.args.get("about", "").partition("/")
    curriculum = next((each for each in services.curricula if each.key == key), None)
    if curriculum is None:
        raise NotFound
    draft = draft_of(curriculum, milestone, services.config.role_labels)
    if not draft.milestones:
        raise NotFound
    return curriculum, milestone, draft


def _new_page(services: Services, form: ConsultationForm, draft: Draft) -> str:
    return render_template(
        "web/committee/consultations/new.html", form=form, draft=draft,
        address=url_for("committee_consultations.create", about=request.args.get("about")),
        language=visitors_language(services.config),
    )  # fmt: skip


def _open(
    services: Services, curriculum: Curriculum, milestone: str, form: ConsultationForm
) -> int:
    """Raises ConsultationError."""
    asked = Asked(
        curriculum.key, milestone, str(form.title.data), str(form.introduction.data or ""),
        form.closes, str(form.zone.data), str(form.revision.data or ""),
    )  # fmt: skip
    with services.database.transaction() as session:
        number = opening.open_consultation(session, office_of(services), asked)
    flash(gettext("The consultation is open. Now add groups and invite people."), "success")
    return number
