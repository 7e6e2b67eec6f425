"""One-time links: who is sent one, and what following it does."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import request
from sqlalchemy.orm import Session

from bridge.store.auth import logins, signin_links
from bridge.store.auth.signin_links import LINK_LIFETIME, Redeemed
from bridge.store.delivery import outbox
from bridge.store.members import queries as members
from bridge.web.common.services import Services
from bridge.web.common.visitor import COOKIE, chaired, role_of
from bridge.web.layout.language import visitors_language
from bridge.web.layout.region import contact_address

NONCE = "stewardpath_signin"
"""Cookie of the browser that asked: a link works in no other."""
MAX_LINKS_PER_HOUR = 3
"""How many mails an address is sent in 15 minutes."""


def request_link(services: Services, email: str, next_page: str, nonce: str) -> None:
    """Owe a link to whoever is known; for others the same is done, and nothing is sent."""
    token, now = secrets.token_urlsafe(32), services.now()
    with services.database.transaction() as session:
        often = signin_links.recent_count(session, email, now - LINK_LIFETIME) >= MAX_LINKS_PER_HOUR
        signin_links.add_link(session, token, nonce, email, next_page, now)
        if not often:
            _owe(services, session, email, token)
    services.trigger_job()


def _owe(services: Services, session: Session, email: str, token: str) -> None:
    """The link; to an address that several members share, that it cannot tell who they are."""
    holders, now = members.members_with_email(session, email), services.now()
    language = (holders[0].language if len(holders) == 1 else "") or visitors_language(
        services.config
    )
    if len(holders) == 1 or role_of(services.config, email) or chaired(services.config, email):
        link = f"{services.config.service.url}/signin/{token}"
        payload = {"link": link, "minutes": LINK_LIFETIME // timedelta(minutes=1)}
        outbox.enqueue(
            session, "sign-in", email, language, payload, now, expires_at=now + LINK_LIFETIME
        )
    elif holders:
        payload = {"contact": contact_address(services.config)}
        outbox.enqueue(session, "shared-address", email, language, payload, now)


def redeem_link(services: Services, token: str, fresh: str) -> Redeemed | None:
    """Use the link up and begin a session of its own; the browser's former one ends."""
    now = services.now()
    with services.database.transaction() as session:
        redeemed = signin_links.redeem(session, token, request.cookies.get(NONCE, ""), now)
        if redeemed is None:
            return None
        logins.end(session, request.cookies.get(COOKIE, ""))
        holders = members.members_with_email(session, redeemed.email)
        member = holders[0].id if len(holders) == 1 else None
        logins.start(session, fresh, redeemed.email, member, now)
        return redeemed
