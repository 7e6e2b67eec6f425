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

from bridge.logs import event
from bridge.store.operations import webhook_signatures
from bridge.web.common.member_payload import (
    InvalidBody,
    MemberPayload,
    TooManyRecords,
    read_members,
)
from bridge.web.common.services import Services
from bridge.web.webhook.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, BadSignature, verify
from bridge.workflows.signup import SignupResult, sign_up

AUDIT_ACTOR = "webhook"
"""Who the audit log says changed a member."""
MAX_REQUESTS = "120 per minute"
"""How many requests one address may make, well signed or not."""

log = logging.getLogger(__name__)


def blueprint(services: Services) -> Blueprint:
    """`POST /hooks/members`: check, read, write, answer."""
    pages = Blueprint("hooks", __name__, url_prefix="/hooks")

    @pages.post("/members")
    @services.limiter.limit(MAX_REQUESTS)
    def members() -> tuple[Response, int]:
        digest = _verified(services)
        incoming = _read(services)
        written = _write(services, digest, incoming)
        if written is None:
            return jsonify(status="duplicate"), 200
        return jsonify(_summary(incoming, written)), 202

    return pages


def _verified(services: Services) -> str:
    """The request's digest, if it comes from somebody who knows the secret, just now."""
    secret = _secret(services.config.webhook_secret)
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the members as application/json.")
    headers = request.headers
    try:
        return verify(
            secret,
            headers.get(TIMESTAMP_HEADER, ""),
            request.get_data(),
            headers.get(SIGNATURE_HEADER, ""),
            services.now(),
            _tolerance(services),
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


def _read(services: Services) -> MemberPayload:
    try:
        return read_members(request.get_data(), services.config.regions)
    except TooManyRecords as error:
        raise RequestEntityTooLarge(str(error)) from None
    except InvalidBody as error:
        raise BadRequest(str(error)) from None


def _write(services: Services, digest: str, incoming: MemberPayload) -> SignupResult | None:
    """Sign everybody up, and remember the request in the same transaction; None if it was known.

    If the transaction fails the request is not remembered, so that it may be sent again.
    """
    now = services.now()
    with services.database.transaction() as session:
        # A request can be replayed until its time, which may lie ahead of ours, is too old.
        webhook_signatures.prune(session, now - 2 * _tolerance(services))
        if webhook_signatures.is_replay(session, digest, now):
            return None
        return sign_up(
            session,
            services.curricula,
            incoming.records,
            regions=services.config.regions,
            actor=AUDIT_ACTOR,
            now=now,
        )


def _summary(incoming: MemberPayload, written: SignupResult) -> dict[str, object]:
    refused = incoming.refused | {incoming.places[at]: why for at, why in written.refused}
    counts = {
        "created": len(written.created),
        "changed": len(written.changed),
        "unchanged": written.unchanged,
    }
    event(log, "webhook.accepted", refused=len(refused), **counts)
    reasons = [{"index": at, "reason": why} for at, why in sorted(refused.items())]
    return {"status": "accepted", **counts, "refused": reasons}


def _tolerance(services: Services) -> timedelta:
    return timedelta(seconds=services.config.service.webhook_tolerance)
