"""`/api/v1`: for the membership system and for reports. Described by /api/v1/openapi.json."""

from __future__ import annotations

from flask import Blueprint

from bridge.web.api import awards, curricula, errors, members, openapi, progress, status
from bridge.web.api.endpoint import ApiBlueprint, Endpoint
from bridge.web.common.services import Services

SECTIONS = (members, progress, awards, curricula, status)
MAX_REQUESTS = "300 per minute"
"""How many requests one address may make, all tokens together."""


def blueprint(services: Services) -> Blueprint:
    """The operations, the document that describes them, and their errors."""
    pages = ApiBlueprint("api", __name__, url_prefix="/api/v1")
    door = Endpoint(services, pages)
    for section in SECTIONS:
        section.register_operations(door)
    services.limiter.limit(MAX_REQUESTS)(pages)
    errors.register_error_handlers(pages)
    openapi.register_document(pages, services)
    return pages
