"""Failed emails: why they failed, what to do about it, and retrying them.

The recipient is shown only if the address is in the configuration, where it can be corrected. Most
other recipients aren't members yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.config import Config
from bridge.mail.kinds import EMAILS
from bridge.store.delivery.failed_emails import (
    FailedEmail,
    failed_emails,
)
from bridge.store.delivery.failed_emails import (
    retry as retry_failed_emails,
)
from bridge.store.members.matching import email_key
from bridge.store.operations import audit_log
from bridge.web.committee.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.committee.filters import MAX_ID, PAGE_SIZE, id_parameter
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee

KINDS = {str(kind): lazy_gettext(each.label.template) for kind, each in EMAILS.items()}
REASONS = {
    "never": lazy_gettext("Rejected"),
    "configuration": lazy_gettext("Setting missing or wrong"),
    "later": lazy_gettext("Failing repeatedly"),
    "late": lazy_gettext("Expired"),
}
ADVICE = {
    "never": lazy_gettext(
        "If the recipient mistyped the address, they can request the email again. If "
        "the message describes a problem on this site, have it fixed, then retry."
    ),
    "linked": lazy_gettext(
        "Have the address corrected in the configuration. The request itself is still "
        "listed under “Contact requests”."
    ),
    "configuration": lazy_gettext(
        "Ask the administrator of this service to correct the setting in the message. "
        "It is then retried automatically; to retry immediately, press “Retry”."
    ),
    "later": lazy_gettext(
        "This is retried automatically. If the message doesn't change, ask the "
        "administrator of this service to fix the problem it describes."
    ),
    "late": lazy_gettext(
        "Nothing: the recipient can request the email again. If there are many of "
        "these, sending email failed for some time."
    ),
}
SHORT_LIST_SIZE = 5
"""How many failed emails the page “Needs attention” shows."""


@dataclass(frozen=True, slots=True)
class FailedEmailRow:
    """A failed email with its labels. `to`: the address if it is in the configuration, else ''."""

    email: FailedEmail
    what: str
    to: str
    reason: str
    advice: str


def blueprint(services: Services) -> Blueprint:
    """`/committee/failed-emails`, its CSV, and retrying one of them."""
    pages = Blueprint("failed_emails", __name__, url_prefix="/committee/failed-emails")

    @pages.get("")
    @for_committee(chairs=False)
    def index() -> str:
        after = id_parameter("after") or 0
        found = _read(services, PAGE_SIZE + 1, after)
        shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
        return render_template(
            "web/committee/failed-emails.html",
            failed_emails=[_row(services.config, each) for each in shown],
            first=url_for("failed_emails.index") if after else "",
            next=url_for("failed_emails.index", after=shown[-1].id) if more else "",
        )

    @pages.get("/list.csv")
    @for_committee(chairs=False)
    def table() -> Response:
        audit_export(services, "failed-emails", {})
        found = iter_all_pages(lambda limit, after: _read(services, limit, after))
        return csv_response(
            "failed-emails", _header(), (_cells(_row(services.config, each)) for each in found)
        )

    @pages.post("/<int:number>/retry")
    @for_committee(edit=True)
    def retry(number: int) -> Answer:
        if number > MAX_ID:
            raise NotFound
        _retry(services, number)
        return redirect(url_for("failed_emails.index"), 303)

    return pages


def newest(services: Services) -> list[FailedEmailRow]:
    """The failed emails for the page “Needs attention”. One query."""
    return [_row(services.config, each) for each in _read(services, SHORT_LIST_SIZE, 0)]


def _read(services: Services, limit: int, after: int) -> list[FailedEmail]:
    with services.database.reading() as session:
        return failed_emails(session, limit, after)


def _row(config: Config, email: FailedEmail) -> FailedEmailRow:
    to = email.email if email.email in _configured_addresses(config) else ""
    advice = "linked" if to and email.reason == "never" else email.reason
    return FailedEmailRow(
        email,
        str(KINDS.get(email.kind, email.kind)),
        to,
        str(REASONS.get(email.reason, email.reason)),
        str(ADVICE[advice]),
    )


def _configured_addresses(config: Config) -> set[str]:
    """The email addresses in the configuration, normalized for comparison."""
    regions = config.regions.values()
    contacts = [one.email for each in regions for one in (each.chair, each.director) if one]
    return {email_key(each) for each in (*contacts, *config.committee, *config.auditors)}


def _retry(services: Services, number: int) -> None:
    """Retry an email immediately, unless it was retried meanwhile or has expired."""
    now = services.now()
    with services.database.transaction() as session:
        retried = retry_failed_emails(session, now, [number])
        for each in retried:
            before = {"state": each.state, "reason": each.reason, "attempts": each.attempts}
            after = {"email": each.id, "kind": each.kind, "state": "owed"}
            audit_log.write(session, current_visitor().email, "retry", None, before, after, now)
    if retried:
        services.trigger_job()
        flash(gettext("Retrying the email."), "success")
    else:
        flash(gettext("There was nothing left to retry."), "info")


def _header() -> list[str]:
    return [
        gettext("What"), gettext("To"), gettext("Reason"), gettext("Message"),
        gettext("What to do"), gettext("Attempts"), gettext("Since"),
    ]  # fmt: skip


def _cells(each: FailedEmailRow) -> tuple[object, ...]:
    email = each.email
    return (
        each.what, each.to, each.reason, email.last_error, each.advice, email.attempts,
        email.created_at,
    )  # fmt: skip
