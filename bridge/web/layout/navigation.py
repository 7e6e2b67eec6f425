"""The navigation menu, and the template environment that all pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext
from jinja2 import StrictUndefined

from bridge.config import Config
from bridge.errors import unknown_value
from bridge.typography import WIDE_SPACE
from bridge.web.common.form_presence import has_forms
from bridge.web.common.visitor import (
    COMMITTEE_AND_AUDITORS,
    COMMITTEE_AND_CHAIRS,
    EVERYONE,
    MEMBERS,
    Access,
    Visitor,
    current_visitor,
)
from bridge.web.layout import content, formatting
from bridge.web.layout.custom_templates import template_loader
from bridge.web.layout.language import LANGUAGES, visitors_language


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the menu, for those who may open its page.

    Hidden while the application has no such endpoint, and while `shown` says so.
    """

    endpoint: str
    label: str
    access: Access
    shown: Callable[[], bool] = lambda: True


ENTRIES = (
    NavigationEntry("public.home", lazy_gettext("Home"), EVERYONE),
    NavigationEntry("public.welcome", lazy_gettext("About the union"), EVERYONE),
    NavigationEntry("signup.form", lazy_gettext("Sign up"), EVERYONE),
    NavigationEntry("me.progress", lazy_gettext("My learning"), MEMBERS),
    NavigationEntry("forms.index", lazy_gettext("Forms"), MEMBERS, has_forms),
    NavigationEntry("me.data", lazy_gettext("My account"), MEMBERS),
    NavigationEntry("dashboard.index", lazy_gettext("Dashboard"), COMMITTEE_AND_CHAIRS),
    NavigationEntry("curricula.index", lazy_gettext("Course content"), COMMITTEE_AND_AUDITORS),
)
"""The menu without the list pages, which add their entries themselves."""
EXTENSION_KEY = "stewardpath.navigation"


def add_entry(app: Flask, entry: NavigationEntry) -> None:
    """Add an entry to the menu: after the others with the same access, or else at the end."""
    entries: list[NavigationEntry] = app.extensions[EXTENSION_KEY]
    similar = [place for place, each in enumerate(entries) if each.access == entry.access]
    entries.insert(similar[-1] + 1 if similar else len(entries), entry)


def navigation_entries(actor: Visitor) -> Iterator[NavigationEntry]:
    """The menu entries that the visitor may open."""
    entries: list[NavigationEntry] = current_app.extensions[EXTENSION_KEY]
    return (
        each
        for each in entries
        if each.access.allows(actor)
        and each.endpoint in current_app.view_functions
        and each.shown()
    )


def first_page(actor: Visitor) -> str:
    """The address of the page that a visitor sees after signing in."""
    wanted = ("dashboard.index",) if actor.sees_committee else ()
    known = (*wanted, "me.progress", "public.home")
    return url_for(next(each for each in known if each in current_app.view_functions))


def init_app(app: Flask, config: Config) -> None:
    """Set up the menu, the templates, their filters and the variables that every template has."""
    app.extensions[EXTENSION_KEY] = list(ENTRIES)
    own = config.path(config.templates) if config.templates else None
    app.jinja_options = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "loader": template_loader(own),
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.globals["unknown_value"] = unknown_value
    app.jinja_env.filters.update(
        text=content.plain_text,
        markdown=content.block_html,
        inline=content.inline_html,
        role=formatting.role_name,
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
            "this_page": request.full_path.rstrip("?") if request.method == "GET" else "/",
        }
