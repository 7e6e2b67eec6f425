"""The web service: pages for everybody, a hook for the membership system, health for machines.

It reads the store and never calls Moodle, so that no page waits for another site.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, Response, g, request
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bridge.config import Config
from bridge.curriculum.markdown import to_html
from bridge.curriculum.model import Curriculum, Text
from bridge.resources import resource
from bridge.store.database import Database
from bridge.web import health, hooks, public, trouble
from bridge.web.collaborators import Collaborators
from bridge.web.metrics import Metrics
from bridge.web.words import WORDS

MAX_BODY = 1024 * 1024
"""Largest request body, in bytes."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' https: data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(
    config: Config,
    database: Database,
    curricula: Sequence[Curriculum],
    *,
    now: Callable[[], datetime],
    metrics: Metrics,
) -> Flask:
    """The WSGI application.

    `now` tells the time (timezone-aware); `metrics` is shared with whoever calls Moodle, so
    that /metrics shows those calls too. The database must have been opened; it may be
    unmigrated or out of reach later: /readyz says so.
    """
    house = Collaborators(config, database, curricula, now, metrics)
    metrics.watch(database, now)
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    _set_up_templates(app, config)
    for room in (public, hooks, health):
        app.register_blueprint(room.blueprint(house))
    trouble.install(app)
    _measure(app, metrics)
    _protect(app, secure=config.service.url.startswith("https:"))
    return app


def _set_up_templates(app: Flask, config: Config) -> None:
    own = [config.path(config.templates)] if config.templates else []
    loaders = [FileSystemLoader(folder) for folder in (*own, resource("templates"))]
    app.jinja_options = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "loader": ChoiceLoader(loaders),
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.filters.update(text=Text.pick, markdown=_markdown)

    @app.context_processor
    def frame() -> dict[str, object]:
        language = public.visitors_language(config)
        return {"language": language, "words": WORDS[language], "union": config.union}


def _markdown(text: Text, language: str) -> Markup:
    return Markup(to_html(text.pick(language)))  # noqa: S704 - sanitised by to_html


def _measure(app: Flask, metrics: Metrics) -> None:
    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        seconds = time.perf_counter() - g.started
        metrics.request(request.method, route, response.status_code, seconds)
        return response


def _protect(app: Flask, *, secure: bool) -> None:
    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Vary"] = "Accept, Accept-Language"
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response
