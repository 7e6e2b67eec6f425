"""The region a visitor chose: remembered in a cookie, and nowhere else."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as Answer

from bridge.config import Config, Contact, Region
from bridge.web.common.redirects import safe_next_page
from bridge.web.common.security_headers import is_secure
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import YEAR

COOKIE = "region"


def chosen_region(config: Config) -> tuple[str, Region | None]:
    """Key and region: what they chose, else the member's own; ('', None) without either."""
    for key in (request.cookies.get(COOKIE, ""), current_visitor().region):
        if key in config.regions:
            return key, config.regions[key]
    return "", None


def regional_contact(config: Config, region: str) -> Contact | None:
    """The person of a region who answers for training: its chair, else its director."""
    known = config.regions.get(region)
    return (known.chair or known.director) if known else None


def contact_address(config: Config, region: str = "") -> str:
    """The address that helps with training: of that person, else of the committee, else ours."""
    person = regional_contact(config, region)
    if person:
        return person.email
    return next(iter(config.committee), config.mail.reply_to or config.mail.sender)


def blueprint(services: Services) -> Blueprint:
    """`/region`: choose one, and come back."""
    pages = Blueprint("region", __name__)

    @pages.post("/region")
    def choose() -> Answer:
        answer = redirect(safe_next_page(request.form.get("next", "")) or "/", 303)
        key = request.form.get("region", "")
        if key in services.config.regions:
            answer.set_cookie(
                COOKIE, key, max_age=YEAR, httponly=True, samesite="Lax",
                secure=is_secure(services.config),
            )  # fmt: skip
        else:
            answer.delete_cookie(COOKIE)
        return answer

    return pages
