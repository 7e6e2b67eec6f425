"""The webhook: signed requests from the membership system with new and changed members."""

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

from bridge.curriculum.known_roles import known_roles
from bridge.logs import event
from bridge.store.operations import webhook_signatures
from bridge.web.common.limits.rate_limits import limit_clients
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
"""The actor in the audit log."""
MAX_REQUESTS = "120 per minute"
"""The limit for one IP address, with valid and invalid signatures."""

log = logging.getLogger(__name__)


def blueprint(services: Services) -> Blueprint:
    """`POST /hooks/members`: verify the signature, read the members, sign them up."""
    pages = Blueprint("hooks", __name__, url_prefix="/hooks")

    @pages.post("/members")
    @limit_clients(services.limiter, MAX_REQUESTS)
    def members() -> tuple[Response, int]:
        digest = _verified(services)
        incoming = _read(services)
        written = _write(services, digest, incoming)
        if written is None:
            return jsonify(status="duplicate"), 200
        return jsonify(_summary(incoming, written)), 202

    return pages


def _verified(services: Services) -> str:
    """The digest of a request with a valid, recent signature. Raises Unauthorized."""
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
            "The webhook is not configured: set STEWARDPATH_WEBHOOK_SECRET and restart the service."
        )
    return secret.get_secret_value()


def _read(services: Services) -> MemberPayload:
    try:
        known = known_roles(services.curricula, services.config.role_labels)
        return read_members(request.get_data(), services.config.regions, known=known)
    except TooManyRecords as error:
        raise RequestEntityTooLarge(str(error)) from None
    except InvalidBody as error:
        raise BadRequest(str(error)) from None


def _write(services: Services, digest: str, incoming: MemberPayload) -> SignupResult | None:
    """Sign up the members and record the request in one transaction. None if it is a replay.

    If the transaction fails, the request is not recorded, so the sender can send it again.
    """
    now = services.now()
    with services.database.transaction() as session:
        # The sender's clock may be ahead by the tolerance, so a request is valid for twice as long.
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
    refused = incoming.refused | {
        incoming.places[index]: reason for index, reason in written.refused
    }
    counts = {
        "created": len(written.created),
        "changed": len(written.changed),
        "unchanged": written.unchanged,
    }
    event(log, "webhook.accepted", refused=len(refused), **counts)
    reasons = [{"index": index, "reason": reason} for index, reason in sorted(refused.items())]
    warnings = incoming.warnings_as_data(refused)
    return {"status": "accepted", **counts, "refused": reasons, "warnings": warnings}


def _tolerance(services: Services) -> timedelta:
    return timedelta(seconds=services.config.service.webhook_tolerance)
