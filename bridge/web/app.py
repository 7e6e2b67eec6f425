"""The web application: pages, API, webhook and health checks.

It reads the store and never calls Moodle, so no page waits for another site.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, Response, g, request
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.features import FEATURES
from bridge.features.checks import check_features
from bridge.foundations.deadlines.local_time import local_clock
from bridge.foundations.feature import Feature
from bridge.store.database import Database
from bridge.web import (
    access_pages,
    api,
    consultations,
    files,
    forms,
    health,
    links,
    me,
    menu,
    moved_pages,
    sessions,
)
from bridge.web.committee import (
    audit_log,
    contact_requests,
    corrections,
    member_emails,
    member_imports,
    people,
    reports,
    role_lists,
    saved,
    signoffs,
    team,
)
from bridge.web.committee import consultations as committee_consultations
from bridge.web.committee import sessions as committee_sessions
from bridge.web.committee.forms import sent_forms
from bridge.web.committee.members import search as member_search
from bridge.web.committee.needs_attention import (
    account_questions,
    failed_deliveries,
    failed_emails,
    moodle_differences,
    number_questions,
)
from bridge.web.committee.statistics import dashboard, quiz_report
from bridge.web.common import access, security_headers
from bridge.web.common.cookies import cookie_name
from bridge.web.common.limits.rate_limits import create_limiter
from bridge.web.common.metrics import Metrics
from bridge.web.common.services import EXTENSION_KEY, Services, TriggerJob
from bridge.web.curricula import blueprint as curriculum_pages
from bridge.web.curricula import shown_images
from bridge.web.files import uploads
from bridge.web.layout import error_pages, language, page_environment, region, theme
from bridge.web.links import unsubscribe
from bridge.web.me import calendar_page
from bridge.web.open_routes import OPEN_ROUTES
from bridge.web.public import contact, demo_mailbox, home, lessons, service_pages
from bridge.web.signin import pages as signin
from bridge.web.signup import pages as signup
from bridge.web.webhook import receiver

MAX_BODY = 1024 * 1024
"""Largest request body, in bytes."""

PAGES = (
    home,
    lessons,
    contact,
    service_pages,
    region,
    signup,
    signin,
    me,
    forms,
    sessions,
    consultations,
    curriculum_pages,
    language,
    theme,
    shown_images,
    dashboard,
    quiz_report,
    reports,
    saved,
    member_search,
    member_emails,
    signoffs,
    role_lists,
    member_imports,
    corrections,
    people,
    contact_requests,
    committee_sessions,
    committee_consultations,
    sent_forms,
    failed_deliveries,
    failed_emails,
    account_questions,
    moodle_differences,
    number_questions,
    links,
    unsubscribe,
    calendar_page,
    audit_log,
    access_pages,
    team,
    files,
)
"""Pages for people. Each module has a function `blueprint(services)`.

List pages are in the menu in this order, below the other pages for the same visitors.
"""
WITHOUT_FORMS = (receiver, health, api, moved_pages)
"""Routes without forms of their own, so without CSRF tokens."""


def create_app(
    config: Config,
    database: Database,
    curricula: Sequence[Curriculum],
    *,
    now: Callable[[], datetime],
    metrics: Metrics,
    trigger_job: TriggerJob = lambda *_: None,
    features: Sequence[Feature] = FEATURES,
) -> Flask:
    """Create the WSGI application.

    `now` returns the current time (timezone-aware); pages get it in the union's time zone.
    `metrics` is shared with the Moodle client, so that /metrics also shows calls to Moodle.
    `trigger_job` starts a job now, such as `pull`; the default job sends emails. `features`: what
    the features give; ValueError if it contradicts itself. The database must be open. If it isn't
    migrated or can't be reached later, /readyz says so.
    """
    check_features(features, config, curricula)
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    _configure(app, config)
    now = local_clock(now, config.timezone)
    services = Services(
        config, database, curricula, now, metrics, trigger_job, create_limiter(), CSRFProtect(),
        features,
    )  # fmt: skip
    app.extensions[EXTENSION_KEY] = services
    metrics.watch(database, now)
    _count_requests(app, metrics)
    _add_pages(app, services)
    return app


def _add_pages(app: Flask, services: Services) -> None:
    security_headers.init_app(app, services.config)
    uploads.init_app(app)
    menu.init_app(app)
    page_environment.init_app(app, services.config)
    language.init_app(app, services.config)
    Bootstrap5(app)
    services.limiter.init_app(app)
    services.csrf.init_app(app)
    access.init_app(app, OPEN_ROUTES)
    _register_blueprints(app, services)
    error_pages.init_app(app)


def _configure(app: Flask, config: Config) -> None:
    secret = config.secret_key
    app.config.from_mapping(
        SECRET_KEY=secret.get_secret_value() if secret else secrets.token_hex(32),
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        SESSION_COOKIE_NAME=cookie_name(config, "stewardpath_forms"),
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=security_headers.is_secure(config),
        WTF_CSRF_TIME_LIMIT=None,
        BOOTSTRAP_SERVE_LOCAL=True,
    )


def _register_blueprints(app: Flask, services: Services) -> None:
    for module in PAGES:
        app.register_blueprint(module.blueprint(services))
    for module in WITHOUT_FORMS:
        blueprint = module.blueprint(services)
        services.csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
    if demo_mailbox.is_open(services.config):
        app.register_blueprint(demo_mailbox.blueprint(services))


def _count_requests(app: Flask, metrics: Metrics) -> None:
    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        seconds = time.perf_counter() - g.started
        metrics.request(request.method, route, response.status_code, seconds)
        return response
