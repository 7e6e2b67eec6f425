"""Account questions: does a Moodle account belong to a member? Answer many at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.config import Config
from bridge.membership.names import full_name
from bridge.store.accounts import questions as store
from bridge.store.accounts.questions import ListedQuestion, Result
from bridge.web.committee.needs_attention.account_labels import ANSWERS, REFUSALS, translate_reason
from bridge.web.common.access import open_to, own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.columns import cell, day, text, visitor_may
from bridge.web.lists.filter_fields import REGION, FlagField
from bridge.web.lists.filters import Filters, selected_ids
from bridge.web.lists.list_page import ListPage, NextStep
from bridge.web.lists.routes import add_list_routes

ANSWERED = FlagField("answered", _("State"), off=_("Open"), on=_("Answered"))


def blueprint(services: Services) -> Blueprint:
    """`/committee/account-questions`, answering selected questions, and withdrawing answers.

    Chairs and auditors can read the questions of their regions; only the committee answers.
    """
    pages = Blueprint("account_questions", __name__, url_prefix=LIST.address)
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
            result = store.answer(
                session,
                ids,
                cast(store.Answer, chosen),
                current_visitor().email,
                services.now(),
                own=own_members(session),
            )
            refused = store.questions_by_ids(session, result.refused)
        _flash_result(result, refused)
        return _redirect_to_list(services, result)

    @pages.post("/withdraw")
    @open_to("accounts-answer")
    def withdraw() -> Answer:
        with services.database.transaction() as session:
            result = store.withdraw(
                session,
                selected_ids("question"),
                current_visitor().email,
                services.now(),
                own=own_members(session),
            )
            refused = store.questions_by_ids(session, result.refused)
        if result.changed:
            flash(ngettext("%(num)s answer withdrawn.", "%(num)s answers withdrawn.",
                           len(result.changed)), "success")  # fmt: skip
        for names, why in _refusals(result, refused):
            flash(gettext("Not withdrawn: %(names)s. %(why)s", names=names, why=why), "danger")
        return _redirect_to_list(services, result)


def profile_url(config: Config, user: int) -> str:
    """The URL of a user's profile in Moodle; '' if no Moodle is configured."""
    return f"{config.moodle.url.rstrip('/')}/user/profile.php?id={user}" if config.moodle else ""


def _read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[ListedQuestion]:
    listed = store.answered_questions if filters[ANSWERED] else store.open_questions
    return listed(session, limit, after, filters.scope)


def _flash_result(result: Result, refused: Sequence[ListedQuestion]) -> None:
    if result.changed:
        flash(ngettext("%(num)s question answered.", "%(num)s questions answered.",
                       len(result.changed)), "success")  # fmt: skip
    if result.moved:
        flash(
            gettext("Accounts were moved from other records. “Answered” lists the records you "
                    "can erase."), "info"
        )  # fmt: skip
    for names, why in _refusals(result, refused):
        flash(gettext("Not answered: %(names)s. %(why)s", names=names, why=why), "danger")


def _refusals(result: Result, refused: Sequence[ListedQuestion]) -> Iterator[tuple[str, str]]:
    """Each reason for a refusal, after the names of the members."""
    for why in dict.fromkeys(result.refused.values()):
        names = [_name(each) for each in refused if result.refused[each.id] == why]
        yield ", ".join(names) or "—", REFUSALS.get(why, why)


def _name(each: ListedQuestion) -> str:
    return f"{full_name(each.first_name, each.last_name)} ({each.moodle_user_id})"


def _redirect_to_list(services: Services, result: Result) -> Answer:
    if result.changed:
        services.trigger_job()
    elif not result.refused:
        flash(gettext("Nothing was changed. Select the questions first."), "info")
    return redirect(url_for(LIST.endpoint), 303)


LIST: ListPage[ListedQuestion] = ListPage(
    endpoint="account_questions.index",
    address="/committee/account-questions",
    title=_("Account questions"),
    access="accounts",
    parent=("failed_deliveries.index", _("Needs attention")),
    introduction=_(
        "Does this Moodle account belong to this member? Compare the two, then answer. Answers "
        "are saved."
    ),
    fields=(REGION, ANSWERED),
    next_step=NextStep(
        _("When it isn't certain whose Moodle account it is, the question appears here.")
    ),
    terms=("account-question", "moodle-account", "member-number"),
    read=_read,
    empty=lambda filters: (
        gettext("There are no answered questions.")
        if filters[ANSWERED]
        else gettext("There are no open questions.")
    ),
    export=None,
    parts="web/committee/lists/account-questions.html",
    context=lambda services, _filters: {
        "answers": ANSWERS,
        "profile_url": lambda user: profile_url(services.config, user),
    },
    columns=(
        cell(_("Select"), "select", shown=visitor_may("accounts-answer"), control=True),
        cell(_("Member"), "member"),
        cell(_("Moodle account"), "account", words=True),
        text(_("Reason"), lambda each: translate_reason(each.reason), words=True),
        day(_("Asked on"), lambda each: each.asked_at),
        cell(_("Answer"), "answer", words=True, shown=lambda filters: filters[ANSWERED]),
    ),
)
