"""Number questions: is a record with another number about a member? Answer many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.access.rights import ABOUT_YOURSELF
from bridge.store.members import number_answers
from bridge.store.members import number_questions as store
from bridge.store.members.number_answers import NumberResult
from bridge.store.members.number_questions import ListedNumberQuestion, NumberAnswer
from bridge.web.common.access import open_to, own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.columns import cell, day, text, visitor_may
from bridge.web.lists.filter_fields import REGION, FlagField
from bridge.web.lists.filters import Filters, selected_ids
from bridge.web.lists.list_page import ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

ANSWERED = FlagField("answered", _("State"), off=_("Open"), on=_("Answered"))
ANSWERS = {
    "same": _("Same person, keep the number"),
    "replace": _("Same person, new number"),
    "different": _("Different person"),
}
REASONS: Mapping[str, str] = {
    store.SPELLING: _(
        "Both numbers differ only in their spelling, such as zeros at the beginning."
    ),
    store.SAME_DETAILS: _("Both have the same name and email address."),
}
REFUSALS: Mapping[str, str] = {
    number_answers.MISSING: _("There is no such question."),
    number_answers.ANSWERED: _("It was answered differently. Withdraw that answer first."),
    number_answers.TAKEN: _(
        "Another member has this number. Erase one of the two records, or answer “different”."
    ),
    number_answers.ONE_MEMBER: _(
        "The number means one member. Answer “same” or “replace” for one member only."
    ),
    number_answers.ONE_NUMBER: _("A member has one number. Answer “replace” for one number only."),
    ABOUT_YOURSELF: _("It is about your own record. Someone else must answer it."),
    number_answers.REPLACED: _(
        "It is the member's number now. Withdraw the answer about their former number instead."
    ),
}


def blueprint(services: Services) -> Blueprint:
    """`/committee/number-questions`, answering selected questions, and withdrawing answers.

    Chairs and auditors can read the questions of their regions; only the committee answers.
    """
    pages = Blueprint("number_questions", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)
    _add_answer_routes(pages, services)
    return pages


def _add_answer_routes(pages: Blueprint, services: Services) -> None:
    @pages.post("/answer")
    @open_to("accounts-answer")
    def answer() -> Answer:
        ids, chosen = selected_ids("question"), request.form.get("answer", "")
        if ids and chosen not in ANSWERS:
            raise NotFound
        with services.database.transaction() as session:
            result = number_answers.answer(
                session,
                ids,
                cast(NumberAnswer, chosen),
                current_visitor().email,
                services.now(),
                own=own_members(session),
            )
        if result.changed:
            flash(
                ngettext("%(num)s question answered. Send or import the record again.",
                         "%(num)s questions answered. Send or import the records again.",
                         len(result.changed)), "success"
            )  # fmt: skip
        return _back(result)

    @pages.post("/withdraw")
    @open_to("accounts-answer")
    def withdraw() -> Answer:
        with services.database.transaction() as session:
            result = number_answers.withdraw(
                session,
                selected_ids("question"),
                current_visitor().email,
                services.now(),
                own=own_members(session),
            )
        if result.changed:
            flash(ngettext("%(num)s answer withdrawn.", "%(num)s answers withdrawn.",
                           len(result.changed)), "success")  # fmt: skip
        return _back(result)


def _back(result: NumberResult) -> Answer:
    for why in dict.fromkeys(result.refused.values()):
        flash(gettext("Not answered: %(why)s", why=REFUSALS.get(why, why)), "danger")
    if not result.changed and not result.refused:
        flash(gettext("Nothing was changed. Select the questions first."), "info")
    return redirect(url_for(LIST.endpoint), 303)


def _read(
    session: Session, filters: Filters, limit: int, after: int
) -> Sequence[ListedNumberQuestion]:
    listed = store.answered_questions if filters[ANSWERED] else store.open_questions
    return listed(session, limit, after, filters.scope)


LIST: ListPage[ListedNumberQuestion] = ListPage(
    endpoint="number_questions.index",
    address="/committee/number-questions",
    title=_("Number questions"),
    access="accounts",
    parent=("failed_deliveries.index", _("Needs attention")),
    introduction=_(
        "Is a record with another member number about this member? Compare the two, then answer. "
        "Until then, the record is refused. Answers are saved."
    ),
    fields=(REGION, ANSWERED),
    next_step=NextStep(
        _("When a record has another number for someone you know, the question appears here.")
    ),
    terms=("account-question", "member-number"),
    read=_read,
    empty=lambda filters: (
        gettext("There are no answered questions.")
        if filters[ANSWERED]
        else gettext("There are no open questions.")
    ),
    export=None,
    parts="web/committee/lists/number-questions.html",
    context=lambda _services, _filters: {"answers": ANSWERS},
    columns=(
        cell(_("Select"), "select", shown=visitor_may("accounts-answer"), control=True),
        cell(_("Member"), "member"),
        cell(_("Record"), "record", words=True),
        text(_("Reason"), lambda each: REASONS.get(each.reason, each.reason), words=True),
        day(_("Asked on"), lambda each: each.asked_at),
        cell(_("Answer"), "answer", words=True, shown=lambda filters: filters[ANSWERED]),
    ),
)
