"""Emails in the preview: a list of all, and each as HTML and as text."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import ConfigError
from bridge.features import FEATURES
from bridge.features.registers import all_emails
from bridge.mail.examples import LANGUAGES, examples
from bridge.mail.rendering import Email

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline';"
    " img-src data: https:; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""An email contains its own style and runs no script."""


def blueprint(config: Config, curricula: Sequence[Curriculum]) -> Blueprint:
    """`/emails` and `/emails/<language>/<name>.html` or `.txt`.

    Emails are rendered on each request, so an edited template shows on reload. A template that
    fails shows its error instead.
    """
    emails = Blueprint("emails", __name__)
    by_name = {each.name: each for each in examples(config, curricula, all_emails(FEATURES))}

    def render(name: str, language: str) -> Email:
        try:
            return by_name[name].render(config, language)
        except ConfigError as error:
            return Email(str(error), f"{error}\n", "")

    @emails.get("/emails")
    def index() -> str:
        rows = [(name, [(code, render(name, code)) for code in LANGUAGES]) for name in by_name]
        return render_template("emails.html", emails=rows)

    @emails.get("/emails/<language>/<name>.<any(html, txt):form>")
    def show(language: str, name: str, form: str) -> Response:
        if language not in LANGUAGES or name not in by_name:
            abort(404)
        email = render(name, language)
        as_html = form == "html" and email.html
        body, mimetype = (email.html, "text/html") if as_html else (email.text, "text/plain")
        return Response(body, mimetype=mimetype, headers=HEADERS)

    @emails.get("/mails")
    def old_address() -> BaseResponse:
        return redirect("/emails", code=308)

    return emails
