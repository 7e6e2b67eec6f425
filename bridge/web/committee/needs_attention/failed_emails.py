"""Mails of the pages that could not be sent: why, what to do about it, and trying again.

They have no region, and most are to people who are no members yet: whom one is for is shown only
where the address is one of the configuration's, so that it can be corrected there.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.config import Config
from bridge.store.delivery.failed_emails import FailedEmail, failed_emails, retry
from bridge.store.members.matching import email_key
from bridge.store.operations import audit_log
from bridge.web.committee.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.committee.filters import MAX_ID, PAGE_SIZE, number
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee

KINDS = {
    "sign-in": lazy_gettext("Link to sign in"),
    "confirm": lazy_gettext("Link that confirms a sign-up"),
    "already": lazy_gettext("Word that one is signed up already"),
    "shared-address": lazy_gettext("Word that several members have one address"),
    "new-address": lazy_gettext("Link that proves a new address"),
    "address-changed": lazy_gettext("Word that an address was changed"),
    "contact": lazy_gettext("Request to be contacted"),
    "digest": lazy_gettext("Weekly digest"),
}
REASONS = {
    "never": lazy_gettext("Refused"),
    "configuration": lazy_gettext("A setting is missing"),
    "later": lazy_gettext("Retried many times"),
    "late": lazy_gettext("Too late to be of use"),
}
ADVICE = {
    "never": lazy_gettext(
        "An address that people write themselves may be misspelt: they can ask again. If the "
        "message names something here, have it corrected, then try again."
    ),
    "known": lazy_gettext(
        "Have the address corrected in the configuration. The request to be contacted itself is "
        "kept, on the page “Requests”."
    ),
    "configuration": lazy_gettext(
        "Ask whoever runs the service to correct the setting that the message names. "
        "It is tried again by itself; “Try again” does it at once."
    ),
    "later": lazy_gettext(
        "It is retried automatically. If the message stays the same, ask the person who runs the "
        "service to correct what it names."
    ),
    "late": lazy_gettext(
        "Nothing: whoever waited for it can ask again. Many of these mean that mails could not "
        "be sent for a while."
    ),
}
RETRY_LIMIT = 5
"""How many the page of deliveries shows."""


@dataclass(frozen=True, slots=True)
class FailedEmailRow:
    """A letter in words. `to` is '' where the address is nobody's here."""

    letter: FailedEmail
    what: str
    to: str
    reason: str
    advice: str


def blueprint(services: Services) -> Blueprint:
    """`/committee/letters`, as CSV, and trying one of them again."""
    pages = Blueprint("letters", __name__, url_prefix="/committee/letters")

    @pages.get("")
    @for_committee(chairs=False)
    def index() -> str:
        after = number("after") or 0
        found = _read(services, PAGE_SIZE + 1, after)
        shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
        return render_template(
            "web/committee/letters.html",
            unsent=[_described(services.config, each) for each in shown],
            first=url_for("letters.index") if after else "",
            next=url_for("letters.index", after=shown[-1].id) if more else "",
        )

    @pages.get("/list.csv")
    @for_committee(chairs=False)
    def table() -> Response:
        audit_export(services, "letters", {})
        found = iter_all_pages(lambda limit, after: _read(services, limit, after))
        return csv_response(
            "letters", _heads(), (_cells(_described(services.config, each)) for each in found)
        )

    @pages.post("/<int:letter>/retry")
    @for_committee(edit=True)
    def again(letter: int) -> Answer:
        if letter > MAX_ID:
            raise NotFound
        _again(services, letter)
        return redirect(url_for("letters.index"), 303)

    return pages


def waiting(services: Services) -> list[FailedEmailRow]:
    """The first few, for the page of deliveries. One query."""
    return [_described(services.config, each) for each in _read(services, RETRY_LIMIT, 0)]


def _read(services: Services, limit: int, after: int) -> list[FailedEmail]:
    with services.database.reading() as session:
        return failed_emails(session, limit, after)


def _described(config: Config, letter: FailedEmail) -> FailedEmailRow:
    to = letter.email if letter.email in _known(config) else ""
    advice = "known" if to and letter.reason == "never" else letter.reason
    return FailedEmailRow(
        letter,
        str(KINDS.get(letter.kind, letter.kind)),
        to,
        str(REASONS.get(letter.reason, letter.reason)),
        str(ADVICE[advice]),
    )


def _known(config: Config) -> set[str]:
    """The addresses that stand in the configuration, as they are compared."""
    regions = config.regions.values()
    people = [one.email for each in regions for one in (each.chair, each.director) if one]
    return {email_key(each) for each in (*people, *config.committee, *config.auditors)}


def _again(services: Services, letter: int) -> None:
    """Try it again at once, unless it was meanwhile, or came too late."""
    now = services.now()
    with services.database.transaction() as session:
        tried = retry(session, now, [letter])
        for each in tried:
            before = {"state": each.state, "reason": each.reason, "attempts": each.attempts}
            after = {"letter": each.id, "kind": each.kind, "state": "owed"}
            audit_log.write(session, current_visitor().email, "retry", None, before, after, now)
    if tried:
        services.trigger_job()
        flash(gettext("The mail is tried again."), "success")
    else:
        flash(gettext("There was nothing left to try again."), "info")


def _heads() -> list[str]:
    return [
        gettext("What"), gettext("To"), gettext("Reason"), gettext("Message"),
        gettext("What to do"), gettext("Attempts"), gettext("Since"),
    ]  # fmt: skip


def _cells(each: FailedEmailRow) -> tuple[object, ...]:
    letter = each.letter
    return (
        each.what, each.to, each.reason, letter.last_error, each.advice, letter.attempts,
        letter.created_at,
    )  # fmt: skip
