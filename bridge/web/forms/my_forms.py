"""`/forms`: a member's open forms, drafts and submissions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, Gone, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError, PersonError
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.submissions import Submission
from bridge.foundations.owners import lock
from bridge.web.common.access import for_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.forms.lookups import all_forms, find_form, find_open_form, is_open, members_owner
from bridge.web.layout.language import visitors_language
from bridge.web.lists.filter_fields import MAX_ID


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/forms`, `/forms/sent/<number>` and `…/withdraw`."""
    _add_index(pages, services)
    _add_submission(pages, services)


def _add_index(pages: Blueprint, services: Services) -> None:

    @pages.get("/forms")
    @for_members
    def index() -> str:
        member_id = current_visitor().member_id or 0
        with services.database.reading() as session:
            saved = drafts.list_drafts(session, member_id)
            sent = submissions.of_member(session, member_id)
            known = list(all_forms(services))
            offered = [each for each in known if is_open(services, session, each)]
        names = {name for each in known for name in each.names}
        return render_template(
            "web/forms/index.html",
            offered=offered,
            drafts={each.form: each for each in saved},
            lost=[each for each in saved if each.form not in names],
            sent=sent,
            language=visitors_language(services.config),
        )


def _add_submission(pages: Blueprint, services: Services) -> None:
    @pages.get("/forms/sent/<int:number>")
    @for_members
    def sent(number: int) -> str:
        found = _find_own(services, number)
        with services.database.reading() as session:
            again = _can_be_sent(services, session, found)
        return render_template(
            "web/forms/sent.html",
            each=found,
            again=again,
            language=visitors_language(services.config),
            withdraw=url_for("forms.withdraw", number=number),
            all_forms=url_for("forms.index"),
        )

    @pages.post("/forms/sent/<int:number>/withdraw")
    @for_members
    def withdraw(number: int) -> Answer:
        found = _find_own(services, number)
        with services.database.transaction() as session, _erased_is_not_found():
            if is_last_chance(_can_be_sent(services, session, found)):
                return redirect(url_for("forms.sent", number=number), 303)
            lock(session, members_owner(session))
            owner, names = members_owner(session), _names(services, found)
            done = submissions.withdraw(session, found.id, owner, services.now(), names)
        tell_withdrawn(done)
        return redirect(url_for("forms.index"), 303)


@contextmanager
def _erased_is_not_found() -> Iterator[None]:
    """Raises NotFound if the owner is erased at the same moment."""
    try:
        yield
    except (MemberError, PersonError):
        raise NotFound from None


def _can_be_sent(services: Services, session: Session, sent: Submission) -> bool:
    """Whether the member could still send the form again."""
    curriculum, _, key = sent.name.partition("/")
    try:
        find_open_form(services, session, curriculum, key)
    except (Forbidden, Gone, NotFound):
        return False
    return True


def _names(services: Services, sent: Submission) -> tuple[str, ...]:
    """The names of the form now, or only the one it was sent under if there is none."""
    curriculum, _, key = sent.name.partition("/")
    try:
        return find_form(services, curriculum, key).names
    except NotFound:
        return (sent.name,)


def is_last_chance(can_be_sent: bool) -> bool:
    """Whether a form can't be sent again, and the page on which Withdraw was pressed didn't say so.

    Then this says so.
    """
    if can_be_sent or "for_good" in request.form:
        return False
    flash(gettext("You can't send this form again. If you withdraw it, it is gone."), "warning")
    return True


def tell_withdrawn(done: bool) -> None:
    """Say that a form is withdrawn, or was before."""
    if done:
        text = gettext("The form is withdrawn. Its answers are in a draft: correct and send them.")
        if "for_good" in request.form:
            text = gettext("The form is withdrawn.")
        flash(text, "success")
    else:
        flash(gettext("It was withdrawn before."), "info")


def _find_own(services: Services, number: int) -> Submission:
    """The submission, if it is the member's own. Raises NotFound."""
    with services.database.reading() as session:
        found = (
            submissions.find(session, number, members_owner(session)) if number <= MAX_ID else None
        )
    if found is None:
        raise NotFound
    return found
