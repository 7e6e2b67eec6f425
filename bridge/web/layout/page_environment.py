"""The template environment that all pages share."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, request
from jinja2 import StrictUndefined

from bridge.config import Config
from bridge.errors import unknown_value
from bridge.typography import WIDE_SPACE
from bridge.web.common.redirects import page_before
from bridge.web.common.services import current_services, curricula_have_errors
from bridge.web.common.visitor import current_visitor
from bridge.web.glossary import terms
from bridge.web.layout import content, formatting
from bridge.web.layout.custom_templates import template_loader
from bridge.web.layout.language import LANGUAGES, visitors_language
from bridge.web.layout.tables import label_cells
from bridge.web.menu import menu_of


def this_page() -> str:
    """The address that opens this page, for links that come back to it.

    After a post, it's the page with the form: the same route's, or else the one it was sent from.
    """
    if request.method == "GET":
        return quote(request.path) + f"?{request.query_string.decode('latin-1')}".rstrip("?")
    methods = (request.url_rule and request.url_rule.methods) or ()
    if "GET" in methods:
        return quote(request.path)
    return page_before() or "/"


def init_app(app: Flask, config: Config) -> None:
    """Set up the templates, their filters and the variables that every template has."""
    own = config.path(config.templates) if config.templates else None
    app.jinja_options = {
        **app.jinja_options,
        "autoescape": True,
        "undefined": StrictUndefined,
        "loader": template_loader(own),
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.globals.update(unknown_value=unknown_value, glossary_terms=terms)
    app.jinja_env.filters.update(
        text=content.plain_text,
        words=formatting.key_as_words,
        markdown=content.block_html,
        inline=content.inline_html,
        role=formatting.role_name,
        reason=formatting.reason_text,
        localtime=formatting.local_time,
        label_cells=label_cells,
    )

    @app.context_processor
    def common_variables() -> dict[str, object]:
        actor, language = current_visitor(), visitors_language(config)
        return {
            "language": language,
            "colon": f"{WIDE_SPACE}:" if language == "fr" else ":",
            "languages": LANGUAGES,
            "union": config.union,
            "visitor": actor,
            "menu": menu_of(actor),
            "curricula_invalid": actor.may("curricula")
            and curricula_have_errors(current_services()),
            "this_page": this_page(),
            "posted_page": this_page() if request.method == "POST" else "",
        }
