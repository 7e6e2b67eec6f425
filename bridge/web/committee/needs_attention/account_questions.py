"""Account questions: does a Moodle account belong to a member? Answer many at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.config import Config
from bridge.store.accounts import questions as store
from bridge.store.accounts.questions import ListedQuestion, Result
from bridge.web.committee.filters import EXPORT_BATCH_SIZE, MAX_ID, PAGE_SIZE, Filters, read_filters
from bridge.web.committee.needs_attention.account_labels import ANSWERS, REFUSALS, translate_reason
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee

INDEX = "account_questions.index"


def blueprint(services: Services) -> Blueprint:
    """`/committee/account-questions`, answering selected questions, and withdrawing answers.

    Chairs and auditors can read the questions of their regions; only the committee answers.
    """
    pages = Blueprint("account_questions", __name__, url_prefix="/committee/account-questions")

    @pages.get("")
    @for_committee()
    def index() -> str:
        filters, answered = read_filters(services), request.args.get("answered", "") == "1"
        found = _read(services, filters, answered)
        shown, last = found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else 0
        params = {"answered": 1 if answered else None}
        first, after = filters.pages(INDEX, bool(last), last, **params)
        return render_template(
            "web/committee/account-questions.html",
            filters=filters, answered=answered, questions=shown, first=first, next=after,
            reason=translate_reason, answers=ANSWERS,
            profile_url=lambda user: profile_url(services.config, user),
            all=filters.address(INDEX, after=filters.after or None, selected=1, **params),
            selected=request.args.get("selected", "") == "1",
        )  # fmt: skip

    _add_answer_routes(pages, services)
    return pages


def _add_answer_routes(pages: Blueprint, services: Services) -> None:
    @pages.post("/answer")
    @for_committee(edit=True)
    def answer() -> Answer:
        ids, chosen = _selected_ids(), request.form.get("answer", "")
        if ids and chosen not in ANSWERS:
            raise NotFound
        with services.database.transaction() as session:
            result = store.answer(
                session, ids, cast(store.Answer, chosen), current_visitor().email, services.now()
            )
            refused = store.questions_by_ids(session, result.refused)
        _flash_result(result, refused)
        return _redirect_to_list(services, result)

    @pages.post("/withdraw")
    @for_committee(edit=True)
    def withdraw() -> Answer:
        with services.database.transaction() as session:
            result = store.withdraw(
                session, _selected_ids(), current_visitor().email, services.now()
            )
        if result.changed:
            flash(ngettext("%(num)s answer withdrawn.", "%(num)s answers withdrawn.",
                           len(result.changed)), "success")  # fmt: skip
        return _redirect_to_list(services, result)


def profile_url(config: Config, user: int) -> str:
    """The URL of a user's profile in Moodle; '' if no Moodle is configured."""
    return f"{config.moodle.url.rstrip('/')}/user/profile.php?id={user}" if config.moodle else ""


def _read(services: Services, filters: Filters, answered: bool) -> Sequence[ListedQuestion]:
    listed = store.answered_questions if answered else store.open_questions
    with services.database.reading() as session:
        return listed(session, PAGE_SIZE + 1, filters.after, filters.scope)


def _selected_ids() -> Collection[int]:
    """The IDs of the selected questions. Raises NotFound if one is invalid."""
    texts = request.form.getlist("question")
    if len(texts) > EXPORT_BATCH_SIZE or not all(
        text.isascii() and text.isdecimal() for text in texts
    ):
        raise NotFound
    ids = dict.fromkeys(map(int, texts))
    if any(each > MAX_ID for each in ids):
        raise NotFound
    return ids


def _flash_result(result: Result, refused: Sequence[ListedQuestion]) -> None:
    if result.changed:
        flash(ngettext("%(num)s question answered.", "%(num)s questions answered.",
                       len(result.changed)), "success")  # fmt: skip
    if result.moved:
        flash(
            gettext("Accounts were moved from other records. “Answered” lists the records you "
                    "can erase."), "info"
        )  # fmt: skip
    for why in dict.fromkeys(result.refused.values()):
        names = [_name(each) for each in refused if result.refused[each.id] == why]
        flash(gettext("Not answered: %(names)s. %(why)s", names=", ".join(names) or "—",
                      why=REFUSALS.get(why, why)), "danger")  # fmt: skip


def _name(each: ListedQuestion) -> str:
    return f"{each.first_name} {each.last_name} ({each.moodle_user_id})"


def _redirect_to_list(services: Services, result: Result) -> Answer:
    if result.changed:
        services.trigger_job()
    elif not result.refused:
        flash(gettext("Nothing was changed. Select the questions first."), "info")
    return redirect(url_for(INDEX), 303)
