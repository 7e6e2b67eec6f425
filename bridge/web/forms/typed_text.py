"""Shows what was typed if it can't be saved now, so that nobody has to type it again.

A login, a link or the page itself may have expired since the page was opened.
"""

from __future__ import annotations

from flask import Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError

from bridge.curriculum.forms.answers import tidy
from bridge.web.common.services import Services
from bridge.web.forms.filled_form import PREFIX

LEFT_OUT = ("csrf_token", "send", "draft")
"""Parts of a page that aren't sent again."""


def comes_from_our_page(services: Services) -> bool:
    """Whether a post comes from a page of this site.

    It has the page's token; or, after the token's cookie has expired, the browser says so, and no
    script of another site can make it say so.
    """
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return True
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    try:
        services.csrf.protect()
    except CSRFError:
        return False
    return True


def kept_page(reason: str, status: int, *, sign_in: str = "") -> Response:
    """A page with everything that was posted, and a button that posts it again.

    `reason`: expired, signed-out, member, link or gone. `sign_in`: the page where they sign in.
    """
    parts = [
        (name, text)
        for name, texts in request.form.lists()
        if name not in LEFT_OUT
        for text in texts
    ]
    typed = [tidy(texts) for name, texts in request.form.lists() if name.startswith(PREFIX)]
    page = render_template(
        "web/forms/kept.html",
        reason=reason,
        parts=parts,
        typed=[each for each in typed if any(each)],
        files=[each.filename for each in request.files.values() if each.filename],
        sign_in=sign_in,
    )
    return make_response(page, status)
