"""Failed emails: why they failed, what to do about it, and retrying them.

The recipient is shown only if the address is in the configuration, where it can be corrected. Most
other recipients aren't members yet. Of a confidential email, those without the right to see it get
only the reason: not what it is, to whom, or the message.
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.access.rights import RIGHTS, Right
from bridge.config import Config
from bridge.features.registers import all_emails
from bridge.store.delivery import failed_emails as store
from bridge.store.delivery.failed_emails import FailedEmail
from bridge.store.members.matching import email_key
from bridge.store.operations import audit_log
from bridge.web.committee.needs_attention.delivery_labels import MAY_HAVE_BEEN_SENT
from bridge.web.committee.needs_attention.unknown_outcomes import (
    buttons_for,
    flash_treated_as_sent,
)
from bridge.web.common.access import open_to
from bridge.web.common.services import Services, current_services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translated_text
from bridge.web.lists.columns import (
    Button,
    CsvField,
    buttons,
    chip,
    date_and_time,
    text,
    visitor_may,
)
from bridge.web.lists.filter_fields import MAX_ID
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

REASONS = {
    "never": _("Rejected"),
    "configuration": _("Setting missing or wrong"),
    "later": _("Failing repeatedly"),
    "unknown": _("May have been sent"),
    "late": _("Expired"),
}
ADVICE = {
    "never": _(
        "If the recipient mistyped the address, they can request the email again. If "
        "the message describes a problem on this site, have it fixed, then retry."
    ),
    "contact": _(
        "Have the address corrected in the configuration. The request itself is still "
        "listed under “Contact requests”."
    ),
    "configured": _(
        "If the address is wrong in the configuration, have it corrected. If the message "
        "describes a problem on this site, have it fixed, then retry."
    ),
    "configuration": _(
        "Ask the administrator of this service to correct the setting in the message. "
        "It is then retried automatically; to retry immediately, press “Retry”."
    ),
    "later": _(
        "This is retried automatically. If the message doesn't change, ask the "
        "administrator of this service to fix the problem it describes."
    ),
    "unknown": MAY_HAVE_BEEN_SENT,
    "late": _(
        "Nothing: the recipient can request the email again. If there are many of "
        "these, sending email failed for some time."
    ),
    "overtaken": _(
        "Nothing: a later email about the same has been sent or is being sent, so this one isn't "
        "sent any more."
    ),
}


def blueprint(services: Services) -> Blueprint:
    """`/committee/failed-emails`, its CSV, and retrying one of them."""
    pages = Blueprint("failed_emails", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)

    @pages.post("/<int:number>/retry")
    @open_to("emails-retry")
    def retry(number: int) -> Answer:
        if number > MAX_ID:
            raise NotFound
        _retry(services, number)
        return redirect(url_for("failed_emails.index"), 303)

    @pages.post("/<int:number>/sent")
    @open_to("emails-retry")
    def treat_as_sent(number: int) -> Answer:
        if number > MAX_ID:
            raise NotFound
        _treat_as_sent(services, number)
        return redirect(url_for("failed_emails.index"), 303)

    return pages


def _is_hidden(each: FailedEmail) -> bool:
    """Whether the email is confidential, and not for this visitor."""
    return bool(each.needs) and (
        each.needs not in RIGHTS or current_visitor().regions(cast(Right, each.needs)) is not None
    )


def _message(each: FailedEmail) -> str:
    return "" if _is_hidden(each) else each.last_error


def _kind(each: FailedEmail) -> str:
    """The label of its kind; the kind if no email has it any more."""
    if _is_hidden(each):
        return str(gettext("Confidential email"))
    labels = {
        str(kind): declared.label
        for kind, declared in all_emails(current_services().features).items()
    }
    return translated_text(labels.get(each.kind, each.kind))


def _recipient(each: FailedEmail) -> str:
    """The address if it is in the configuration, else ''."""
    if _is_hidden(each):
        return ""
    return each.email if each.email in _configured_addresses(current_services().config) else ""


def _advice(each: FailedEmail) -> str:
    if each.overtaken:
        return str(ADVICE["overtaken"])
    if each.reason == "never" and _recipient(each):
        return str(ADVICE["contact" if each.kind == "contact" else "configured"])
    return str(ADVICE[each.reason])


def _configured_addresses(config: Config) -> set[str]:
    """The email addresses in the configuration, normalized for comparison."""
    regions = config.regions.values()
    contacts = [one.email for each in regions for one in (each.chair, each.director) if one]
    return {email_key(each) for each in (*contacts, *config.committee, *config.auditors)}


def _retry(services: Services, number: int) -> None:
    """Retry an email immediately, unless it was retried meanwhile or has expired."""
    now = services.now()
    with services.database.transaction() as session:
        retried = store.retry(session, now, [number])
        for each in retried:
            before = {"state": each.state, "reason": each.reason, "attempts": each.attempts}
            after = {"email": each.id, "kind": each.kind, "state": "owed"}
            actor, needs = current_visitor().email, _right(each.needs)
            audit_log.write(session, actor, "retry", None, before, after, now, needs=needs)
    if retried:
        services.trigger_job()
        flash(gettext("Retrying the email."), "success")
    else:
        flash(gettext("There was nothing left to retry."), "info")


def _treat_as_sent(services: Services, number: int) -> None:
    now = services.now()
    with services.database.transaction() as session:
        settled = store.treat_as_sent(session, now, [number])
        needed = store.rights_needed(session, settled)
        for each in settled:
            before, after = {"reason": "unknown"}, {"email": each, "state": "done"}
            actor, needs = current_visitor().email, _right(needed[each])
            audit_log.write(session, actor, "treat-as-sent", None, before, after, now, needs=needs)
    flash_treated_as_sent(settled)


def _right(needs: str) -> Right | None:
    return cast("Right | None", needs or None)


def _buttons(each: FailedEmail) -> list[Button]:
    retry = url_for("failed_emails.retry", number=each.id) if each.may_be_retried else ""
    sent = url_for("failed_emails.treat_as_sent", number=each.id)
    return buttons_for(each.reason, _kind(each), retry, sent)


LIST: ListPage[FailedEmail] = ListPage(
    endpoint="failed_emails.index",
    address="/committee/failed-emails",
    title=_("Failed emails"),
    access="emails",
    parent=("failed_deliveries.index", _("Needs attention")),
    introduction=_(
        "Emails from this site that could not be sent: sign-in links, confirmations, contact "
        "requests and digests. The recipient is hidden unless the address is in the "
        "configuration. Failed emails are deleted after a month."
    ),
    fields=(),
    next_step=NextStep(
        _("Emails are sent again automatically. Those that need you appear here."),
        "failed_deliveries.index",
        _("Needs attention"),
        "deliveries",
    ),
    terms=("delivery",),
    read=lambda session, _filters, limit, after: store.failed_emails(session, limit, after),
    empty=lambda _filters: gettext("Nothing needs your attention."),
    export=Export("failed-emails"),
    columns=(
        text(_("What"), _kind, note=CsvField(_("To"), _recipient)),
        chip(
            _("Reason"),
            lambda each: REASONS.get(each.reason, each.reason),
            lambda each: "bad" if each.reason == "never" else "warn",
            detail=CsvField(_("Message"), _message),
        ),
        text(_("What to do"), _advice, words=True),
        date_and_time(
            _("Since"),
            lambda each: each.created_at,
            note=lambda each: ngettext("%(num)s attempt", "%(num)s attempts", each.attempts),
            csv=(
                CsvField(_("Attempts"), lambda each: each.attempts),
                CsvField(_("Since"), lambda each: each.created_at),
            ),
        ),
        buttons(_buttons, shown=visitor_may("emails-retry")),
    ),
)
