"""The visitor's language and its translations.

Translations are read from the .po files at start. Nothing is compiled, so a fresh clone and a
wheel behave the same.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, g, redirect, request
from flask_babel import Babel, Domain, get_babel, get_locale
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.config import Config
from bridge.typography import french_spacing
from bridge.web.common.cookies import read_cookie, set_cookie
from bridge.web.common.redirects import page_before, safe_next_page
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor

FOLDER = Path(__file__).parents[1] / "translations"
LANGUAGES = {"en": "English", "fr": "Français"}
COOKIE = "language"
YEAR = 365 * 24 * 3600


class Catalogues(Domain):  # type: ignore[misc]  # flask_babel has no types
    """Translations read from .po files. English needs none: the message ids are English."""

    def get_translations(self) -> NullTranslations:
        return catalogue(str(get_locale() or "en"))


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """The translations of one language."""
    file = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not file.is_file():
        return NullTranslations()
    with file.open("rb") as source:
        read = read_po(source, locale=language)
    if language == "fr":
        _space(read)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled)


def _space(messages: Catalog) -> None:
    """Put the no-break spaces of French into every translation."""
    for message in messages:
        if isinstance(message.string, str):
            message.string = french_spacing(message.string)
        else:
            message.string = tuple(map(french_spacing, message.string or ()))


def init_app(app: Flask, config: Config) -> None:
    """Use the visitor's language and the time zone of their region in templates and forms."""

    def zone() -> str:
        """The time zone of the member's region, else of a region they chair."""
        actor = current_visitor()
        known = (config.regions.get(key) for key in (actor.region, *sorted(actor.chairs)))
        zones = (region.timezone for region in known if region and region.timezone)
        return next(zones, config.timezone)

    def choose() -> str:
        return visitors_language(config)

    Babel(app, locale_selector=choose, timezone_selector=zone)
    get_babel(app).instance.domain_instance = Catalogues()


def visitors_language(config: Config) -> str:
    """The language they chose, else the browser's, else the configured one."""
    if "language" not in g:
        g.language = _chosen(config)
    return str(g.language)


def _chosen(config: Config) -> str:
    chosen = read_cookie(COOKIE)
    asked = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality)
    return next((each for each in (chosen, *asked) if each in LANGUAGES), config.language)


def blueprint(_services: Services) -> Blueprint:
    """`/language/<code>`: sets a cookie. It's only a preference, so GET is fine."""
    pages = Blueprint("language", __name__)

    @pages.get("/language/<code>")
    def choose(code: str) -> Answer:
        if code not in LANGUAGES:
            raise NotFound
        page = safe_next_page(request.args.get("next", "")) or page_before()
        answer = redirect(page or "/", 303)
        set_cookie(answer, COOKIE, code, YEAR)
        return answer

    return pages
