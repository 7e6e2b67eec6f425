"""What emails to members, their recipients and their states are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext, lazy_gettext, ngettext

from bridge.store.delivery.member_emails import EmailSummary, State
from bridge.store.persons.recipients import LeftOut
from bridge.store.tables.member_emails import MemberEmail
from bridge.web.common.services import Services
from bridge.web.layout.formatting import status_name
from bridge.web.layout.language import visitors_language
from bridge.web.lists.filters import milestone_options
from bridge.workflows.member_emails.texts import from_data, text_language

STATES: Mapping[State, str] = {
    "draft": lazy_gettext("Draft"),
    "sending": lazy_gettext("Being sent"),
    "stopped": lazy_gettext("Stopped"),
    "sent": lazy_gettext("Sent"),
}
KINDS: Mapping[State, str] = {
    "draft": "quiet", "sending": "warn", "stopped": "bad", "sent": "good",
}  # fmt: skip
"""The colours of the states."""
LEFT_OUT: Mapping[LeftOut, Callable[[int], str]] = {
    "no-address": lambda n: ngettext("%(num)s has no address", "%(num)s have no address", n),
    "unsubscribed": lambda n: ngettext("%(num)s has unsubscribed", "%(num)s have unsubscribed", n),
    "inactive": lambda n: ngettext("%(num)s is deactivated", "%(num)s are deactivated", n),
    "same-address": lambda n: ngettext(
        "%(num)s shares an address with someone else who gets it",
        "%(num)s share an address with someone else who gets it",
        n,
    ),
}
FAILURES = {
    "never": lazy_gettext("Rejected"),
    "unknown": lazy_gettext("May have been sent"),
    "late": lazy_gettext("Expired"),
}


def shown_state(each: EmailSummary) -> State:
    """The state, as a reader means it: *sent* once nothing is left to send."""
    state: State = each.row.state  # type: ignore[assignment]
    return "sending" if state == "sent" and each.progress.unsent else state


def subject_of(row: MemberEmail, language: str) -> str:
    """The subject in the reader's language, or in the other; '' if there is none yet."""
    texts = from_data(row.texts)
    written = texts.get(text_language(language, texts, language))
    return written.subject if written else ""


def title_of(services: Services, row: MemberEmail) -> str:
    """What an email is called on a page."""
    return subject_of(row, visitors_language(services.config)) or gettext("Without a subject")


def audience_words(services: Services, row: MemberEmail) -> Sequence[tuple[str, str]]:
    """The filters of the list that it goes to: what each is called, and what was chosen."""
    chosen = {name: str(row.filters.get(name) or "") for name in ("region", "status", "milestone")}
    found = []
    if region := chosen["region"]:
        known = services.config.regions.get(region)
        found.append((gettext("Region"), known.name if known else region))
    if chosen["status"]:
        found.append((gettext("Membership"), status_name(chosen["status"])))
    if milestone := chosen["milestone"]:
        titles = {each.value: each.title for each in milestone_options(services)}
        found.append((gettext("Milestone reached"), titles.get(milestone, gettext("(deleted)"))))
    if words := row.filters.get("words"):
        found.append((gettext("Search"), str(words)))
    elif row.filters.get("searched"):
        found.append((gettext("Search"), gettext("yes; the words aren't kept")))
    return found
