"""The OpenAPI document at /api/v1/openapi.json, generated from the operations."""

from __future__ import annotations

import json
from functools import cache

from flask import Response
from flask.blueprints import BlueprintSetupState
from flask_smorest import Api

from bridge import __version__
from bridge.web.api.endpoint import ApiBlueprint
from bridge.web.api.schemas import Problem
from bridge.web.common.services import Services

DESCRIPTION = (
    "The API for the membership system and reports. Create a token with `stewardpath token add`. "
    "URLs never contain personal data."
)


class DocumentGenerator(Api):  # type: ignore[misc]  # flask_smorest has no types
    """Generates the document. Serves no pages and handles no errors, unlike its base class."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = Problem

    def _register_doc_blueprint(self) -> None:
        pass

    def _register_error_handlers(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        pass


def register_document(pages: ApiBlueprint, services: Services) -> None:
    """Serve the document, generated at the first request: that takes as long as all other work
    of starting the API. Call this after all operations are registered.
    """

    def add_document(state: BlueprintSetupState) -> None:
        @cache
        def text() -> str:
            return json.dumps(_document(pages, services, state), ensure_ascii=False)

        def serve() -> Response:
            return Response(text(), content_type="application/json")

        state.add_url_rule("/openapi.json", "openapi", serve, methods=["GET"])

    pages.record_once(add_document)


def _document(
    pages: ApiBlueprint, services: Services, state: BlueprintSetupState
) -> dict[str, object]:
    api = DocumentGenerator(
        state.app,
        spec_kwargs={
            "title": "Stewardpath",
            "version": __version__,
            "openapi_version": "3.1.0",
            "info": {"description": DESCRIPTION},
            "servers": [{"url": services.config.service.url}],
        },
    )
    api.spec.components.security_scheme(
        "token",
        {"type": "http", "scheme": "bearer", "description": "From `stewardpath token add`."},
    )
    pages.register_views_in_doc(api, state.app, api.spec, name=pages.name, parameters=None)
    document: dict[str, object] = api.spec.to_dict()
    return document
