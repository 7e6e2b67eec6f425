"""`/committee/members/emails`: the emails to members, the newest first, and their pages."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bridge.store.delivery.member_emails import EmailSummary, list_emails
from bridge.web.committee.member_emails import draft_pages, preview_pages, sent_pages
from bridge.web.committee.member_emails.labels import KINDS, STATES, shown_state, title_of
from bridge.web.common.services import Services, current_services
from bridge.web.lists.columns import CsvField, cell, day, text
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes


def blueprint(services: Services) -> Blueprint:
    """The list, its CSV, and the pages of one email."""
    pages = Blueprint("member_emails", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)
    draft_pages.register_routes(pages, services)
    preview_pages.register_routes(pages, services)
    sent_pages.register_routes(pages, services)
    return pages


def _title(each: EmailSummary) -> str:
    return title_of(current_services(), each.row)


LIST: ListPage[EmailSummary] = ListPage(
    endpoint="member_emails.index",
    address="/committee/members/emails",
    title=_("Emails to members"),
    access="member-emails",
    in_menu=True,
    section="members",
    introduction=_(
        "What the committee has written to many members, and drafts. Open one to read it, to see "
        "who it reached, or to stop it."
    ),
    next_step=NextStep(
        _("Filter the list of members, then press “Email these members” below it."),
        "members.index",
        _("Members"),
        "members",
    ),
    fields=(),
    read=lambda session, _filters, limit, after: list_emails(session, limit, after),
    empty=lambda _filters: str(gettext("No emails yet.")),
    export=Export("member-emails"),
    parts="web/committee/member-emails/list-parts.html",
    context=lambda _services, _filters: {
        "states": STATES, "kinds": KINDS, "title_of": _title, "shown_state": shown_state,
    },
    columns=(
        cell(_("Subject"), "email", csv=(CsvField(_("ID"), lambda each: each.id),
                                         CsvField(_("Subject"), _title))),
        cell(_("State"), "state",
             csv=(CsvField(_("State"), lambda each: STATES[shown_state(each)]),)),
        day(_("Sent on"), lambda each: each.row.sent_at),
        text(_("Written by"), lambda each: each.row.sent_by or each.row.created_by, words=True),
        text(_("Recipients"), lambda each: each.row.recipients),
        text(_("Sent"), lambda each: each.progress.sent),
        text(_("Failed"), lambda each: each.progress.failed + each.progress.unknown),
    ),
)  # fmt: skip
