"""The navigation menu, and the template environment that all pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext
from jinja2 import StrictUndefined

from bridge.access.rights import RIGHTS, Right
from bridge.access.roles import Role
from bridge.config import Config
from bridge.errors import unknown_value
from bridge.typography import WIDE_SPACE
from bridge.web.common.form_presence import has_forms, has_topics, may_sign_off
from bridge.web.common.redirects import page_before
from bridge.web.common.services import current_services, curricula_have_errors
from bridge.web.common.visitor import Visitor, current_visitor
from bridge.web.glossary import terms
from bridge.web.layout import content, formatting
from bridge.web.layout.custom_templates import template_loader
from bridge.web.layout.language import LANGUAGES, visitors_language
from bridge.web.layout.tables import label_cells


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the menu, for those who may open its page.

    Hidden while the application has no such endpoint, and while `shown` says so.
    """

    endpoint: str
    label: str
    access: Right
    shown: Callable[[], bool] = lambda: True


ENTRIES = (
    NavigationEntry("public.home", lazy_gettext("Home"), "public-pages"),
    NavigationEntry("public.welcome", lazy_gettext("About the union"), "public-pages"),
    NavigationEntry("signup.form", lazy_gettext("Sign up"), "public-pages"),
    NavigationEntry("sessions.index", lazy_gettext("Sessions"), "public-pages", has_topics),
    NavigationEntry("me.progress", lazy_gettext("My learning"), "own-pages"),
    NavigationEntry("forms.index", lazy_gettext("Forms"), "own-pages", has_forms),
    NavigationEntry("me.data", lazy_gettext("My account"), "own-pages"),
    NavigationEntry("access_pages.mine", lazy_gettext("My access"), "own-access"),
    NavigationEntry("dashboard.index", lazy_gettext("Dashboard"), "statistics"),
    NavigationEntry("reports.coverage", lazy_gettext("Coverage"), "statistics"),
    NavigationEntry("signoffs.form", lazy_gettext("Sign-offs"), "sign-offs", may_sign_off),
    NavigationEntry("role_lists.form", lazy_gettext("Roles"), "members-change"),
    NavigationEntry("curricula.index", lazy_gettext("Course content"), "curricula"),
    NavigationEntry("team.index", lazy_gettext("Team"), "access"),
)
"""The menu without the list pages, which add their entries themselves."""
FIRST_PAGES = (
    NavigationEntry("dashboard.index", "", "statistics"),
    NavigationEntry("me.progress", "", "own-pages"),
    NavigationEntry("access_pages.mine", "", "own-access"),
    NavigationEntry("public.home", "", "public-pages"),
)
"""Where visitors are after signing in: the first of these pages that they may open."""
EXTENSION_KEY = "stewardpath.navigation"


def add_entry(app: Flask, entry: NavigationEntry) -> None:
    """Add an entry to the menu: after the others for the same roles, or else at the end."""
    entries: list[NavigationEntry] = app.extensions[EXTENSION_KEY]
    roles = _roles(entry)
    similar = [place for place, each in enumerate(entries) if _roles(each) == roles]
    entries.insert(similar[-1] + 1 if similar else len(entries), entry)


def _roles(entry: NavigationEntry) -> frozenset[Role]:
    return frozenset(RIGHTS[entry.access].cells)


def navigation_entries(actor: Visitor) -> Iterator[NavigationEntry]:
    """The menu entries that the visitor may open."""
    entries: list[NavigationEntry] = current_app.extensions[EXTENSION_KEY]
    return (
        each
        for each in entries
        if actor.may(each.access) and each.endpoint in current_app.view_functions and each.shown()
    )


def first_page(actor: Visitor) -> str:
    """The address of the page that a visitor sees after signing in."""
    known = (each for each in FIRST_PAGES if each.endpoint in current_app.view_functions)
    return url_for(next(each.endpoint for each in known if actor.may(each.access)))


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
    """Set up the menu, the templates, their filters and the variables that every template has."""
    app.extensions[EXTENSION_KEY] = list(ENTRIES)
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
            "navigation": list(navigation_entries(actor)),
            "curricula_invalid": actor.may("curricula")
            and curricula_have_errors(current_services()),
            "this_page": this_page(),
            "posted_page": this_page() if request.method == "POST" else "",
        }
