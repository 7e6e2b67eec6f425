"""`/committee/consultations`: all consultations, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Blueprint
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.consultations.answers.results import ConsultationSummary, list_consultations
from bridge.consultations.rules import State
from bridge.web.committee.consultations import (
    answers_page,
    exports,
    opening_pages,
    people_pages,
    responses_page,
)
from bridge.web.common.services import Services
from bridge.web.layout.formatting import local_time
from bridge.web.lists.columns import cell, csv_only, text
from bridge.web.lists.filter_fields import FlagField
from bridge.web.lists.filters import Filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

FINISHED = FlagField("finished", _("Which"), off=_("Open and closed"), on=_("Finished"))
STATES: dict[State, str] = {
    "open": _("Open for answers"),
    "closed": _("Closed"),
    "finished": _("Finished"),
}


def blueprint(services: Services) -> Blueprint:
    """`/committee/consultations`, its CSV, and the pages of one consultation."""
    pages = Blueprint("committee_consultations", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)
    opening_pages.register_routes(pages, services)
    responses_page.register_routes(pages, services)
    people_pages.register_routes(pages, services)
    answers_page.register_routes(pages, services)
    exports.register_routes(pages, services)
    return pages


def _read(
    session: Session, filters: Filters, limit: int, after: int
) -> Sequence[ConsultationSummary]:
    return list_consultations(session, limit, after, finished=filters[FINISHED])


LIST: ListPage[ConsultationSummary] = ListPage(
    endpoint="committee_consultations.index",
    address="/committee/consultations",
    title=_("Consultations"),
    access="consultations",
    in_menu=True,
    section="courses",
    introduction=_("What people outside the committee say about a milestone, or the whole path."),
    next_step=NextStep(
        _("Open a consultation, then invite people to read a text and answer."),
        "committee_consultations.new",
        _("Open a consultation"),
        "consultations-change",
    ),
    fields=(FINISHED,),
    read=_read,
    empty=lambda _filters: str(gettext("No consultations.")),
    export=Export("consultations"),
    parts="web/committee/consultations/list-parts.html",
    columns=(
        cell(_("Consultation"), "consultation"),
        csv_only(_("ID"), lambda each: each.id),
        csv_only(_("Consultation"), lambda each: each.row.title),
        csv_only(_("Curriculum"), lambda each: each.row.curriculum),
        csv_only(_("Milestone"), lambda each: each.row.milestone),
        text(_("State"), lambda each: STATES[cast(State, each.row.state)]),
        text(
            _("Last day for answers"), lambda each: local_time(each.row.closes, "full"),
            note=lambda each: each.row.zone, csv=(),
        ),
        csv_only(_("Last day for answers"), lambda each: f"{each.row.closes:%Y-%m-%d %H:%M}"),
        csv_only(_("Time zone"), lambda each: each.row.zone),
        text(_("Invited"), lambda each: each.invited),
        text(_("Answered"), lambda each: each.answered),
    ),
)  # fmt: skip
