"""Saves what was posted as a draft, and sends it. Members and persons with a link share this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.forms.answers import TypedAnswers, fit_answers
from bridge.errors import FormError, PersonError
from bridge.foundations.files import rows as files
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.attached_files import files_of_draft
from bridge.foundations.forms.drafts import DraftConflict
from bridge.foundations.forms.submissions import AlreadySent, Incomplete
from bridge.foundations.owners import lock
from bridge.web.common.services import Services
from bridge.web.forms.filled_form import FilledForm, Place, dropped_files, from_page, receive_files
from bridge.web.layout.translation import translate_error


@dataclass(frozen=True, slots=True)
class NextPages:
    """Where to go: `sent` after sending (the submission's ID), `already_sent` if it was before."""

    sent: Callable[[int], str]
    already_sent: str


Check = Callable[[Session], None]
"""Raises PersonError if the form is no longer its owner's. The owner is locked."""


def save_and_send(services: Services, place: Place, pages: NextPages, check: Check) -> Answer:
    """Save what was posted and, if the button was Send, send it.

    Checking a file takes a while, so `check` looks again in each transaction that saves something.
    Raises PersonError as it does, and MemberError or PersonError if the owner was erased.
    """
    with services.database.reading() as session:
        draft = drafts.find(session, place.stored)
        filled = from_page(place, draft)
        dropped = dropped_files(filled, draft)
        if draft is not None and dropped:
            dropped &= files_of_draft(session, draft.id)
    receive_files(filled, dropped)
    sent = _save_draft(services, filled, check)
    if sent is not None:
        return redirect(pages.sent(sent), 303)
    if filled.elsewhere or filled.notice:
        return form_page(filled, 409)
    if filled.problems or "send" not in request.form:
        return _after_saving(filled)
    if filled.other_readers:
        return form_page(filled)
    if filled.changed:
        filled.notice = gettext(
            "The form has changed since you opened it. Check your answers, then send it."
        )
        return form_page(filled)
    return _send(services, filled, pages, check)


def _save_draft(services: Services, filled: FilledForm, check: Check) -> int | None:
    """Save what was typed. Returns the submission if it was sent before, by a second click.

    Sets `elsewhere` if another page saved something else meanwhile, `notice` if it is too long.
    Raises as `save_and_send`.
    """
    place, form = filled.stored, filled.found.form
    try:
        with services.database.transaction() as session:
            lock(session, place.owner)
            check(session)
            sent = submissions.sent_before(session, place, form, filled.typed, filled.token)
            if sent is not None:
                files.remove(session, filled.received)
                return sent
            saved = drafts.save(session, place, filled.typed, filled.version, services.now())
    except DraftConflict as conflict:
        _show_both(filled, conflict)
        _delete_received(services, filled)
    except FormError as error:
        filled.notice = translate_error(error.as_data())
        _delete_received(services, filled)
        with services.database.reading() as session:
            draft = drafts.find(session, place)
        answers = draft.answers if draft else {}
        filled.forget_files(fit_answers(filled.found.form, answers).asked)
    except PersonError:
        _delete_received(services, filled)
        raise
    else:
        filled.version = saved.version
    return None


def _delete_received(services: Services, filled: FilledForm) -> None:
    """Delete the files that came with the page: it says to choose them again."""
    with services.database.transaction() as session:
        files.remove(session, filled.received)


def _show_both(filled: FilledForm, conflict: DraftConflict) -> None:
    asked = fit_answers(filled.found.form, conflict.saved.answers).asked
    filled.forget_files(asked)
    filled.elsewhere = {
        each.key: asked.get(each.key, [])
        for each in filled.found.form.fields
        if asked.get(each.key, []) != [text for text in filled.typed.get(each.key, []) if text]
    } or asked
    filled.version = conflict.saved.version


def _after_saving(filled: FilledForm) -> Answer:
    if filled.problems:
        return form_page(filled)
    if request.headers.get("X-Requested-With") == "fetch":
        return make_response(str(filled.version))
    flash(gettext("Your draft is saved. You can continue later on any device."), "success")
    return redirect(filled.place.address, 303)


def _send(services: Services, filled: FilledForm, pages: NextPages, check: Check) -> Answer:
    place, form = filled.place.stored, filled.found.form
    try:
        with services.database.transaction() as session:
            lock(session, place.owner)
            check(session)
            number = submissions.submit(
                session, place, form, filled.typed, filled.token, services.now()
            )
    except Incomplete as incomplete:
        filled.problems = dict(incomplete.problems)
        return form_page(filled)
    except AlreadySent:
        flash(gettext("You have sent this form before. Your new answers are in a draft."), "info")
        return redirect(pages.already_sent, 303)
    flash(gettext("Thank you. The form is sent."), "success")
    return redirect(pages.sent(number), 303)


def form_page(filled: FilledForm, status: int = 200) -> Answer:
    """The form with everything that was typed."""
    page = render_template("web/forms/form.html", filled=filled, typed=_answers(filled.typed))
    return make_response(page, status)


def _answers(typed: TypedAnswers) -> Mapping[str, list[str]]:
    return {key: list(answer) for key, answer in typed.items()}
