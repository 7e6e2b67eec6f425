"""The committee's curricula: edit, check, look, plan, apply. Auditors read."""

from __future__ import annotations

from flask import Blueprint

from bridge.web.common.services import Services
from bridge.web.curricula import editor, file_pages, history, preview, publish
from bridge.web.layout.translation import translate, translate_error


def blueprint(services: Services) -> Blueprint:
    """`/committee/curricula` and what lies below."""
    pages = Blueprint("curricula", __name__, url_prefix="/committee/curricula")
    pages.add_app_template_filter(translate, "said")
    pages.add_app_template_filter(translate_error, "told")
    for page in (editor, file_pages, history, publish, preview):
        page.register_routes(pages, services)
    return pages
