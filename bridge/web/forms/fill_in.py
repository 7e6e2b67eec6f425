"""`/forms/<curriculum>/<form>`: fills in a form, saves it as a draft, and sends it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.forms.answers import TypedAnswers, fit_answers, tidy
from bridge.curriculum.forms.file import FileField
from bridge.errors import FormError
from bridge.foundations.files.file_types import FileRefused
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.attached_files import PURPOSE
from bridge.foundations.forms.drafts import Draft, DraftConflict
from bridge.foundations.forms.feature import schedule_reminder
from bridge.foundations.forms.submissions import AlreadySent, Incomplete
from bridge.messages import Message
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_members
from bridge.web.files.uploads import accepts_files, receive_file
from bridge.web.forms.lookups import FoundForm, find_open_form

PREFIX = "field-"
"""Begins the names of the fields in the page's form."""


@dataclass(slots=True)
class FilledForm:
    """What the page shows. `elsewhere`: what another page saved meanwhile."""

    found: FoundForm
    typed: dict[str, list[str]]
    version: int
    token: str
    problems: dict[str, Message] = field(default_factory=dict)
    elsewhere: Mapping[str, list[str]] = field(default_factory=dict)
    notice: str = ""

    @property
    def no_longer_asked(self) -> Mapping[str, list[str]]:
        return fit_answers(self.found.form, self.typed).no_longer_asked

    @property
    def has_files(self) -> bool:
        return any(isinstance(each, FileField) for each in self.found.form.fields)


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/forms/<curriculum>/<form>`."""

    @pages.get("/forms/<curriculum>/<form>")
    @for_members
    def fill_in(curriculum: str, form: str) -> Answer | str:
        with services.database.reading() as session:
            found = find_open_form(services, session, curriculum, form)
            draft = drafts.find(session, found.place)
            sent = submissions.current(session, found.place)
        if sent:
            return redirect(url_for("forms.sent", number=sent.id), 303)
        return _page(_filled(found, draft))

    @pages.post("/forms/<curriculum>/<form>")
    @accepts_files
    @for_members
    def save(curriculum: str, form: str) -> Answer | tuple[str, int] | str:
        with services.database.reading() as session:
            found = find_open_form(services, session, curriculum, form)
            draft = drafts.find(session, found.place)
        filled = _read(found, draft)
        _receive_files(filled)
        if not _save_draft(services, filled):
            return _page(filled), 409
        if filled.problems or "send" not in request.form:
            return _after_saving(filled)
        return _send(services, filled)


def _filled(found: FoundForm, draft: Draft | None) -> FilledForm:
    fitted = fit_answers(found.form, draft.answers if draft else {})
    typed = {**fitted.no_longer_asked, **fitted.asked}
    return FilledForm(found, typed, draft.version if draft else 0, secrets.token_urlsafe(24))


def _read(found: FoundForm, draft: Draft | None) -> FilledForm:
    """What was posted. The answers to fields for files come from the draft, never from the page."""
    filled = _filled(found, draft)
    version, token = request.form.get("version", ""), request.form.get("token", "")
    filled.version = int(version[:9]) if version.isascii() and version.isdecimal() else 0
    filled.token = token if 20 <= len(token) <= 64 and token.isascii() else filled.token
    for each in found.form.fields:
        if not isinstance(each, FileField):
            filled.typed[each.key] = tidy(request.form.getlist(PREFIX + each.key))
        elif f"remove-{each.key}" in request.form:
            filled.typed.pop(each.key, None)
    return filled


def _receive_files(filled: FilledForm) -> None:
    """Store the files that were sent; what is wrong with one is said at its field."""
    for each in filled.found.form.fields:
        sent = request.files.get(PREFIX + each.key)
        if not isinstance(each, FileField) or sent is None or not sent.filename:
            continue
        try:
            number = receive_file(sent, current_visitor().member_id or 0, PURPOSE)
        except FileRefused as refused:
            filled.problems[each.key] = Message(
                "%(what)s %(todo)s", what=refused.what, todo=refused.todo
            )
        else:
            name = sent.filename.replace("\\", "/").rpartition("/")[2]
            filled.typed[each.key] = tidy([str(number), name[:200]])


def _save_draft(services: Services, filled: FilledForm) -> bool:
    """Save what was typed. False if another page saved something else meanwhile."""
    try:
        with services.database.transaction() as session:
            found, now = filled.found, services.now()
            saved = drafts.save(session, found.place, filled.typed, filled.version, now)
            member_id, zone = found.place.member_id, services.config.timezone
            schedule_reminder(session, member_id, found.name, found.form, zone, now)
    except DraftConflict as conflict:
        fitted = fit_answers(filled.found.form, conflict.saved.answers)
        filled.elsewhere = {
            key: answer for key, answer in fitted.asked.items() if answer != filled.typed.get(key)
        }
        filled.version = conflict.saved.version
        return False
    except FormError as error:
        filled.notice = str(error)
        return False
    filled.version = saved.version
    return True


def _after_saving(filled: FilledForm) -> Answer | str:
    if filled.problems:
        return _page(filled)
    if request.headers.get("X-Requested-With") == "fetch":
        return str(filled.version)
    flash(gettext("Your draft is saved. You can continue later on any device."), "success")
    return redirect(_address(filled.found), 303)


def _send(services: Services, filled: FilledForm) -> Answer | str:
    found = filled.found
    try:
        with services.database.transaction() as session:
            number = submissions.submit(
                session, found.place, found.form, filled.typed, filled.token, services.now()
            )
    except Incomplete as incomplete:
        filled.problems = dict(incomplete.problems)
        return _page(filled)
    except AlreadySent:
        flash(gettext("You have sent this form before. Your new answers are in a draft."), "info")
        return redirect(url_for("forms.index"), 303)
    flash(gettext("Thank you. The form is sent."), "success")
    return redirect(url_for("forms.sent", number=number), 303)


def _address(found: FoundForm) -> str:
    return url_for("forms.fill_in", curriculum=found.curriculum.key, form=found.form.key)


def _page(filled: FilledForm) -> str:
    return render_template("web/forms/form.html", filled=filled, typed=_shown(filled.typed))


def _shown(typed: TypedAnswers) -> Mapping[str, list[str]]:
    return {key: list(answer) for key, answer in typed.items()}
