"""Signing in by a one-time link sent by e-mail, and out."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as forms
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Answer
from wtforms import EmailField, HiddenField
from wtforms.validators import InputRequired, Length, Regexp

from bridge.store import sessions, signins
from bridge.store.sessions import LONGEST
from bridge.store.signins import VALID
from bridge.web import signin_link
from bridge.web.collaborators import Collaborators, Limit
from bridge.web.frame import first_page
from bridge.web.identity import COOKIE, visitor
from bridge.web.links import safe_page
from bridge.web.protection import is_secure
from bridge.web.signin_link import NONCE

ADDRESS = r"^[^\s@<>,;]+@[^\s@<>,;]+$"


class SigninForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    email = EmailField(
        lazy_gettext("E-mail"),
        [
            InputRequired(),
            Length(max=254),
            Regexp(ADDRESS, message=lazy_gettext("Write an e-mail address.")),
        ],
        filters=[lambda value: value and value.strip()],
        render_kw={"autocomplete": "email"},
    )
    next = HiddenField()


def blueprint(house: Collaborators) -> Blueprint:
    """`/signin`, `/signin/sent`, `/signin/<token>` and `/signout`."""
    pages = Blueprint("signin", __name__)
    few = house.limiter.limit("10 per minute; 60 per hour", methods=["POST"])
    _asking(pages, house, few)
    _entering(pages, house, few)
    _leaving(pages, house)
    return pages


def _asking(pages: Blueprint, house: Collaborators, few: Limit) -> None:
    @pages.route("/signin", methods=["GET", "POST"])
    @few
    def form() -> Answer:
        asked = SigninForm(request.form, next=safe_page(request.args.get("next", "")))
        if not asked.validate_on_submit():
            return make_response(render_template("web/signin/form.html", form=asked))
        nonce = request.cookies.get(NONCE) or secrets.token_urlsafe(32)
        signin_link.ask(house, asked.email.data, safe_page(asked.next.data or ""), nonce)
        answer = redirect(url_for("signin.sent"), 303)
        _set(house, answer, NONCE, nonce, VALID)
        return answer

    @pages.get("/signin/sent")
    def sent() -> str:
        return render_template("web/signin/sent.html")


def _entering(pages: Blueprint, house: Collaborators, few: Limit) -> None:
    @pages.get("/signin/<token>")
    def confirm(token: str) -> Response:
        nonce = request.cookies.get(NONCE, "")
        with house.database.reading() as session:
            valid = signins.is_valid(session, token, nonce, house.now())
        # The form posts to the address it came from: a scanner that opens the mail burns nothing.
        page = render_template("web/signin/confirm.html" if valid else "web/signin/stale.html")
        return make_response(page, 200 if valid else 410)

    @pages.post("/signin/<token>")
    @few
    def enter(token: str) -> Answer:
        fresh = secrets.token_urlsafe(32)
        redeemed = signin_link.enter(house, token, fresh)
        if redeemed is None:
            return make_response(render_template("web/signin/stale.html"), 410)
        forms.clear()
        answer = redirect(url_for("signin.done", next=redeemed.next_page or None), 303)
        _set(house, answer, COOKIE, fresh, LONGEST)
        answer.delete_cookie(NONCE)
        return answer

    @pages.get("/signin/done")
    def done() -> Answer:
        return redirect(safe_page(request.args.get("next", "")) or first_page(visitor()), 303)


def _leaving(pages: Blueprint, house: Collaborators) -> None:
    @pages.post("/signout")
    def leave() -> Answer:
        with house.database.transaction() as session:
            sessions.end(session, request.cookies.get(COOKIE, ""))
        forms.clear()
        flash(gettext("You are signed out."), "success")
        answer = redirect(url_for("public.home"), 303)
        answer.delete_cookie(COOKIE)
        return answer


def _set(house: Collaborators, answer: Answer, name: str, value: str, age: timedelta) -> None:
    answer.set_cookie(
        name, value, max_age=age, httponly=True, samesite="Lax", secure=is_secure(house.config)
    )
