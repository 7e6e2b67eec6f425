"""Questions about Moodle accounts: is this account this member's? Answered many at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.config import Config
from bridge.store.accounts import questions as store
from bridge.store.accounts.questions import Listed, Result
from bridge.web.committee.filters import EXPORT_BATCH_SIZE, MAX_ID, PAGE_SIZE, Filters, read_filters
from bridge.web.committee.needs_attention.account_labels import ANSWERS, REFUSALS, reason_in_words
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee

INDEX = "account_questions.index"


def blueprint(services: Services) -> Blueprint:
    """`/committee/account-questions`, answering those that are ticked, and withdrawing answers.

    Chairs and auditors read the questions of their regions; the committee answers.
    """
    pages = Blueprint("account_questions", __name__, url_prefix="/committee/account-questions")

    @pages.get("")
    @for_committee()
    def index() -> str:
        asked, answered = read_filters(services), request.args.get("answered", "") == "1"
        found = _read(services, asked, answered)
        shown, last = found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else 0
        also = {"answered": 1 if answered else None}
        first, after = asked.pages(INDEX, bool(last), last, **also)
        return render_template(
            "web/committee/account_questions.html",
            filters=asked, answered=answered, questions=shown, first=first, next=after,
            reason=reason_in_words, answers=ANSWERS,
            profile=lambda user: profile(services.config, user),
            all=asked.address(INDEX, after=asked.after or None, selected=1, **also),
            selected=request.args.get("selected", "") == "1",
        )  # fmt: skip

    _answering(pages, services)
    return pages


def _answering(pages: Blueprint, services: Services) -> None:
    @pages.post("/answer")
    @for_committee(edit=True)
    def answer() -> Answer:
        ids, said = _ticked(), request.form.get("answer", "")
        if ids and said not in ANSWERS:
            raise NotFound
        with services.database.transaction() as session:
            result = store.answer(
                session, ids, cast(store.Answer, said), current_visitor().email, services.now()
            )
            refused = store.questions_by_ids(session, result.refused)
        _tell(result, refused)
        return _back(services, result)

    @pages.post("/withdraw")
    @for_committee(edit=True)
    def withdraw() -> Answer:
        with services.database.transaction() as session:
            result = store.withdraw(session, _ticked(), current_visitor().email, services.now())
        if result.changed:
            flash(ngettext("%(num)s answer withdrawn.", "%(num)s answers withdrawn.",
                           len(result.changed)), "success")  # fmt: skip
        return _back(services, result)


def profile(config: Config, user: int) -> str:
    """The address of a user's profile in Moodle; '' if there is no Moodle of our own."""
    return f"{config.moodle.url.rstrip('/')}/user/profile.php?id={user}" if config.moodle else ""


def _read(services: Services, asked: Filters, answered: bool) -> Sequence[Listed]:
    listed = store.answered_questions if answered else store.open_questions
    with services.database.reading() as session:
        return listed(session, PAGE_SIZE + 1, asked.after, asked.scope)


def _ticked() -> Collection[int]:
    """The questions that were ticked. Answers 404 for what is no question's id."""
    texts = request.form.getlist("question")
    if len(texts) > EXPORT_BATCH_SIZE or not all(
        text.isascii() and text.isdecimal() for text in texts
    ):
        raise NotFound
    ids = dict.fromkeys(map(int, texts))
    if any(one > MAX_ID for one in ids):
        raise NotFound
    return ids


def _tell(result: Result, refused: Sequence[Listed]) -> None:
    if result.changed:
        flash(ngettext("%(num)s question answered.", "%(num)s questions answered.",
                       len(result.changed)), "success")  # fmt: skip
    if result.moved:
        flash(
            gettext("Accounts were moved from other records. “Answered” lists the records you "
                    "can erase."), "info"
        )  # fmt: skip
    for why in dict.fromkeys(result.refused.values()):
        names = [_name(one) for one in refused if result.refused[one.id] == why]
        flash(gettext("Not answered: %(names)s. %(why)s", names=", ".join(names) or "—",
                      why=REFUSALS.get(why, why)), "danger")  # fmt: skip


def _name(one: Listed) -> str:
    return f"{one.first_name} {one.last_name} ({one.moodle_user_id})"


def _back(services: Services, result: Result) -> Answer:
    if result.changed:
        services.trigger_job()
    elif not result.refused:
        flash(gettext("Nothing was changed. Tick the questions first."), "info")
    return redirect(url_for(INDEX), 303)
