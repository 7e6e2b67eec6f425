"""The region a visitor chose, stored only in a cookie."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as Answer

from bridge.config import Config, Contact, Region
from bridge.web.common.cookies import delete_cookie, read_cookie, set_cookie
from bridge.web.common.redirects import safe_next_page
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import YEAR

COOKIE = "region"


def chosen_region(config: Config) -> tuple[str, Region | None]:
    """Key and region that the visitor chose, else the member's own, else ('', None)."""
    for key in (read_cookie(COOKIE), current_visitor().region):
        if key in config.regions:
            return key, config.regions[key]
    return "", None


def regional_contact(config: Config, region: str) -> Contact | None:
    """Who is responsible for training in a region: its chair, else its director."""
    known = config.regions.get(region)
    return (known.chair or known.director) if known else None


def contact_address(config: Config, region: str = "") -> str:
    """Email address for questions: the regional contact, else the committee, else the sender."""
    person = regional_contact(config, region)
    if person:
        return person.email
    return next(iter(config.committee), config.mail.reply_to or config.mail.sender)


def blueprint(services: Services) -> Blueprint:
    """`/region`: stores the choice and redirects back."""
    pages = Blueprint("region", __name__)

    @pages.post("/region")
    def choose() -> Answer:
        answer = redirect(safe_next_page(request.form.get("next", "")) or "/", 303)
        key = request.form.get("region", "")
        if key in services.config.regions:
            set_cookie(answer, COOKIE, key, YEAR)
        else:
            delete_cookie(answer, COOKIE)
        return answer

    return pages
