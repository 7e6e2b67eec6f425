"""Course content: edit and check curricula, preview changes, publish to Moodle.

The committee edits; auditors can only read.
"""

from __future__ import annotations

from flask import Blueprint
from markupsafe import Markup, escape

from bridge.web.common.limits.costly_pages import Places
from bridge.web.common.services import Services, current_services
from bridge.web.curricula import editor, file_pages, history, image_pages, preview, publish
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate, translate_error


def blueprint(services: Services) -> Blueprint:
    """The pages at and below `/committee/curricula`."""
    pages = Blueprint("curricula", __name__, url_prefix="/committee/curricula")
    pages.add_app_template_filter(translate, "translate_message")
    pages.add_app_template_filter(translate_error, "translate_error")
    pages.add_app_template_global(title_of_folder, "curriculum_title")
    places = Places()
    for page in (file_pages, image_pages, publish):
        page.register_routes(pages, services)
    for costly_page in (editor, history, preview):
        costly_page.register_routes(pages, services, places)
    return pages


def title_of_folder(folder: str) -> Markup:
    """The title of the curriculum in a folder; the folder's name while it isn't valid."""
    services = current_services()
    for path in services.curricula:
        if path.key == folder:
            return escape(path.title.pick(visitors_language(services.config)))
    return Markup("<code>{}</code>").format(folder)
