"""Forms from the curricula: filling them in, and what was sent."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from bridge.web.common.services import Services
from bridge.web.forms import by_link, fill_in, link_requests, my_forms
from bridge.web.forms.filled_form import typed_in_words
from bridge.web.layout.translation import translated_text


def blueprint(services: Services) -> Blueprint:
    """`/forms` and the pages below it, and those of personal links to forms."""
    pages = Blueprint("forms", __name__)
    for part in (my_forms, fill_in, link_requests, by_link):
        part.register_routes(pages, services)
    pages.add_app_template_filter(translated_text, "translated")
    pages.add_app_template_filter(typed_in_words)
    pages.add_app_template_filter(date.fromisoformat, "answered_date")
    return pages
