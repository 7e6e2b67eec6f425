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
from bridge.web import words
from bridge.web.identity import Visitor, visitor
from bridge.web.language import LANGUAGES, visitors_language


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the navigation. Shown as soon as a room has that endpoint."""

    endpoint: str
    label: str


PUBLIC = (
    Entry("public.home", lazy_gettext("Path")),
    Entry("public.welcome", lazy_gettext("Welcome")),
    Entry("join.form", lazy_gettext("Join")),
)
MEMBER = (Entry("me.path", lazy_gettext("My path")), Entry("me.data", lazy_gettext("My data")))
COMMITTEE = (
    Entry("overview.index", lazy_gettext("Overview")),
    Entry("members.index", lazy_gettext("Members")),
    Entry("requests.index", lazy_gettext("Requests")),
    Entry("deliveries.index", lazy_gettext("Deliveries")),
)
WHOLE = (
    Entry("curricula.index", lazy_gettext("Curricula")),
    Entry("audit.index", lazy_gettext("Audit")),
)
"""What chairs have no part in."""


def entries(who: Visitor) -> Iterator[Entry]:
    """The places a visitor may go to, of those that are there."""
    wanted = (
        *PUBLIC,
        *(MEMBER if who.member_id is not None else ()),
        *(COMMITTEE if who.sees_committee else ()),
        *(WHOLE if who.sees_all else ()),
    )
    return (each for each in wanted if each.endpoint in current_app.view_functions)


def first_page(who: Visitor) -> str:
    """Where somebody who signs in begins."""
    wanted = ("overview.index",) if who.sees_committee else ()
    known = (*wanted, "me.path", "public.home")
    return url_for(next(each for each in known if each in current_app.view_functions))


def install(app: Flask, config: Config) -> None:
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
    app.jinja_env.filters.update(text=Text.pick, markdown=_markdown, role=words.role)

    @app.context_processor
    def frame() -> dict[str, object]:
        who = visitor()
        return {
            "language": visitors_language(config),
            "languages": LANGUAGES,
            "union": config.union,
            "visitor": who,
            "navigation": list(entries(who)),
            "this_page": request.full_path.rstrip("?") if request.method == "GET" else "/",
        }


def _markdown(text: Text, language: str) -> Markup:
    return Markup(to_html(text.pick(language)))  # noqa: S704 - sanitised by to_html
