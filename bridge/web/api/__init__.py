"""The API below `/api/v1`, for the membership system and reports.

/api/v1/openapi.json describes it.
"""

from __future__ import annotations

from flask import Blueprint

from bridge.web.api import awards, curricula, errors, members, openapi, progress, status
from bridge.web.api.endpoint import ApiBlueprint, Endpoint
from bridge.web.common.limits.rate_limits import limit_blueprint
from bridge.web.common.services import Services

SECTIONS = (members, progress, awards, curricula, status)
MAX_REQUESTS = "300 per minute"
"""The limit for one IP address, with all its tokens."""


def blueprint(services: Services) -> Blueprint:
    """The operations, the OpenAPI document, and the error handlers."""
    pages = ApiBlueprint("api", __name__, url_prefix="/api/v1")
    endpoint = Endpoint(services, pages)
    for section in SECTIONS:
        section.register_operations(endpoint)
    limit_blueprint(services.limiter, MAX_REQUESTS, pages)
    errors.register_error_handlers(pages)
    openapi.register_document(pages, services)
    return pages
