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

from bridge.store.auth import logins, signin_links
from bridge.store.auth.logins import MAX_LIFETIME
from bridge.store.auth.signin_links import LINK_LIFETIME
from bridge.web.common.redirects import safe_next_page
from bridge.web.common.security_headers import is_secure
from bridge.web.common.services import Limit, Services
from bridge.web.common.visitor import COOKIE, current_visitor
from bridge.web.layout.navigation import first_page
from bridge.web.signin import one_time_links
from bridge.web.signin.one_time_links import NONCE

ADDRESS = r"^[^\s@<>,;]+@[^\s@<>,;]+$"


class SigninForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    email = EmailField(
        lazy_gettext("Email"),
        [
            InputRequired(),
            Length(max=254),
            Regexp(ADDRESS, message=lazy_gettext("Enter an email address.")),
        ],
        filters=[lambda value: value and value.strip()],
        render_kw={"autocomplete": "email"},
    )
    next = HiddenField()


def blueprint(services: Services) -> Blueprint:
    """`/signin`, `/signin/sent`, `/signin/<token>` and `/signout`."""
    pages = Blueprint("signin", __name__)
    few = services.limiter.limit("10 per minute; 60 per hour", methods=["POST"])
    _asking(pages, services, few)
    _entering(pages, services, few)
    _leaving(pages, services)
    return pages


def _asking(pages: Blueprint, services: Services, few: Limit) -> None:
    @pages.route("/signin", methods=["GET", "POST"])
    @few
    def form() -> Answer:
        asked = SigninForm(request.form, next=safe_next_page(request.args.get("next", "")))
        if not asked.validate_on_submit():
            return make_response(render_template("web/signin/form.html", form=asked))
        nonce = request.cookies.get(NONCE) or secrets.token_urlsafe(32)
        one_time_links.request_link(
            services, asked.email.data, safe_next_page(asked.next.data or ""), nonce
        )
        answer = redirect(url_for("signin.sent"), 303)
        _set(services, answer, NONCE, nonce, LINK_LIFETIME)
        return answer

    @pages.get("/signin/sent")
    def sent() -> str:
        return render_template("web/signin/sent.html")


def _entering(pages: Blueprint, services: Services, few: Limit) -> None:
    @pages.get("/signin/<token>")
    def confirm(token: str) -> Response:
        nonce = request.cookies.get(NONCE, "")
        with services.database.reading() as session:
            valid = signin_links.is_valid(session, token, nonce, services.now())
        # The form posts to the address it came from: a scanner that opens the mail burns nothing.
        page = render_template("web/signin/confirm.html" if valid else "web/signin/expired.html")
        return make_response(page, 200 if valid else 410)

    @pages.post("/signin/<token>")
    @few
    def complete(token: str) -> Answer:
        fresh = secrets.token_urlsafe(32)
        redeemed = one_time_links.redeem_link(services, token, fresh)
        if redeemed is None:
            return make_response(render_template("web/signin/expired.html"), 410)
        forms.clear()
        answer = redirect(url_for("signin.done", next=redeemed.next_page or None), 303)
        _set(services, answer, COOKIE, fresh, MAX_LIFETIME)
        answer.delete_cookie(NONCE)
        return answer

    @pages.get("/signin/done")
    def done() -> Answer:
        return redirect(
            safe_next_page(request.args.get("next", "")) or first_page(current_visitor()), 303
        )


def _leaving(pages: Blueprint, services: Services) -> None:
    @pages.post("/signout")
    def sign_out() -> Answer:
        with services.database.transaction() as session:
            logins.end(session, request.cookies.get(COOKIE, ""))
        forms.clear()
        flash(gettext("You're signed out."), "success")
        answer = redirect(url_for("public.home"), 303)
        answer.delete_cookie(COOKIE)
        return answer


def _set(services: Services, answer: Answer, name: str, value: str, age: timedelta) -> None:
    answer.set_cookie(
        name, value, max_age=age, httponly=True, samesite="Lax", secure=is_secure(services.config)
    )
