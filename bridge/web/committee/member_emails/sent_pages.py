"""`…/<number>`: an email that was sent: how far it has come, stopping it, going on, retrying."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.markdown import to_html
from bridge.store.delivery import member_emails
from bridge.store.delivery.member_emails import EmailSummary, Progress
from bridge.web.committee.member_emails.labels import (
    FAILURES,
    KINDS,
    STATES,
    audience_words,
    shown_state,
    title_of,
)
from bridge.web.committee.member_emails.place import address_of, attempt, find_email
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.workflows.member_emails import sending
from bridge.workflows.member_emails.texts import from_data

MAX_LISTED = 200
Action = Literal["stop", "continue", "retry"]


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page of an email, and its buttons."""

    @pages.get("/<int:number>")
    @open_to("member-emails")
    def show(number: int) -> Answer | str:
        with services.database.reading() as session:
            row = find_email(session, number)
            if row.state == "draft":
                return redirect(url_for("member_emails.edit", number=number), 303)
            progress = member_emails.progress_of(session, [number]).get(number, Progress())
            failed = member_emails.failed_recipients(session, number, MAX_LISTED)
        state = shown_state(EmailSummary(number, row, progress))
        texts = {
            language: (each.subject, Markup(to_html(each.text)))  # noqa: S704 - sanitised
            for language, each in from_data(row.texts).items()
        }
        return render_template(
            "web/committee/member-emails/sent.html",
            row=row, title=title_of(services, row), progress=progress, failed=failed, texts=texts,
            state=STATES[state], kind=KINDS[state], shown=state, failures=FAILURES,
            audience=audience_words(services, row), limit=MAX_LISTED,
            reply_to=services.config.mail.reply_to,
        )  # fmt: skip

    @pages.post("/<int:number>/<any(stop, continue, retry):action>")
    @open_to("member-emails")
    def act(number: int, action: Action) -> Answer:
        told = attempt(services, number, lambda session: _act(services, session, number, action))
        if told is not None:
            services.trigger_job()
            flash(told, "success")
        return redirect(address_of(number), 303)


def _act(services: Services, session: Session, number: int, action: Action) -> str:
    """Do what a button says; return what to tell."""
    actor, now = current_visitor().email, services.now()
    match action:
        case "stop":
            left = sending.stop(session, number, actor, now)
            if not left:
                return str(gettext("It was sent to everyone already."))
            return str(ngettext("Stopped. %(num)s member doesn't get it.",
                                "Stopped. %(num)s members don't get it.", left))  # fmt: skip
        case "continue":
            sending.resume(session, number, actor, now)
            return str(gettext("The rest is being sent."))
        case "retry":
            count = sending.retry(session, number, actor, now)
            return str(ngettext("%(num)s email is sent again.",
                                "%(num)s emails are sent again.", count))  # fmt: skip
