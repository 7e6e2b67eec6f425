"""`/me/data`: what is held about a member, to see, to take along, and to correct."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError
from bridge.store import address_change, own_details, privacy
from bridge.store.matching import email_key
from bridge.web import language as speech
from bridge.web.collaborators import Collaborators
from bridge.web.fields import region_choices
from bridge.web.identity import for_members, visitor
from bridge.web.me import address, words
from bridge.web.me.forms import DetailsForm
from bridge.web.me.held import Held, read
from bridge.web.protection import is_secure
from bridge.web.words import role


def furnish(pages: Blueprint, house: Collaborators) -> None:
    """Add `/me/data`, its file, and the form that corrects it."""
    _showing(pages, house)
    _correcting(pages, house)


def _showing(pages: Blueprint, house: Collaborators) -> None:
    @pages.get("/me/data")
    @for_members
    def data() -> str:
        with house.database.reading() as session:
            held = _held(session)
            waiting = address_change.waiting(session, me(), house.now())
        curricula = {each.key: each for each in house.curricula}
        language = speech.visitors_language(house.config)
        regions = house.config.regions
        return render_template(
            "web/me/data.html",
            held=held,
            waiting=waiting,
            curricula=curricula,
            regions=regions,
            words=words,
            role=role,
            signoffs=words.signoffs(house.curricula, language),
        )

    @pages.get("/me/data/download")
    @for_members
    def download() -> Response:
        with house.database.reading() as session:
            everything = _everything(session)
        answer = make_response(json.dumps(everything, indent=2, ensure_ascii=False))
        answer.mimetype = "application/json"
        answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer


def _correcting(pages: Blueprint, house: Collaborators) -> None:
    @pages.route("/me/data/correct", methods=["GET", "POST"])
    @house.limiter.limit("10 per minute; 60 per hour", methods=["POST"])
    @for_members
    def correct() -> Answer:
        with house.database.reading() as session:
            person = _held(session).person
        form = DetailsForm(data=person)
        form.region.choices = region_choices(house.config.regions)
        if not form.validate_on_submit():
            return make_response(render_template("web/me/correct.html", form=form))
        return _corrected(house, form, str(person["email"]))


def me() -> int:
    """The member who is signed in; the guard has seen that there is one."""
    return visitor().member_id or 0


def _held(session: Session) -> Held:
    return read(_everything(session))


def _everything(session: Session) -> dict[str, object]:
    try:
        return privacy.export_member(session, me())
    except MemberError:
        raise NotFound from None


def _corrected(house: Collaborators, form: DetailsForm, email: str) -> Answer:
    with house.database.transaction() as session:
        changed = own_details.correct(session, me(), form.details(), house.now())
    if changed:
        flash(gettext("Your details are saved."), "success")
    answer = redirect(url_for("me.data"), 303)
    wanted = str(form.email.data)
    if email_key(wanted) != email_key(email):
        address.ask(house, me(), wanted, form.details())
        answer = redirect(url_for("me.address_sent"), 303)
    answer.set_cookie(
        speech.COOKIE, str(form.language.data), max_age=speech.YEAR, httponly=True,
        samesite="Lax", secure=is_secure(house.config),
    )  # fmt: skip
    return answer
