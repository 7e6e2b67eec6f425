"""For the membership system: signed requests that say who has signed up."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Blueprint, Response, jsonify, request
from pydantic import SecretStr
from werkzeug.exceptions import (
    BadRequest,
    RequestEntityTooLarge,
    ServiceUnavailable,
    Unauthorized,
    UnsupportedMediaType,
)

from bridge.jobs.enrol import SignedUp, sign_up
from bridge.logs import event
from bridge.store import webhooks
from bridge.web.collaborators import Collaborators
from bridge.web.incoming import BadBody, Incoming, TooMany, read_members
from bridge.web.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, BadSignature, verify

WHO = "webhook"
"""Who the audit log says changed a member."""
MOST = "120 per minute"
"""How many requests one address may make, well signed or not."""

log = logging.getLogger(__name__)


def blueprint(house: Collaborators) -> Blueprint:
    """`POST /hooks/members`: check, read, write, answer."""
    pages = Blueprint("hooks", __name__, url_prefix="/hooks")

    @pages.post("/members")
    @house.limiter.limit(MOST)
    def members() -> tuple[Response, int]:
        digest = _verified(house)
        incoming = _read(house)
        written = _write(house, digest, incoming)
        if written is None:
            return jsonify(status="duplicate"), 200
        return jsonify(_summary(incoming, written)), 202

    return pages


def _verified(house: Collaborators) -> str:
    """The request's digest, if it comes from somebody who knows the secret, just now."""
    secret = _secret(house.config.webhook_secret)
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the members as application/json.")
    headers = request.headers
    try:
        return verify(
            secret,
            headers.get(TIMESTAMP_HEADER, ""),
            request.get_data(),
            headers.get(SIGNATURE_HEADER, ""),
            house.now(),
            _tolerance(house),
        )
    except BadSignature as error:
        event(log, "webhook.refused", level=logging.WARNING, reason=str(error))
        raise Unauthorized(str(error)) from None


def _secret(secret: SecretStr | None) -> str:
    if secret is None:
        raise ServiceUnavailable(
            "Members cannot be received: set STEWARDPATH_WEBHOOK_SECRET and start again."
        )
    return secret.get_secret_value()


def _read(house: Collaborators) -> Incoming:
    try:
        return read_members(request.get_data(), house.config.regions)
    except TooMany as error:
        raise RequestEntityTooLarge(str(error)) from None
    except BadBody as error:
        raise BadRequest(str(error)) from None


def _write(house: Collaborators, digest: str, incoming: Incoming) -> SignedUp | None:
    """Sign everybody up, and remember the request in the same transaction; None if it was known.

    If the transaction fails the request is not remembered, so that it may be sent again.
    """
    now = house.now()
    with house.database.transaction() as session:
        # A request can be replayed until its time, which may lie ahead of ours, is too old.
        webhooks.prune(session, now - 2 * _tolerance(house))
        if webhooks.seen(session, digest, now):
            return None
        return sign_up(
            session,
            house.curricula,
            incoming.records,
            regions=house.config.regions,
            who=WHO,
            now=now,
        )


def _summary(incoming: Incoming, written: SignedUp) -> dict[str, object]:
    refused = incoming.refused | {incoming.places[at]: why for at, why in written.refused}
    counts = {
        "created": len(written.created),
        "changed": len(written.changed),
        "unchanged": written.unchanged,
    }
    event(log, "webhook.accepted", refused=len(refused), **counts)
    reasons = [{"index": at, "reason": why} for at, why in sorted(refused.items())]
    return {"status": "accepted", **counts, "refused": reasons}


def _tolerance(house: Collaborators) -> timedelta:
    return timedelta(seconds=house.config.service.webhook_tolerance)
