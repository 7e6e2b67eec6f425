"""Contact requests: list them, export them, and mark them as done."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.store.members import contact_requests
from bridge.store.operations import audit_log
from bridge.store.tables.members import ContactRequest
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.formatting import key_as_words
from bridge.web.layout.language import LANGUAGES
from bridge.web.lists.columns import CsvField, button, cell, csv_only, day, lines, region
from bridge.web.lists.filter_fields import MAX_ID, MILESTONE, REGION, FlagField
from bridge.web.lists.filters import Filters, current_filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

DONE = FlagField("handled", _("State"), off=_("Open"), on=_("Done"))


def blueprint(services: Services) -> Blueprint:
    """`/committee/contact-requests`, its CSV, and marking a request as done.

    Chairs can do that too: they get the requests by email, and no member is changed.
    """
    pages = Blueprint("contact_requests", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)

    @pages.post("/<int:number>/handled")
    @open_to("contact-requests-close")
    def mark_done(number: int) -> Answer:
        if _mark_done(services, number):
            flash(gettext("The request is marked as done."), "success")
        else:
            flash(gettext("Someone has already marked it as done."), "info")
        return redirect(url_for("contact_requests.index"), 303)

    return pages


def _read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[ContactRequest]:
    option = filters.milestone
    about = [f"{option.key[0]}:{key}" for key in option.keys] if option else None
    return contact_requests.list_requests(
        session, limit, after, handled=filters[DONE], regions=filters.scope, about=about
    )


def _mark_done(services: Services, number: int) -> bool:
    """Mark a request as done and record it in the audit log. Returns False if it already was.

    Raises NotFound if there is no such request, or if it is for a region of another chair.
    """
    actor, now = current_visitor(), services.now()
    regions = actor.regions("contact-requests-close")
    with services.database.transaction() as session:
        if number > MAX_ID or contact_requests.find(session, number, regions) is None:
            raise NotFound
        changed = contact_requests.handle(session, number, regions, actor.email, now)
        if changed:
            after = {"request": number, "handled": True}
            audit_log.write(session, actor.email, "contact", None, {"handled": False}, after, now)
    return changed


def _about(each: ContactRequest) -> str:
    """The title of the milestone whose page the request was sent from."""
    curriculum, _colon, key = each.about.partition(":")
    titles = (
        option.title
        for option in current_filters().milestones
        if option.key[0] == curriculum and key in option.keys
    )
    return next(titles, key_as_words(key or curriculum))


def _may_mark(filters: Filters) -> bool:
    return not filters[DONE] and current_visitor().may("contact-requests-close")


def _may_mark_this(each: ContactRequest) -> bool:
    regions = current_visitor().regions("contact-requests-close")
    return regions is None or each.region in regions


LIST: ListPage[ContactRequest] = ListPage(
    endpoint="contact_requests.index",
    address="/committee/contact-requests",
    title=_("Contact requests"),
    access="contact-requests",
    in_menu=True,
    section="members",
    introduction=_(
        "People who asked a steward to contact them. Each request was also emailed to the "
        "region's chair, or to the committee."
    ),
    fields=(REGION, MILESTONE, DONE),
    next_step=NextStep(
        _("When someone fills in the contact form on a page of a milestone, it appears here."),
        "dashboard.index",
        _("Dashboard"),
        "statistics",
    ),
    terms=("contact-request", "chair"),
    note=lambda filters: (
        gettext("Requests are deleted 90 days after they are marked as done.")
        if filters[DONE]
        else ""
    ),
    read=_read,
    empty=lambda filters: (
        gettext("No results.") if filters[DONE] else gettext("There are no open requests.")
    ),
    export=Export("contact-requests"),
    parts="web/committee/lists/contact-requests.html",
    columns=(
        csv_only(_("Since"), lambda each: each.created_at),
        cell(
            _("Who"),
            "who",
            csv=(
                CsvField(_("Name"), lambda each: each.name),
                CsvField(_("Email"), lambda each: each.email),
                CsvField(_("Phone"), lambda each: each.phone),
            ),
        ),
        region(note=CsvField(_("About"), _about)),
        lines(_("Message"), lambda each: each.message),
        day(
            _("Since"),
            lambda each: each.created_at,
            note=lambda each: LANGUAGES.get(each.language, each.language),
            csv=(),
        ),
        day(
            _("Done"),
            lambda each: each.handled_at,
            note=CsvField(_("By"), lambda each: each.handled_by),
            words=True,
            shown=lambda filters: filters[DONE],
        ),
        button(
            _("Mark as done"),
            lambda each: url_for("contact_requests.mark_done", number=each.id),
            lambda each: gettext("Mark as done: %(name)s", name=each.name),
            offered=_may_mark_this,
            shown=_may_mark,
        ),
    ),
)
