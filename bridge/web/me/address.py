"""A new e-mail address counts when a link that was sent there has been followed."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as forms
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.store import address_change, outgoing, own_details, sessions, signins
from bridge.store.address_change import LETTER, VALID
from bridge.store.own_details import Details, Former
from bridge.store.sessions import LONGEST
from bridge.web.collaborators import Collaborators
from bridge.web.identity import COOKIE, for_members, visitor
from bridge.web.protection import is_secure
from bridge.web.region import office

MOST = 3
"""How many mails an address is sent in 15 minutes."""


def furnish(pages: Blueprint, house: Collaborators) -> None:
    """Add `/me/data/address` and the link under it."""

    @pages.get("/me/data/address")
    @for_members
    def address_sent() -> str:
        return render_template("web/me/address-sent.html")

    @pages.get("/me/data/address/<token>")
    @for_members
    def address(token: str) -> Answer:
        with house.database.reading() as session:
            valid = address_change.is_valid(session, token, _me(), house.now())
        # Whoever only looks at the mail, such as a scanner, changes nothing: that takes the button.
        page = "web/me/address.html" if valid else "web/me/address-stale.html"
        return make_response(render_template(page), 200 if valid else 410)

    @pages.post("/me/data/address/<token>")
    @house.limiter.limit("10 per minute; 60 per hour")
    @for_members
    def change_address(token: str) -> Answer:
        fresh = _change(house, token)
        if not fresh:
            return make_response(render_template("web/me/address-stale.html"), 410)
        forms.clear()
        flash(gettext("Your new address counts from now on. Sign in with it next time."), "success")
        answer = redirect(url_for("me.data"), 303)
        answer.set_cookie(
            COOKIE, fresh, max_age=LONGEST, httponly=True, samesite="Lax",
            secure=is_secure(house.config),
        )  # fmt: skip
        return answer


def ask(house: Collaborators, member_id: int, email: str, details: Details) -> None:
    """Owe a link to the new address. If it is another member's, the same is done and nothing is
    sent: nobody learns who is known."""
    token, now = secrets.token_urlsafe(32), house.now()
    link = f"{house.config.service.url}/me/data/address/{token}"
    payload = {
        "first_name": details.first_name,
        "link": link,
        "minutes": VALID // timedelta(minutes=1),
    }
    with house.database.transaction() as session:
        often = signins.asked_lately(session, email, now - VALID) >= MOST
        address_change.ask(session, token, member_id, email, now)
        if own_details.is_free(session, email, member_id) and not often:
            outgoing.owe(
                session, LETTER, email, details.language, payload, now,
                expires_at=now + VALID, member_id=member_id,
            )  # fmt: skip
    house.wake()


def _change(house: Collaborators, token: str) -> str:
    """Use the link up; every session of the former address ends and this browser gets a new one,
    whose token is returned. '' if the link holds no more."""
    fresh, now = secrets.token_urlsafe(32), house.now()
    with house.database.transaction() as session:
        email = address_change.redeem(session, token, _me(), now)
        former = own_details.change_email(session, _me(), email, now) if email else None
        if not email or former is None:
            return ""
        _warn(house, session, former)
        sessions.end_all(session, visitor().email)
        sessions.end(session, request.cookies.get(COOKIE, ""))
        sessions.start(session, fresh, email, _me(), now)
    house.wake()
    return fresh


def _warn(house: Collaborators, session: Session, former: Former) -> None:
    """Whoever reads the former address hears of the change, and whom to ask if it was not them."""
    config = house.config
    payload = {"first_name": former.first_name, "contact": office(config, former.region)}
    outgoing.owe(
        session, "address-changed", former.email, former.language, payload, house.now(),
        member_id=_me(),
    )  # fmt: skip


def _me() -> int:
    return visitor().member_id or 0
