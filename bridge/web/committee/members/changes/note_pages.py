"""`…/notes`: what the committee notes about a member."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError
from bridge.store.member_changes import notes
from bridge.store.tables.members import MemberNote
from bridge.web.committee.members.changes.forms import NoteForm
from bridge.web.committee.members.visible import find_visible
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error
from bridge.web.lists.filter_fields import MAX_ID


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page with all notes, and those to change and to remove one."""
    _add_list_route(pages, services)
    _add_routes_of_one(pages, services)


def _add_list_route(pages: Blueprint, services: Services) -> None:
    @pages.route("/<int:member>/notes", methods=["GET", "POST"], endpoint="notes")
    @open_to("members-change")
    def list_notes(member: int) -> Answer | str:
        form = NoteForm()
        if not form.validate_on_submit():
            return _page(services, member, form)
        with services.database.transaction() as session:
            find_visible(session, member)
            author, text = current_visitor().email, str(form.text.data)
            added = notes.add(session, member, text, author, services.now())
        return _back(member, gettext("The note was saved.") if added else gettext("No change."))


def _add_routes_of_one(pages: Blueprint, services: Services) -> None:
    @pages.route("/<int:member>/notes/<int:note>", methods=["GET", "POST"])
    @open_to("members-change")
    def change_note(member: int, note: int) -> Answer | str:
        found = _find_own(services, member, note)
        shown = {"text": found.text, "shown": found.text}
        form = NoteForm(data=shown if request.method == "GET" else None)
        if form.validate_on_submit() and _try(services, lambda session: notes.change(
            session, note, str(form.text.data), _lines(form.shown.data), current_visitor().email,
            services.now(),
        )):  # fmt: skip
            return _back(member, gettext("The note was saved."))
        if request.method == "POST":
            form.shown.data = _find_own(services, member, note).text
        return render_template(
            "web/committee/members/change-note.html",
            form=form, member=member, stored=_find_own(services, member, note).text,
        )  # fmt: skip

    @pages.route("/<int:member>/notes/<int:note>/remove", methods=["GET", "POST"])
    @open_to("members-change")
    def remove_note(member: int, note: int) -> Answer | str:
        found, form = _find_own(services, member, note), PageForm()
        if form.validate_on_submit() and _try(services, lambda session: notes.remove(
            session, note, current_visitor().email, services.now()
        )):  # fmt: skip
            return _back(member, gettext("The note was removed."))
        return render_template(
            "web/committee/members/remove-note.html", form=form, member=member, note=found
        )


def _page(services: Services, member: int, form: NoteForm) -> str:
    with services.database.reading() as session:
        found = find_visible(session, member)
        written = notes.notes_of(session, member)
    return render_template(
        "web/committee/members/notes.html",
        form=form, member=found, notes=written, me=current_visitor().email,
    )  # fmt: skip


def _find_own(services: Services, member: int, note: int) -> MemberNote:
    """A note that the visitor wrote. Raises NotFound."""
    with services.database.reading() as session:
        find_visible(session, member)
        found = notes.find(session, note, member) if note <= MAX_ID else None
    if found is None or found.author != current_visitor().email:
        raise NotFound
    return found


def _try(services: Services, change: Callable[[Session], object]) -> bool:
    """Whether the change was made; if not, the page says why."""
    try:
        with services.database.transaction() as session:
            change(session)
    except MemberError as error:
        flash(translate_error(error), "danger")
        return False
    return True


def _lines(text: str | None) -> str:
    """The text as it was stored: browsers send other line ends."""
    return (text or "").replace("\r\n", "\n")


def _back(member: int, message: str) -> Answer:
    flash(message, "success")
    return redirect(url_for("members.notes", member=member), 303)
