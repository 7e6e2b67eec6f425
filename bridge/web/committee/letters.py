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
from bridge.store import audit
from bridge.store.matching import email_key
from bridge.store.unsent import Unsent, retry, unsent
from bridge.web.collaborators import Collaborators
from bridge.web.committee.filters import LARGEST, PAGE, number
from bridge.web.committee.sheet import everything, noted, sheet
from bridge.web.identity import for_committee, visitor

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
FEW = 5
"""How many the page of deliveries shows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter in words. `to` is '' where the address is nobody's here."""

    letter: Unsent
    what: str
    to: str
    reason: str
    advice: str


def blueprint(house: Collaborators) -> Blueprint:
    """`/committee/letters`, as CSV, and trying one of them again."""
    pages = Blueprint("letters", __name__, url_prefix="/committee/letters")

    @pages.get("")
    @for_committee(chairs=False)
    def index() -> str:
        after = number("after") or 0
        found = _read(house, PAGE + 1, after)
        shown, more = found[:PAGE], len(found) > PAGE
        return render_template(
            "web/committee/letters.html",
            unsent=[_described(house.config, each) for each in shown],
            first=url_for("letters.index") if after else "",
            next=url_for("letters.index", after=shown[-1].id) if more else "",
        )

    @pages.get("/list.csv")
    @for_committee(chairs=False)
    def table() -> Response:
        noted(house, "letters", {})
        found = everything(lambda limit, after: _read(house, limit, after))
        return sheet(
            "letters", _heads(), (_cells(_described(house.config, each)) for each in found)
        )

    @pages.post("/<int:letter>/retry")
    @for_committee(edit=True)
    def again(letter: int) -> Answer:
        if letter > LARGEST:
            raise NotFound
        _again(house, letter)
        return redirect(url_for("letters.index"), 303)

    return pages


def waiting(house: Collaborators) -> list[Shown]:
    """The first few, for the page of deliveries. One query."""
    return [_described(house.config, each) for each in _read(house, FEW, 0)]


def _read(house: Collaborators, limit: int, after: int) -> list[Unsent]:
    with house.database.reading() as session:
        return unsent(session, limit, after)


def _described(config: Config, letter: Unsent) -> Shown:
    to = letter.email if letter.email in _known(config) else ""
    advice = "known" if to and letter.reason == "never" else letter.reason
    return Shown(
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


def _again(house: Collaborators, letter: int) -> None:
    """Try it again at once, unless it was meanwhile, or came too late."""
    now = house.now()
    with house.database.transaction() as session:
        tried = retry(session, now, [letter])
        for each in tried:
            before = {"state": each.state, "reason": each.reason, "attempts": each.attempts}
            after = {"letter": each.id, "kind": each.kind, "state": "owed"}
            audit.write(session, visitor().email, "retry", None, before, after, now)
    if tried:
        house.wake()
        flash(gettext("The mail is tried again."), "success")
    else:
        flash(gettext("There was nothing left to try again."), "info")


def _heads() -> list[str]:
    return [
        gettext("What"), gettext("To"), gettext("Reason"), gettext("Message"),
        gettext("What to do"), gettext("Attempts"), gettext("Since"),
    ]  # fmt: skip


def _cells(each: Shown) -> tuple[object, ...]:
    letter = each.letter
    return (
        each.what, each.to, each.reason, letter.last_error, each.advice, letter.attempts,
        letter.created_at,
    )  # fmt: skip
