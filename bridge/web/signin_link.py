"""One-time links: who is sent one, and what following it does."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import request
from sqlalchemy.orm import Session

from bridge.store import members, outgoing, sessions, signins
from bridge.store.signins import VALID, Redeemed
from bridge.web.collaborators import Collaborators
from bridge.web.identity import COOKIE, chaired, role_of
from bridge.web.language import visitors_language
from bridge.web.region import office

NONCE = "stewardpath_signin"
"""Cookie of the browser that asked: a link works in no other."""
MOST = 3
"""How many mails an address is sent in 15 minutes."""


def ask(house: Collaborators, email: str, next_page: str, nonce: str) -> None:
    """Owe a link to whoever is known; for others the same is done, and nothing is sent."""
    token, now = secrets.token_urlsafe(32), house.now()
    with house.database.transaction() as session:
        often = signins.asked_lately(session, email, now - VALID) >= MOST
        signins.ask(session, token, nonce, email, next_page, now)
        if not often:
            _owe(house, session, email, token)
    house.wake()


def _owe(house: Collaborators, session: Session, email: str, token: str) -> None:
    """The link; to an address that several members share, that it cannot tell who they are."""
    holders, now = members.holders(session, email), house.now()
    language = (holders[0].language if len(holders) == 1 else "") or visitors_language(house.config)
    if len(holders) == 1 or role_of(house.config, email) or chaired(house.config, email):
        link = f"{house.config.service.url}/signin/{token}"
        payload = {"link": link, "minutes": VALID // timedelta(minutes=1)}
        outgoing.owe(session, "sign-in", email, language, payload, now, expires_at=now + VALID)
    elif holders:
        payload = {"contact": office(house.config)}
        outgoing.owe(session, "shared-address", email, language, payload, now)


def enter(house: Collaborators, token: str, fresh: str) -> Redeemed | None:
    """Use the link up and begin a session of its own; the browser's former one ends."""
    now = house.now()
    with house.database.transaction() as session:
        redeemed = signins.redeem(session, token, request.cookies.get(NONCE, ""), now)
        if redeemed is None:
            return None
        sessions.end(session, request.cookies.get(COOKIE, ""))
        holders = members.holders(session, redeemed.email)
        member = holders[0].id if len(holders) == 1 else None
        sessions.start(session, fresh, redeemed.email, member, now)
        return redeemed
