"""What stands around every page: templates, the navigation, and who is here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bridge.config import Config
from bridge.curriculum.markdown import to_html
from bridge.curriculum.model import Text
from bridge.resources import resource
from bridge.web.common.visitor import Visitor, current_visitor
from bridge.web.layout import formatting
from bridge.web.layout.language import LANGUAGES, visitors_language


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One place in the navigation. Shown as soon as a room has that endpoint."""

    endpoint: str
    label: str


PUBLIC = (
    NavigationEntry("public.home", lazy_gettext("Path")),
    NavigationEntry("public.welcome", lazy_gettext("Welcome")),
    NavigationEntry("join.form", lazy_gettext("Join")),
)
MEMBER = (
    NavigationEntry("me.path", lazy_gettext("My path")),
    NavigationEntry("me.data", lazy_gettext("My data")),
)
COMMITTEE = (
    NavigationEntry("dashboard.index", lazy_gettext("Dashboard")),
    NavigationEntry("members.index", lazy_gettext("Members")),
    NavigationEntry("contact_requests.index", lazy_gettext("Contact requests")),
    NavigationEntry("failed_deliveries.index", lazy_gettext("Needs attention")),
)
EDITORS = (
    NavigationEntry("curricula.index", lazy_gettext("Course content")),
    NavigationEntry("audit_log.index", lazy_gettext("Activity log")),
)
"""What chairs have no part in."""


def navigation_entries(actor: Visitor) -> Iterator[NavigationEntry]:
    """The places a visitor may go to, of those that are there."""
    wanted = (
        *PUBLIC,
        *(MEMBER if actor.member_id is not None else ()),
        *(COMMITTEE if actor.sees_committee else ()),
        *(EDITORS if actor.sees_all else ()),
    )
    return (each for each in wanted if each.endpoint in current_app.view_functions)


def first_page(actor: Visitor) -> str:
    """Where somebody who signs in begins."""
    wanted = ("dashboard.index",) if actor.sees_committee else ()
    known = (*wanted, "me.path", "public.home")
    return url_for(next(each for each in known if each in current_app.view_functions))


def init_app(app: Flask, config: Config) -> None:
    """Templates: the union's own first, then the shipped ones; and what all of them know."""
    own = [config.path(config.templates)] if config.templates else []
    loaders = [FileSystemLoader(folder) for folder in (*own, resource("templates"))]
    app.jinja_options = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "loader": ChoiceLoader(loaders),
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.filters.update(text=Text.pick, markdown=_markdown, role=formatting.role)

    @app.context_processor
    def frame() -> dict[str, object]:
        actor = current_visitor()
        return {
            "language": visitors_language(config),
            "languages": LANGUAGES,
            "union": config.union,
            "visitor": actor,
            "navigation": list(navigation_entries(actor)),
            "this_page": request.full_path.rstrip("?") if request.method == "GET" else "/",
        }


def _markdown(text: Text, language: str) -> Markup:
    return Markup(to_html(text.pick(language)))  # noqa: S704 - sanitised by to_html
