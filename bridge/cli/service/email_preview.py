"""The mails in the preview: a list, and each as HTML and as text."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, render_template

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import ConfigError
from bridge.mail.examples import LANGUAGES, examples
from bridge.mail.rendering import Email

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline';"
    " img-src data: https:; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""A mail brings its style in itself, and nothing that runs."""


def blueprint(config: Config, curricula: Sequence[Curriculum]) -> Blueprint:
    """`/mails` and `/mails/<language>/<name>.html` or `.txt`.

    Each is rendered when it is asked for, so that an edited template shows at a reload; what is
    wrong in one is said in its place.
    """
    room = Blueprint("mails", __name__, url_prefix="/mails")
    shown = {each.name: each for each in examples(config, curricula)}

    def letter(name: str, language: str) -> Email:
        try:
            return shown[name].letter(config, language)
        except ConfigError as error:
            return Email(str(error), f"{error}\n", "")

    @room.get("")
    def index() -> str:
        rows = [(name, [(code, letter(name, code)) for code in LANGUAGES]) for name in shown]
        return render_template("mails.html", mails=rows)

    @room.get("/<language>/<name>.<any(html, txt):form>")
    def one(language: str, name: str, form: str) -> Response:
        if language not in LANGUAGES or name not in shown:
            abort(404)
        made = letter(name, language)
        rich = form == "html" and made.html
        body, kind = (made.html, "text/html") if rich else (made.text, "text/plain")
        return Response(body, mimetype=kind, headers=HEADERS)

    return room
