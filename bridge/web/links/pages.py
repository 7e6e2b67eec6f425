"""`/link/<token>`: opening a personal link shows a button, pressing it uses the link."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from bridge.errors import StewardpathError
from bridge.store.persons import personal_links
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.link_purposes import LinkPage, add_purpose, find_purpose
from bridge.web.common.services import Services
from bridge.web.layout.translation import translate_error
from bridge.web.links import confirm_email


def blueprint(services: Services) -> Blueprint:
    """`/link/<token>`."""
    pages = Blueprint("links", __name__)
    add_purpose(pages, confirm_email.PURPOSE)

    @pages.get("/link/<token>")
    def ask(token: str) -> Response:
        with services.database.reading() as session:
            link = personal_links.find(session, token, services.now())
            purpose = find_purpose(link.purpose) if link else None
            page = purpose.ask(services, session, link) if link and purpose else None
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
    """Use the link and do what it is for. None if the link isn't valid."""
    with services.database.transaction() as session:
        link = personal_links.redeem(session, token, services.now())
        purpose = find_purpose(link.purpose) if link else None
        return purpose.act(services, session, link) if link and purpose else None


def _answer(page: LinkPage | None) -> Response:
    if page is None:
        return make_response(render_template("web/links/expired.html"), 410)
    return make_response(render_template("web/links/link.html", page=page))
