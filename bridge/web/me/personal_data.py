"""`/me/data`: what is held about a member, to see, to take along, and to correct."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError
from bridge.store import privacy
from bridge.store.auth import email_change
from bridge.store.members import profile
from bridge.store.members.matching import email_key
from bridge.web.common.security_headers import is_secure
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_members
from bridge.web.layout import language as speech
from bridge.web.layout.form_fields import region_choices
from bridge.web.layout.formatting import role
from bridge.web.me import email_change as email_change_pages
from bridge.web.me import labels
from bridge.web.me.data_summary import PersonalData, read_personal_data
from bridge.web.me.forms import DetailsForm


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/me/data`, its file, and the form that corrects it."""
    _showing(pages, services)
    _correcting(pages, services)


def _showing(pages: Blueprint, services: Services) -> None:
    @pages.get("/me/data")
    @for_members
    def data() -> str:
        with services.database.reading() as session:
            held = _held(session)
            waiting = email_change.waiting(session, me(), services.now())
        curricula = {each.key: each for each in services.curricula}
        language = speech.visitors_language(services.config)
        regions = services.config.regions
        return render_template(
            "web/me/personal-data.html",
            held=held,
            waiting=waiting,
            curricula=curricula,
            regions=regions,
            words=labels,
            role=role,
            signoffs=labels.signoffs(services.curricula, language),
        )

    @pages.get("/me/data/download")
    @for_members
    def download() -> Response:
        with services.database.reading() as session:
            everything = _everything(session)
        answer = make_response(json.dumps(everything, indent=2, ensure_ascii=False))
        answer.mimetype = "application/json"
        answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer


def _correcting(pages: Blueprint, services: Services) -> None:
    @pages.route("/me/data/edit", methods=["GET", "POST"])
    @services.limiter.limit("10 per minute; 60 per hour", methods=["POST"])
    @for_members
    def edit() -> Answer:
        with services.database.reading() as session:
            person = _held(session).person
        form = DetailsForm(data=person)
        form.region.choices = region_choices(services.config.regions)
        if not form.validate_on_submit():
            return make_response(render_template("web/me/edit-details.html", form=form))
        return _corrected(services, form, str(person["email"]))


def me() -> int:
    """The member who is signed in; the guard has seen that there is one."""
    return current_visitor().member_id or 0


def _held(session: Session) -> PersonalData:
    return read_personal_data(_everything(session))


def _everything(session: Session) -> dict[str, object]:
    try:
        return privacy.export_member(session, me())
    except MemberError:
        raise NotFound from None


def _corrected(services: Services, form: DetailsForm, email: str) -> Answer:
    with services.database.transaction() as session:
        changed = profile.update_details(session, me(), form.details(), services.now())
    if changed:
        flash(gettext("Your details are saved."), "success")
    answer = redirect(url_for("me.data"), 303)
    wanted = str(form.email.data)
    if email_key(wanted) != email_key(email):
        email_change_pages.ask(services, me(), wanted, form.details())
        answer = redirect(url_for("me.email_sent"), 303)
    answer.set_cookie(
        speech.COOKIE, str(form.language.data), max_age=speech.YEAR, httponly=True,
        samesite="Lax", secure=is_secure(services.config),
    )  # fmt: skip
    return answer
