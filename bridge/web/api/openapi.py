"""The document that describes the API, made from its operations: /api/v1/openapi.json."""

from __future__ import annotations

import json

from flask import Response
from flask.blueprints import BlueprintSetupState
from flask_smorest import Api

from bridge import __version__
from bridge.web.api.endpoint import ApiBlueprint
from bridge.web.api.schemas import Problem
from bridge.web.common.services import Services

DESCRIPTION = (
    "For the membership system and for reports. Make a token with `stewardpath token add`. "
    "No request has personal data in its address."
)


class Describer(Api):  # type: ignore[misc]  # flask_smorest has no types
    """Describes, and nothing else: it serves no pages and answers no errors."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = Problem

    def _register_doc_blueprint(self) -> None:
        pass

    def _register_error_handlers(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        pass


def register_document(pages: ApiBlueprint, services: Services) -> None:
    """Serve the document, made once. To be called after all operations were opened."""

    def describe(state: BlueprintSetupState) -> None:
        said = json.dumps(_document(pages, services, state), ensure_ascii=False)

        def serve() -> Response:
            return Response(said, content_type="application/json")

        state.add_url_rule("/openapi.json", "openapi", serve, methods=["GET"])

    pages.record_once(describe)


def _document(
    pages: ApiBlueprint, services: Services, state: BlueprintSetupState
) -> dict[str, object]:
    api = Describer(
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
    written: dict[str, object] = api.spec.to_dict()
    return written
