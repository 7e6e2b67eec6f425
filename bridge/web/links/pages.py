"""`/link/<token>`: opening a personal link shows a button, pressing it uses the link."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from bridge.errors import StewardpathError
from bridge.features.registers import all_link_purposes
from bridge.foundations.feature import LinkPage, LinkPurpose
from bridge.store.persons import personal_links
from bridge.store.persons.personal_links import PersonalLink
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error


def blueprint(services: Services) -> Blueprint:
    """`/link/<token>`."""
    pages = Blueprint("links", __name__)

    @pages.get("/link/<token>")
    def ask(token: str) -> Response:
        with services.database.reading() as session:
            link = personal_links.find(session, token, services.now())
            purpose = _find_purpose(services, link)
            context = services.context(session, visitors_language(services.config))
            page = purpose.ask(context, link) if link and purpose else None
        return _answer(page)

    @pages.post("/link/<token>")
    @limit_clients(services.limiter, "10 per minute; 60 per hour")
    def act(token: str) -> Response:
        try:
            page = _use(services, token)
        except StewardpathError as error:
            return make_response(
                render_template("web/links/refused.html", reason=translate_error(error.as_data())),
                409,
            )
        if page is not None:
            services.trigger_job()
        return _answer(page)

    return pages


def _use(services: Services, token: str) -> LinkPage | None:
    """Use the link and do what it is for. None if it isn't valid, or has pages of its own."""
    with services.database.transaction() as session:
        link = personal_links.find(session, token, services.now())
        purpose = _find_purpose(services, link)
        if purpose is None or personal_links.redeem(session, token, services.now()) is None:
            return None
        context = services.context(session, visitors_language(services.config))
        return purpose.act(context, link) if link else None


def _find_purpose(services: Services, link: PersonalLink | None) -> LinkPurpose | None:
    """What a valid link is for. None if no feature has the purpose, or it has pages of its own."""
    return all_link_purposes(services.features).get(link.purpose) if link else None


def _answer(page: LinkPage | None) -> Response:
    if page is None:
        return make_response(render_template("web/links/expired.html"), 410)
    return make_response(render_template("web/links/link.html", page=page))
