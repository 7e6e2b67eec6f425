"""`/help`, `/help/glossary`, `/privacy`, `/accessibility` and `/contact`. They use no database."""

from __future__ import annotations

from flask import Blueprint, render_template

from bridge.web.common.services import Services
from bridge.web.glossary import terms
from bridge.web.layout.region import chosen_region, contact_address
from bridge.web.public.privacy_notice import entries


def blueprint(services: Services) -> Blueprint:
    """The pages that every page links to at its end."""
    pages = Blueprint("service", __name__)

    @pages.get("/help")
    def help_page() -> str:
        return render_template("web/public/service/help.html", login=_moodle_login(services))

    @pages.get("/help/glossary")
    def glossary() -> str:
        return render_template("web/public/service/glossary.html", terms=terms())

    @pages.get("/privacy")
    def privacy() -> str:
        return render_template(
            "web/public/service/privacy.html",
            entries=list(entries()),
            contact=contact_address(services.config),
        )

    @pages.get("/accessibility")
    def accessibility() -> str:
        contact = contact_address(services.config)
        return render_template("web/public/service/accessibility.html", contact=contact)

    @pages.get("/contact")
    def contact() -> str:
        key, region = chosen_region(services.config)
        return render_template(
            "web/public/service/contact.html",
            contact=contact_address(services.config, key),
            region=region,
            path=next(iter(services.curricula), None),
        )

    return pages


def _moodle_login(services: Services) -> str:
    return services.config.moodle.login if services.config.moodle else "manual"
