"""Shows what was typed if it can't be saved now, so that nobody has to type it again.

A login, a link or the page itself may have expired since the page was opened, a limit may have been
reached, or the service may be down for a moment.
"""

from __future__ import annotations

import math
from typing import Literal
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    HTTPException,
    RequestEntityTooLarge,
    TooManyRequests,
    Unauthorized,
)

from bridge.access.decisions import is_public
from bridge.curriculum.forms.answers import tidy
from bridge.errors import StoreError
from bridge.web.common.access import right_of
from bridge.web.common.services import Services, current_services
from bridge.web.common.visitor import current_visitor

NOT_REPEATED = ("csrf_token", "send", "draft")
"""Parts of a page that aren't sent again."""
NOT_TYPED = ("base", "version", "next")
"""Fields that the page filled in itself."""

MAX_SHOWN_BODY = 8 * 1024 * 1024
"""Up to this size, in bytes, what was typed is shown although it's too large to be saved."""

Reason = Literal[
    "expired", "signed-out", "too-many", "failed", "too-large", "gone", "link", "member"
]
REPEATABLE: tuple[Reason, ...] = ("expired", "signed-out", "too-many", "failed")


def comes_from_our_page(services: Services) -> bool:
    """Whether a post comes from a page of this site.

    It has the page's token; or, after the token's cookie has expired, the browser says so, and no
    script of another site can make it say so.
    """
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return True
    if request.headers.get("Sec-Fetch-Site", "") == "same-origin" or _is_own_origin(services):
        return True
    try:
        services.csrf.protect()
    except CSRFError:
        return False
    return True


def _is_own_origin(services: Services) -> bool:
    """For browsers that don't send Sec-Fetch-Site: they don't over plain HTTP."""
    parts = urlsplit(services.config.service.url)
    own = f"{parts.scheme}://{parts.netloc}"
    return request.headers.get("Origin") in (own, request.host_url.rstrip("/"))


def keep_form(error: HTTPException, minutes: int = 0) -> Response | None:
    """The page with what was typed, instead of a page about an error.

    None if nothing was typed or the post comes from another site. `minutes`: how long to wait.
    """
    if request.method != "POST" or (error.code == 413 and not _accept_larger_body()):
        return None
    if not _typed(_names()) or not comes_from_our_page(current_services()):
        return None
    reason = _reason(error)
    sign_in = url_for("signin.form") if reason == "signed-out" else ""
    return kept_page(reason, error.code or 500, button="send", sign_in=sign_in, minutes=minutes)


def kept_page(
    reason: Reason,
    status: int,
    *,
    button: Literal["draft", "send"] = "draft",
    prefix: str = "",
    sign_in: str = "",
    minutes: int = 0,
) -> Response:
    """A page with everything that was posted, and a button that posts it again.

    `button`: what it says. `prefix`: of the fields that were typed, if not all were. `sign_in`:
    the page where they sign in. `minutes`: how long a limit lasts.
    """
    names = [name for name in _names() if name.startswith(prefix)]
    page = render_template(
        "web/kept-form.html",
        reason=reason,
        repeatable=reason in REPEATABLE,
        button=button,
        parts=[(name, text) for name, text in request.form.items(multi=True)
               if name not in NOT_REPEATED],
        typed=_typed(names),
        files=[each.filename for each in request.files.values() if each.filename],
        sign_in=sign_in,
        minutes=minutes,
    )  # fmt: skip
    return make_response(page, status)


def kept_values() -> tuple[list[tuple[str, str]], list[list[str]]]:
    """What a page must send again, as names and texts, and what of it was typed.

    Empty if the post doesn't come from a page of this site.
    """
    if not comes_from_our_page(current_services()):
        return [], []
    every = request.form.items(multi=True)
    return [(name, text) for name, text in every if name not in NOT_REPEATED], _typed(_names())


def _accept_larger_body() -> bool:
    """Read a body that is above the limit after all, to show what was typed. False if it's huge."""
    is_ours = request.headers.get("Sec-Fetch-Site", "") == "same-origin"
    if not (is_ours or _is_own_origin(current_services())):
        return False
    if not 0 < (request.content_length or 0) <= MAX_SHOWN_BODY:
        return False
    request.max_content_length = request.max_form_memory_size = MAX_SHOWN_BODY
    return True


def _must_sign_in() -> bool:
    """Whether the page is only for people who are signed in, and the visitor isn't."""
    right = right_of(current_app, request.endpoint or "")
    try:
        return right is not None and not is_public(right) and not current_visitor().signed_in
    except StoreError:
        return False


def _reason(error: HTTPException) -> Reason:
    match error:
        case CSRFError():
            return "signed-out" if _must_sign_in() else "expired"
        case RequestEntityTooLarge():
            return "too-large"
        case Unauthorized():
            return "signed-out"
        case TooManyRequests():
            return "too-many"
        case _:
            return "gone" if (error.code or 500) < 500 else "failed"


def _names() -> list[str]:
    return [name for name in request.form if name not in (*NOT_REPEATED, *NOT_TYPED)]


def _typed(names: list[str]) -> list[list[str]]:
    found = [tidy(request.form.getlist(name)) for name in names]
    return [each for each in found if any(each)]


def minutes_of(seconds: float) -> int:
    """Whole minutes to wait, at least one."""
    return max(1, math.ceil(seconds / 60))
