"""The demo's mailbox: emails that were written to a folder instead of being sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Blueprint, render_template, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from bridge.config import Config
from bridge.web.common.local_requests import is_local, serves_this_machine_only
from bridge.web.common.services import Services

MAX_EMAILS = 50


@dataclass(frozen=True, slots=True)
class Email:
    to: str
    subject: str
    text: Markup


def is_open(config: Config) -> bool:
    """Whether the mailbox is shown: only on this machine, without mail server or real Moodle."""
    return serves_this_machine_only(config) and not config.mail.host and config.moodle is None


def blueprint(services: Services) -> Blueprint:
    """`/demo/mail`: the newest emails, with their links."""
    pages = Blueprint("demo", __name__)

    @pages.app_context_processor
    def mailbox_address() -> dict[str, str]:
        if not is_local(services.config):
            return {}
        return {"demo_mail": url_for("demo.mailbox")}

    @pages.get("/demo/mail")
    def mailbox() -> str:
        if not is_local(services.config):
            raise NotFound
        folder = services.config.path(services.config.mail.folder)
        return render_template("web/public/demo-mailbox.html", mails=list(newest(folder)))

    return pages


def newest(folder: Path) -> Iterator[Email]:
    """The newest emails of a folder, at most MAX_EMAILS."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in files[:MAX_EMAILS]:
        message = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        yield Email(str(message["To"]), str(message["Subject"]), link_addresses(text))


def link_addresses(text: str) -> Markup:
    """The text as HTML, with its URLs as links."""
    parts = re.split(r"(https?://[^\s<>\"]+)", text)
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )
