"""One-time sign-in links: send them and redeem them."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from bridge.access.holders import configured_roles
from bridge.store.auth import logins, signin_links, team
from bridge.store.auth.signin_links import LINK_LIFETIME, Redeemed
from bridge.store.members import queries as members
from bridge.store.persons import proof
from bridge.web.common.cookies import read_cookie
from bridge.web.common.limits.client_network import hashed_client
from bridge.web.common.limits.email_limits import SIGN_IN, check_limit
from bridge.web.common.services import Services
from bridge.web.common.visitor import COOKIE
from bridge.web.layout.language import visitors_language
from bridge.web.layout.region import contact_address
from bridge.workflows.delivery.email_queue import queue_email
from bridge.workflows.team import accept_roles

NONCE = "stewardpath_signin"
"""Cookie of the browser that requested the link. The link works only there."""


def request_link(services: Services, email: str, next_page: str, nonce: str) -> None:
    """Queue an email with a sign-in link, if the address is known.

    For other addresses the same rows are written, but no email. So neither response times nor
    limits reveal who is a member. Raises TooManyEmails.
    """
    token, now, client = secrets.token_urlsafe(32), services.now(), hashed_client()
    with services.database.transaction() as session:
        sent = signin_links.sent_since(session, email, now - SIGN_IN.window)
        check_limit(SIGN_IN, sent, client, "signin")
        signin_links.add_link(session, token, nonce, email, next_page, now, client=client)
        _queue_email(services, session, email, token)
    services.trigger_job()


def _queue_email(services: Services, session: Session, email: str, token: str) -> None:
    """Queue the link or, if several members share the address, an explanation."""
    holders, now = members.members_with_email(session, email), services.now()
    language = (holders[0].language if len(holders) == 1 else "") or visitors_language(
        services.config
    )
    may_sign_in = (each.may_sign_in(session, email, now) for each in services.features)
    has_role = configured_roles(services.config, email) or team.may_sign_in(session, email, now)
    if len(holders) == 1 or has_role or any(may_sign_in):
        link = f"{services.config.service.url}/signin/{token}"
        payload = {"link": link, "minutes": LINK_LIFETIME // timedelta(minutes=1)}
        queue_email(
            session, "sign-in", email, language, payload, now, expires_at=now + LINK_LIFETIME
        )
    elif holders:
        payload = {"contact": contact_address(services.config)}
        queue_email(session, "shared-address", email, language, payload, now)


def redeem_link(services: Services, token: str, login_token: str) -> Redeemed | None:
    """Use up the link and start a login with the token `login_token`.

    Ends the browser's previous login. Returns None if the link isn't valid.
    """
    now = services.now()
    with services.database.transaction() as session:
        redeemed = signin_links.redeem(session, token, read_cookie(NONCE), now)
        if redeemed is None:
            return None
        logins.end(session, read_cookie(COOKIE))
        holders = members.members_with_email(session, redeemed.email)
        member = holders[0].id if len(holders) == 1 else None
        accept_roles(session, redeemed.email, now)
        logins.start(session, login_token, redeemed.email, member, now)
        if member is None:
            proof.confirm_address(session, redeemed.email, now)
        return redeemed
