"""Security headers of every response, and refusal of requests for other hosts or odd addresses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, NotFound, UnprocessableEntity

from bridge.config import Config
from bridge.printable_text import find_unprintable

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def is_secure(config: Config) -> bool:
    """Whether the service is reached over HTTPS."""
    return config.service.url.startswith("https:")


def init_app(app: Flask, config: Config) -> None:
    """Refuse requests for other hosts and add security headers to every response."""
    hosts = {*LOOPBACK, _name(urlsplit(config.service.url).netloc)}

    @app.before_request
    def refuse_other_hosts() -> None:
        # Health checks may use any address of the service, and their pages have no links.
        if request.blueprint != "health" and _name(request.host) not in hosts:
            raise BadRequest("This service does not serve that host name.")

    @app.before_request
    def refuse_unprintable_addresses() -> None:
        if find_unprintable(request.path):
            raise NotFound
        values = (text for pair in request.args.items(multi=True) for text in pair)
        if any(map(find_unprintable, values)):
            # The API answers 422 to every parameter that is not valid.
            refusal = UnprocessableEntity if request.blueprint == "api" else BadRequest
            raise refusal("The address contains a character that can't be printed.")

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)  # a page may have a stricter policy
        _declare_what_it_depends_on(response)
        if is_secure(config):
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if not (request.endpoint or "").endswith("static"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _declare_what_it_depends_on(response: Response) -> None:
    """Browsers may keep style sheets, scripts and images although the cookies changed."""
    is_static = (request.endpoint or "").endswith("static")
    is_file = is_static or response.cache_control.public
    if response.mimetype == "text/html" or not is_file:
        response.vary.update(("Accept", "Accept-Language", "Cookie"))


def _name(host: str) -> str:
    """The host without its port; '' if it isn't a valid host."""
    match = re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d+)?", host.lower())
    return match[1] if match else ""
