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
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer
from wtforms import EmailField, HiddenField
from wtforms.validators import InputRequired, Length, Regexp

from bridge.store import outgoing, sessions, signins
from bridge.store.members import only_member_with
from bridge.store.sessions import LONGEST
from bridge.store.signins import VALID, Redeemed
from bridge.web.collaborators import Collaborators
from bridge.web.frame import first_page
from bridge.web.identity import COOKIE, chaired, role_of, visitor
from bridge.web.language import visitors_language
from bridge.web.links import safe_page
from bridge.web.protection import is_secure

NONCE = "stewardpath_signin"
"""Cookie of the browser that asked: a link works in no other."""
MOST = 3
"""How many links an address is sent in 15 minutes."""
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

    @pages.route("/signin", methods=["GET", "POST"])
    @few
    def form() -> Answer:
        asked = SigninForm(request.form, next=safe_page(request.args.get("next", "")))
        if not asked.validate_on_submit():
            return make_response(render_template("web/signin/form.html", form=asked))
        nonce = request.cookies.get(NONCE) or secrets.token_urlsafe(32)
        _ask(house, asked.email.data, safe_page(asked.next.data or ""), nonce)
        answer = redirect(url_for("signin.sent"), 303)
        _set(house, answer, NONCE, nonce, VALID)
        return answer

    @pages.get("/signin/sent")
    def sent() -> str:
        return render_template("web/signin/sent.html")

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
        redeemed = _enter(house, token, fresh)
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

    @pages.post("/signout")
    def leave() -> Answer:
        with house.database.transaction() as session:
            sessions.end(session, request.cookies.get(COOKIE, ""))
        forms.clear()
        flash(gettext("You are signed out."), "success")
        answer = redirect(url_for("public.home"), 303)
        answer.delete_cookie(COOKIE)
        return answer

    return pages


def _ask(house: Collaborators, email: str, next_page: str, nonce: str) -> None:
    """Owe a link to whoever is known; for others the same is done, and nothing is sent."""
    token, now = secrets.token_urlsafe(32), house.now()
    with house.database.transaction() as session:
        known = _is_known(house, session, email)
        often = signins.asked_lately(session, email, now - VALID) >= MOST
        signins.ask(session, token, nonce, email, next_page, now)
        if known and not often:
            link = f"{house.config.service.url}/signin/{token}"
            minutes = VALID // timedelta(minutes=1)
            payload = {"link": link, "minutes": minutes}
            outgoing.owe(
                session, "sign-in", email, visitors_language(house.config), payload, now,
                expires_at=now + VALID,
            )  # fmt: skip
    house.wake()


def _is_known(house: Collaborators, session: Session, email: str) -> bool:
    if role_of(house.config, email) or chaired(house.config, email):
        return True
    return only_member_with(session, email) is not None


def _enter(house: Collaborators, token: str, fresh: str) -> Redeemed | None:
    """Use the link up and begin a session of its own; the browser's former one ends."""
    now = house.now()
    with house.database.transaction() as session:
        redeemed = signins.redeem(session, token, request.cookies.get(NONCE, ""), now)
        if redeemed is None:
            return None
        sessions.end(session, request.cookies.get(COOKIE, ""))
        member = only_member_with(session, redeemed.email)
        sessions.start(session, fresh, redeemed.email, member, now)
        return redeemed


def _set(house: Collaborators, answer: Answer, name: str, value: str, age: timedelta) -> None:
    answer.set_cookie(
        name, value, max_age=age, httponly=True, samesite="Lax", secure=is_secure(house.config)
    )
