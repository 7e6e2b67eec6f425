"""`/committee/forms`: the forms that members sent, their CSV, and one of them with its answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.access.rights import Right
from bridge.foundations.forms import submissions
from bridge.foundations.forms.submissions import Submission
from bridge.store.operations import audit_log
from bridge.web.committee.forms.form_filter import FORM, form_names
from bridge.web.committee.forms.readable import readable_rights
from bridge.web.common.access import open_to
from bridge.web.common.form_presence import has_forms
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.lists.columns import cell, csv_only, date_and_time
from bridge.web.lists.filter_fields import MAX_ID, FlagField
from bridge.web.lists.filters import Filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

WITHDRAWN = FlagField("withdrawn", _("State"), off=_("Sent"), on=_("Withdrawn"))


def blueprint(services: Services) -> Blueprint:
    """`/committee/forms`, its CSV, and `/committee/forms/<number>`."""
    pages = Blueprint("sent_forms", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)

    @pages.get("/<int:number>")
    @open_to("forms-page")
    def submission(number: int) -> str:
        with services.database.transaction() as session:
            found = submissions.find(session, number) if number <= MAX_ID else None
            if found is None or found.needs not in readable_rights():
                raise NotFound
            after = {"form": found.name, "submission": found.id}
            actor, now = current_visitor().email, services.now()
            audit_log.write(
                session, actor, "form-read", found.member_id, {}, after, now,
                person_id=found.person_id, needs=cast("Right | None", found.needs or None),
            )  # fmt: skip
        language = visitors_language(services.config)
        return render_template("web/committee/forms/submission.html", each=found, language=language)

    return pages


def _read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[Submission]:
    names = form_names(filters[FORM]) if filters[FORM] else None
    withdrawn = filters[WITHDRAWN]
    return submissions.list_submissions(
        session, limit, after, names=names, withdrawn=withdrawn, readable=readable_rights()
    )


def _answers(each: Submission) -> str:
    """The answers as JSON, by the keys of the fields."""
    return json.dumps(dict(each.answers), ensure_ascii=False, sort_keys=True)


LIST: ListPage[Submission] = ListPage(
    endpoint="sent_forms.index",
    address="/committee/forms",
    title=_("Sent forms"),
    access="forms-page",
    in_menu=True,
    section="courses",
    menu_shown=has_forms,
    introduction=_(
        "Forms that were sent and that you may read, with the questions as they were then."
    ),
    fields=(FORM, WITHDRAWN),
    next_step=NextStep(
        _("Choose another form. What members and guests send from now on appears here.")
    ),
    terms=("form",),
    read=_read,
    empty=lambda _filters: str(_("No results.")),
    export=Export("sent-forms"),
    parts="web/committee/forms/list-parts.html",
    columns=(
        cell(_("Form"), "form"),
        csv_only(_("Form"), lambda each: each.name),
        csv_only(_("Name"), lambda each: each.sender),
        csv_only(_("Email"), lambda each: each.email),
        cell(_("Who"), "who"),
        date_and_time(_("Sent"), lambda each: each.submitted_at),
        csv_only(_("Answers"), _answers),
        csv_only(_("Revision"), lambda each: each.revision),
    ),
)
