"""Change a member's email address. It takes effect when they open a link sent to the new one."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask import session as forms
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.store.auth import email_change, logins, signin_links
from bridge.store.auth.email_change import EMAIL_KIND
from bridge.store.auth.logins import MAX_LIFETIME
from bridge.store.auth.signin_links import LINK_LIFETIME
from bridge.store.members import profile
from bridge.store.members.profile import Details, PreviousDetails
from bridge.store.persons.proof import follow_members
from bridge.web.common.access import for_members
from bridge.web.common.cookies import read_cookie, set_cookie
from bridge.web.common.limits.client_network import hashed_client
from bridge.web.common.limits.email_limits import SIGN_IN, check_limit
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.common.visitor import COOKIE, current_visitor
from bridge.web.layout.region import contact_address
from bridge.workflows.delivery.email_queue import queue_email


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/me/data/email` and the link under it."""

    @pages.get("/me/data/email")
    @for_members
    def email_sent() -> str:
        return render_template("web/me/email-change-sent.html")

    @pages.get("/me/data/email/<token>")
    @for_members
    def email(token: str) -> Answer:
        with services.database.reading() as session:
            valid = email_change.is_valid(session, token, _me(), services.now())
        # Opening the link changes nothing, because email scanners do it too. The button does.
        page = "web/me/email-change.html" if valid else "web/me/email-change-expired.html"
        return make_response(render_template(page), 200 if valid else 410)

    @pages.post("/me/data/email/<token>")
    @limit_clients(services.limiter, "10 per minute; 60 per hour")
    @for_members
    def change_email(token: str) -> Answer:
        new_login = _change(services, token)
        if not new_login:
            return make_response(render_template("web/me/email-change-expired.html"), 410)
        forms.clear()
        flash(gettext("Your new email address is saved. Use it to sign in next time."), "success")
        answer = redirect(url_for("me.data"), 303)
        set_cookie(answer, COOKIE, new_login, MAX_LIFETIME)
        return answer


def request_email_change(services: Services, member_id: int, email: str, details: Details) -> None:
    """Queue an email with a link to the new address.

    If the address is another member's, the same rows are written but no email. So the page
    doesn't reveal who is a member. Raises TooManyEmails; the previous link then still works.
    """
    client = hashed_client()
    token, now = secrets.token_urlsafe(32), services.now()
    link = f"{services.config.service.url}/me/data/email/{token}"
    payload = {
        "first_name": "",  # members type their own name, and any address
        "link": link,
        "minutes": LINK_LIFETIME // timedelta(minutes=1),
    }
    with services.database.transaction() as session:
        sent = signin_links.sent_since(session, email, now - SIGN_IN.window)
        check_limit(SIGN_IN, sent, client, "email-change")
        email_change.request(session, token, member_id, email, now, client=client)
        if profile.is_email_free(session, email, member_id):
            queue_email(
                session, EMAIL_KIND, email, details.language, payload, now,
                expires_at=now + LINK_LIFETIME, member_id=member_id,
            )  # fmt: skip
    services.trigger_job()


def _change(services: Services, token: str) -> str:
    """Use up the link and change the address. Returns the token of a new login.

    Ends every login of the previous address. Returns '' if the link isn't valid.
    """
    new_login, now = secrets.token_urlsafe(32), services.now()
    with services.database.transaction() as session:
        email = email_change.redeem(session, token, _me(), now)
        previous = profile.change_email(session, _me(), email, now) if email else None
        if not email or previous is None:
            return ""
        follow_members(session, [_me()], now, proof="link")
        _notify_previous_address(services, session, previous)
        logins.end_all(session, current_visitor().email)
        logins.end(session, read_cookie(COOKIE))
        logins.start(session, new_login, email, _me(), now)
    services.trigger_job()
    return new_login


def _notify_previous_address(
    services: Services, session: Session, previous: PreviousDetails
) -> None:
    """Queue an email to the previous address: what changed, and who to ask if it wasn't them."""
    config = services.config
    payload = {
        "first_name": previous.first_name,
        "contact": contact_address(config, previous.region),
    }
    queue_email(
        session, "address-changed", previous.email, previous.language, payload, services.now(),
        member_id=_me(),
    )  # fmt: skip


def _me() -> int:
    return current_visitor().member_id or 0
