"""Where Moodle differs from what was delivered: a person decides, many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.store.delivery import differences as store
from bridge.store.delivery.differences import ListedDifference, Result
from bridge.web.committee.needs_attention.account_questions import ANSWERED, profile_url
from bridge.web.committee.needs_attention.delivery_labels import DIFFERENCES
from bridge.web.committee.needs_attention.targets import target_in_words
from bridge.web.common.access import open_to, own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.columns import (
    CsvField,
    cell,
    day,
    member,
    region_field,
    text,
    visitor_may,
)
from bridge.web.lists.filter_fields import REGION
from bridge.web.lists.filters import Filters, selected_ids
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

ANSWERS: Mapping[str, str] = {"again": _("Deliver again"), "leave": _("Leave it so")}
REFUSALS: Mapping[str, str] = {
    store.MISSING: _("It is not listed any more."),
    store.ABOUT_YOURSELF: _("It is about your own record. Someone else must answer it."),
    store.IN_MOODLE_ONLY: _(
        "Stewardpath does not unsuspend accounts. Do it in Moodle, or leave it so."
    ),
    store.CARRIED_OUT: _("It has been carried out again already."),
}


def blueprint(services: Services) -> Blueprint:
    """`/committee/moodle-differences`, its CSV, answering, and withdrawing answers.

    Chairs and auditors can read those of their regions; only the committee answers.
    """
    pages = Blueprint("moodle_differences", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)
    _add_answer_routes(pages, services)
    return pages


def _add_answer_routes(pages: Blueprint, services: Services) -> None:
    @pages.post("/answer")
    @open_to("accounts-answer")
    def answer() -> Answer:
        ids, chosen = selected_ids("difference"), request.form.get("answer", "")
        if ids and chosen not in ANSWERS:
            raise NotFound
        with services.database.transaction() as session:
            result = store.answer(
                session,
                ids,
                cast(store.DifferenceAnswer, chosen),
                current_visitor().email,
                services.now(),
                own=own_members(session),
            )
        return _flash_and_redirect(services, result)

    @pages.post("/withdraw")
    @open_to("accounts-answer")
    def withdraw() -> Answer:
        with services.database.transaction() as session:
            result = store.withdraw(
                session,
                selected_ids("difference"),
                current_visitor().email,
                services.now(),
                own=own_members(session),
            )
        return _flash_and_redirect(services, result)


def _flash_and_redirect(services: Services, result: Result) -> Answer:
    if result.changed:
        services.trigger_job()
        flash(ngettext("%(num)s difference updated.", "%(num)s differences updated.",
                       len(result.changed)), "success")  # fmt: skip
    elif not result.refused:
        flash(gettext("Nothing was changed. Select the rows first."), "info")
    for why in dict.fromkeys(result.refused.values()):
        flash(gettext("Not changed: %(why)s", why=REFUSALS.get(why, why)), "danger")
    return redirect(url_for(LIST.endpoint), 303)


def _read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[ListedDifference]:
    return store.list_differences(
        session, limit, after, answered=filters[ANSWERED], regions=filters.scope
    )


def _about(each: ListedDifference) -> str:
    return target_in_words(each.target)


LIST: ListPage[ListedDifference] = ListPage(
    endpoint="moodle_differences.index",
    address="/committee/moodle-differences",
    title=_("Moodle differences"),
    access="accounts",
    parent=("failed_deliveries.index", _("Needs attention")),
    introduction=_(
        "Someone may have changed this in Moodle on purpose. Decide whether to deliver it again "
        "or leave it so. Answers are saved, and you can change them."
    ),
    fields=(REGION, ANSWERED),
    next_step=NextStep(
        _("Every night, Moodle is compared with what it should be. What differs appears here.")
    ),
    terms=("difference", "delivery", "moodle-account"),
    read=_read,
    empty=lambda filters: (
        gettext("There are no answered differences.")
        if filters[ANSWERED]
        else gettext("There are no open differences.")
    ),
    export=Export("moodle-differences"),
    parts="web/committee/lists/moodle-differences.html",
    context=lambda services, _filters: {
        "answers": ANSWERS,
        "profile_url": lambda user: profile_url(services.config, user),
    },
    columns=(
        cell(_("Select"), "select", shown=visitor_may("accounts-answer"), control=True),
        member(lambda each: each.member_id, note=region_field()),
        text(
            _("What differs"),
            lambda each: DIFFERENCES[each.what],
            note=CsvField(_("About"), _about),
        ),
        cell(_("Moodle account"), "account"),
        day(_("Since"), lambda each: each.found_at),
        cell(_("Answer"), "answer", words=True, shown=lambda filters: filters[ANSWERED]),
    ),
)
