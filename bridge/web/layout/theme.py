"""The union's colours as a stylesheet, for light and dark mode, its logo, icon and picture."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Response, redirect, send_file, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.config import Colours, UnionSettings
from bridge.mail.colours import DARK, LIGHT, PANEL_BACKGROUNDS, mix, readable_colour, rgb
from bridge.web.common.services import Services
from bridge.web.layout import site_images

BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css"
DARK_MODE = "[data-bs-theme=dark]"
LOGO_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
DAY = 24 * 3600


def blueprint(services: Services) -> Blueprint:
    """`/theme.css`, `/logo`, `/icon.svg`, `/favicon.ico`, `/preview.png`: without the database."""
    pages = Blueprint("theme", __name__)
    sheet = stylesheet(services.config.union.colours, BOOTSTRAP.read_text(encoding="utf-8"))
    version = hashlib.sha256(sheet.encode()).hexdigest()[:12]
    logo = services.config.union.logo
    union, site = services.config.union, services.config.service.url
    colours = {
        "light": readable_colour(union.colours.main, LIGHT),
        "dark": mix(union.colours.main, "#000000", 0.6),
    }

    @pages.app_context_processor
    def common_variables() -> dict[str, object]:
        return {"theme_version": version, "theme_colours": colours, "site": site}

    @pages.get("/theme.css")
    def css() -> Response:
        answer = Response(sheet, mimetype="text/css")
        answer.headers["Cache-Control"] = f"public, max-age={DAY}"
        return answer

    @pages.get("/logo", endpoint="logo")
    def send_logo() -> Response:
        if logo is None or logo.suffix.lower() not in LOGO_TYPES:
            raise NotFound
        return send_file(
            services.config.path(logo).resolve(), LOGO_TYPES[logo.suffix.lower()], max_age=DAY
        )

    _add_images(pages, union)
    return pages


def _add_images(pages: Blueprint, union: UnionSettings) -> None:
    drawing = site_images.icon(union.name, union.colours)
    picture = site_images.preview(union.colours)

    @pages.get("/icon.svg")
    def icon() -> Response:
        return _for_a_day(Response(drawing, mimetype="image/svg+xml"))

    @pages.get("/favicon.ico")
    def favicon() -> Answer:
        return redirect(url_for("theme.icon"))

    @pages.get("/preview.png")
    def preview() -> Response:
        return _for_a_day(Response(picture, mimetype="image/png"))


def _for_a_day(answer: Response) -> Response:
    answer.headers["Cache-Control"] = f"public, max-age={DAY}"
    return answer


def stylesheet(colours: Colours, bootstrap: str) -> str:
    """The union's colours in light mode and, where the system asks for it, dark mode."""
    dark_rules = _dark_mode_rules(bootstrap) + _colours(colours, DARK)
    return f"{_colours(colours, LIGHT)}\n@media (prefers-color-scheme: dark) {{\n{dark_rules}\n}}\n"


@lru_cache(maxsize=1)
def _dark_mode_rules(bootstrap: str) -> str:
    """Bootstrap's dark-mode rules, without the attribute that they need on the page."""
    rules = re.findall(r"([^{}]*)\{([^{}]*)\}", bootstrap)
    return "\n".join(
        f"{selector.replace(DARK_MODE, ':root')} {{{body}}}"
        for selector, body in rules
        if DARK_MODE in selector
    )


def _colours(colours: Colours, ground: str) -> str:
    panel = PANEL_BACKGROUNDS[ground]
    main, accent = readable_colour(colours.main, panel), readable_colour(colours.accent, panel)
    on_main, hover = readable_colour(ground, main), mix(main, _away(ground), 0.15)
    return f"""
:root {{
  --sp-main: {main}; --sp-on-main: {on_main}; --sp-accent: {accent};
  --bs-primary: {main}; --bs-primary-rgb: {rgb(main)};
  --bs-link-color: {main}; --bs-link-color-rgb: {rgb(main)};
  --bs-link-hover-color: {hover}; --bs-link-hover-color-rgb: {rgb(hover)};
}}
.btn-primary {{
  --bs-btn-bg: {main}; --bs-btn-border-color: {main}; --bs-btn-color: {on_main};
  --bs-btn-hover-bg: {hover}; --bs-btn-hover-border-color: {hover}; --bs-btn-hover-color: {on_main};
  --bs-btn-active-bg: {hover}; --bs-btn-active-border-color: {hover};
  --bs-btn-active-color: {on_main};
  --bs-btn-disabled-bg: {main}; --bs-btn-disabled-border-color: {main};
  --bs-btn-disabled-color: {on_main};
}}
.btn-outline-primary {{
  --bs-btn-color: {main}; --bs-btn-border-color: {main};
  --bs-btn-hover-bg: {main}; --bs-btn-hover-border-color: {main}; --bs-btn-hover-color: {on_main};
  --bs-btn-active-bg: {main}; --bs-btn-active-border-color: {main};
  --bs-btn-active-color: {on_main};
}}"""


def _away(ground: str) -> str:
    return "#000000" if ground == LIGHT else "#ffffff"
