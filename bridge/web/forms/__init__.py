"""Forms from the curricula: filling them in, and what was sent."""

from __future__ import annotations

from flask import Blueprint

from bridge.web.common.services import Services
from bridge.web.forms import fill_in, my_forms
from bridge.web.layout.translation import translated_text


def blueprint(services: Services) -> Blueprint:
    """`/forms` and the pages below it."""
    pages = Blueprint("forms", __name__)
    for part in (my_forms, fill_in):
        part.register_routes(pages, services)
    pages.add_app_template_filter(translated_text, "translated")
    return pages
