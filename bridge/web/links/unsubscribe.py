"""Unsubscribing from a type of email, without signing in.

Mail programs send the POST themselves when someone presses their “Unsubscribe” button (RFC 8058):
without cookies, so without a CSRF token. The token in the address is what gives the right.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from bridge.store.persons import mailings
from bridge.store.persons.mailings import Subscription
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.layout.mailing_labels import mailing_texts

LIMIT = "120 per minute"
"""Providers of email send many requests from one address."""


def blueprint(services: Services) -> Blueprint:
    """`/unsubscribe/<token>` and the pages below it."""
    pages = Blueprint("unsubscribe", __name__, url_prefix="/unsubscribe")

    @pages.get("/<token>")
    def ask(token: str) -> Response:
        return _page(_find(services, token))

    @pages.post("/<token>")
    @limit_clients(services.limiter, LIMIT)
    def stop(token: str) -> Response:
        _ = request.form  # reading it refuses a body that is too large
        return _page(_set_active(services, token, active=False))

    @pages.post("/<token>/again")
    @limit_clients(services.limiter, LIMIT)
    def again(token: str) -> Response:
        return _page(_set_active(services, token, active=True))

    @pages.get("/<token>/all")
    def preferences(token: str) -> Response:
        with services.database.reading() as session:
            found = mailings.find(session, token)
            every = mailings.subscriptions_of(session, found.person_id) if found else []
        if not every:
            return _page(None)
        return make_response(
            render_template(
                "web/links/preferences.html", subscriptions=every, mailing_texts=mailing_texts
            )
        )

    services.csrf.exempt(stop)
    return pages


def _find(services: Services, token: str) -> Subscription | None:
    with services.database.reading() as session:
        return mailings.find(session, token)


def _set_active(services: Services, token: str, *, active: bool) -> Subscription | None:
    with services.database.transaction() as session:
        mailings.set_active(session, token, active, services.now())
        return mailings.find(session, token)


def _page(subscription: Subscription | None) -> Response:
    if subscription is None:
        return make_response(render_template("web/links/expired.html"), 410)
    texts = mailing_texts(subscription)
    return make_response(
        render_template("web/links/unsubscribe.html", subscription=subscription, texts=texts)
    )
