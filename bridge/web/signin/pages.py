"""Sign in with a one-time link sent by email, and sign out."""

from __future__ import annotations

import secrets

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
from werkzeug.wrappers import Response as Answer
from wtforms import EmailField, HiddenField
from wtforms.validators import InputRequired, Length, Regexp

from bridge.store.auth import logins, signin_links
from bridge.store.auth.logins import MAX_LIFETIME
from bridge.store.auth.signin_links import LINK_LIFETIME
from bridge.web.common.cookies import delete_cookie, read_cookie, set_cookie
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.redirects import safe_next_page
from bridge.web.common.services import Limit, Services
from bridge.web.common.visitor import COOKIE, current_visitor
from bridge.web.layout.page_form import PageForm
from bridge.web.menu import first_page
from bridge.web.signin import one_time_links
from bridge.web.signin.one_time_links import NONCE

EMAIL_PATTERN = r"^[^\s@<>,;]+@[^\s@<>,;]+$"


class SigninForm(PageForm):
    email = EmailField(
        lazy_gettext("Email"),
        [
            InputRequired(),
            Length(max=254),
            Regexp(EMAIL_PATTERN, message=lazy_gettext("Enter an email address.")),
        ],
        filters=[lambda value: value and value.strip()],
        render_kw={"autocomplete": "email"},
    )
    next = HiddenField()


def blueprint(services: Services) -> Blueprint:
    """`/signin`, `/signin/sent`, `/signin/<token>` and `/signout`."""
    pages = Blueprint("signin", __name__)
    limit = limit_clients(services.limiter, "10 per minute; 60 per hour", methods=["POST"])
    _add_form(pages, services, limit)
    _add_confirmation(pages, services, limit)
    _add_sign_out(pages, services)
    return pages


def _add_form(pages: Blueprint, services: Services, limit: Limit) -> None:
    @pages.route("/signin", methods=["GET", "POST"])
    @limit
    def form() -> Answer:
        filled = SigninForm(request.form, next=safe_next_page(request.args.get("next", "")))
        if not filled.validate_on_submit():
            return make_response(render_template("web/signin/form.html", form=filled))
        nonce = read_cookie(NONCE) or secrets.token_urlsafe(32)
        one_time_links.request_link(
            services, filled.email.data, safe_next_page(filled.next.data or ""), nonce
        )
        answer = redirect(url_for("signin.sent"), 303)
        set_cookie(answer, NONCE, nonce, LINK_LIFETIME)
        return answer

    @pages.get("/signin/sent")
    def sent() -> str:
        return render_template("web/signin/sent.html")


def _add_confirmation(pages: Blueprint, services: Services, limit: Limit) -> None:
    @pages.get("/signin/<token>")
    def confirm(token: str) -> Response:
        nonce = read_cookie(NONCE)
        with services.database.reading() as session:
            valid = signin_links.is_valid(session, token, nonce, services.now())
        # Opening the link doesn't use it up, because email scanners do it too. The button does.
        page = render_template("web/signin/confirm.html" if valid else "web/signin/expired.html")
        return make_response(page, 200 if valid else 410)

    @pages.post("/signin/<token>")
    @limit
    def complete(token: str) -> Answer:
        new_login = secrets.token_urlsafe(32)
        redeemed = one_time_links.redeem_link(services, token, new_login)
        if redeemed is None:
            return make_response(render_template("web/signin/expired.html"), 410)
        forms.clear()
        answer = redirect(url_for("signin.done", next=redeemed.next_page or None), 303)
        set_cookie(answer, COOKIE, new_login, MAX_LIFETIME)
        delete_cookie(answer, NONCE)
        return answer

    @pages.get("/signin/done")
    def done() -> Answer:
        return redirect(
            safe_next_page(request.args.get("next", "")) or first_page(current_visitor()), 303
        )


def _add_sign_out(pages: Blueprint, services: Services) -> None:
    @pages.post("/signout")
    def sign_out() -> Answer:
        with services.database.transaction() as session:
            logins.end(session, read_cookie(COOKIE))
        forms.clear()
        flash(gettext("You're signed out."), "success")
        answer = redirect(url_for("public.home"), 303)
        delete_cookie(answer, COOKIE)
        return answer
