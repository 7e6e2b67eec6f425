"""`…/<number>/preview`: who gets an email and how it arrives; a test; sending it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.config import Config
from bridge.errors import MemberError
from bridge.mail.rendering import Email, about_union, render
from bridge.store.persons import recipients
from bridge.store.tables.member_emails import MemberEmail
from bridge.web.committee.member_emails.labels import LEFT_OUT, audience_words, title_of
from bridge.web.committee.member_emails.place import address_of, attempt, find_email
from bridge.web.common.access import open_to
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.workflows.delivery.email_queue import queue_email
from bridge.workflows.member_emails import sending
from bridge.workflows.member_emails.audience import (
    MANY,
    Changed,
    changed_since,
    fingerprint,
    read_audience,
)
from bridge.workflows.member_emails.handing_over import variables_of
from bridge.workflows.member_emails.texts import from_data, has_images, problem_of

MAX_LISTED = 200
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src {images}; sandbox"


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the preview, the email as it arrives, the test, and the button that sends."""
    _add_preview(pages, services)
    _add_sending(pages, services)


def _add_preview(pages: Blueprint, services: Services) -> None:
    @pages.get("/<int:number>/preview")
    @open_to("member-emails")
    def preview(number: int) -> Answer | str:
        with services.database.reading() as session:
            row = find_email(session, number)
            if row.state != "draft":
                return redirect(address_of(number), 303)
            if problem_of(from_data(row.texts), row.reply_to):
                return redirect(url_for("member_emails.edit", number=number), 303)
            found = read_audience(session, row, services.curricula, services.config.language)
            changed = changed_since(row, found)
            names = _names(session, changed)
        return render_template(
            "web/committee/member-emails/preview.html",
            row=row, title=title_of(services, row), found=found, seen=fingerprint(row, found),
            changed=changed, names=names, left_out=LEFT_OUT, many=MANY, limit=MAX_LISTED,
            emails=_arriving(services.config, row), images=has_images(found.texts),
            audience=audience_words(services, row), me=current_visitor().email,
            reply_to=services.config.mail.reply_to,
        )  # fmt: skip

    @pages.get("/<int:number>/as-it-arrives/<language>")
    @open_to("member-emails")
    def as_it_arrives(number: int, language: str) -> Response:
        with services.database.reading() as session:
            row = find_email(session, number)
        found = _arriving(services.config, row).get(language)
        if found is None:
            raise NotFound
        response = make_response(found.html)
        parts = urlsplit(services.config.service.url)
        images = f"{parts.scheme}://{parts.netloc}"
        response.headers["Content-Security-Policy"] = POLICY.format(images=images)
        return response


def _add_sending(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:number>/test")
    @limit_clients(services.limiter, "10 per minute; 60 per hour")
    @open_to("member-emails")
    def test(number: int) -> Answer:
        if attempt(services, number, lambda session: _send_test(services, session, number)):
            services.trigger_job()
            address = current_visitor().email
            flash(gettext("A test is on its way to %(email)s.", email=address), "success")
        return redirect(url_for("member_emails.preview", number=number), 303)

    @pages.post("/<int:number>/send")
    @open_to("member-emails")
    def send(number: int) -> Answer:
        seen, actor, now = request.form.get("seen", ""), current_visitor().email, services.now()
        result = attempt(services, number, lambda session: sending.send(
            session, services.config, services.curricula, number, seen, actor, now
        ))  # fmt: skip
        match result:
            case "sent":
                services.trigger_job()
                flash(gettext("The email is being sent."), "success")
                return redirect(address_of(number), 303)
            case "before":
                flash(gettext("This email was sent before. Nothing was sent again."), "info")
                return redirect(address_of(number), 303)
            case "changed":
                flash(gettext("Nothing was sent: the text or the list has changed since you "
                              "looked. Check it again, then send."), "warning")  # fmt: skip
            case None:
                pass  # `attempt` has told why
        return redirect(url_for("member_emails.preview", number=number), 303)


def _send_test(services: Services, session: Session, number: int) -> bool:
    """Queue the email to the visitor, in each language that is written. Returns True.

    Raises MemberError if it isn't ready to be sent.
    """
    row = find_email(session, number)
    if problem := problem_of(from_data(row.texts), row.reply_to):
        raise MemberError(problem)
    visitor, now = current_visitor(), services.now()
    for language, written in from_data(row.texts).items():
        variables = variables_of(written, row.reply_to)
        variables["subject"] = f"[Test] {written.subject}"
        queue_email(session, "member-email-test", visitor.email, language, variables, now)
    return True


def _names(session: Session, changed: Changed) -> dict[str, Sequence[tuple[int, str, str]]]:
    """The names of those who were added and of those who are gone. One query for each."""
    parts = {"added": changed.added, "gone": changed.gone}
    return {name: recipients.named(session, ids, MAX_LISTED) for name, ids in parts.items() if ids}


def _arriving(config: Config, row: MemberEmail) -> dict[str, Email]:
    """The email as it arrives, by language, with an example of the link to unsubscribe."""
    folder = config.path(config.templates) if config.templates else None
    link = f"{config.service.url}/unsubscribe/…"
    return {
        language: render(
            "member-email",
            {**variables_of(written, row.reply_to), **about_union(config), "unsubscribe": link},
            language=language, folder=folder,
        )
        for language, written in from_data(row.texts).items()
    }  # fmt: skip
