"""Old addresses of pages that have moved. They redirect permanently to the new ones.

Emails, bookmarks and links on other sites keep working.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from bridge.web.common.access import open_to
from bridge.web.common.services import Services

MOVED_PAGES = {
    "/join": "/signup",
    "/me/check": "/me/refresh",
    "/me/data/address": "/me/data/email",
    "/me/data/correct": "/me/data/edit",
    "/me/data/leave": "/me/data/erase",
    "/committee/letters": "/committee/failed-emails",
    "/committee/deliveries": "/committee/failed-deliveries",
    "/committee/requests": "/committee/contact-requests",
    "/committee/rewrite": "/committee/quizzes",
    "/committee/stuck": "/committee/follow-up",
    "/committee/stuck.csv": "/committee/follow-up.csv",
    "/committee/curricula/<folder>/gone": "/committee/curricula/<folder>/deleted",
}
"""Old address to new address. What lies below an old address moves along with it."""


def blueprint(_services: Services) -> Blueprint:
    """A redirect (308) for every old address and for every address below it."""
    pages = Blueprint("moved_pages", __name__)
    for number, (old, new) in enumerate(MOVED_PAGES.items()):
        for rule, target in ((old, new), (f"{old}/<path:rest>", f"{new}/<rest>")):
            endpoint = f"{'below' if '<path:rest>' in rule else 'page'}_{number}"
            pages.add_url_rule(rule, endpoint, _redirect_to(target), methods=["GET", "POST"])
    return pages


def _redirect_to(target: str) -> Callable[..., Response]:
    """A view that fills the arguments into `target` and keeps method, body and query string."""

    @open_to("public-pages")
    def view(**arguments: str) -> Response:
        address = target
        for name, value in arguments.items():
            address = address.replace(f"<{name}>", quote(value, safe="/"))
        query = request.query_string.decode("ascii", "replace")
        return redirect(f"{address}?{query}" if query else address, 308)

    return view
