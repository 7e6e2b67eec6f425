"""`/forms/<curriculum>/<form>`: a member fills in a form, saves it as a draft, and sends it."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, Gone, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError, PersonError
from bridge.foundations.forms import drafts, submissions
from bridge.messages import Message
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.files.uploads import accepts_files
from bridge.web.forms.filled_form import PREFIX, Place, from_draft
from bridge.web.forms.lookups import find_open_form, is_for_everyone, members_owner
from bridge.web.forms.saving import NextPages, form_page, save_and_send
from bridge.web.layout.kept_form import comes_from_our_page, kept_page


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/forms/<curriculum>/<form>`."""

    @pages.get("/forms/<curriculum>/<form>")
    def fill_in(curriculum: str, form: str) -> Answer:
        if current_visitor().member_id is None:
            return _not_a_member(services, curriculum, form)
        with services.database.reading() as session:
            place = _open_place(services, session, curriculum, form)
            draft = drafts.find(session, place.stored)
            sent = submissions.current(session, place.stored)
        if sent:
            return redirect(url_for("forms.sent", number=sent.id), 303)
        return form_page(from_draft(place, draft))

    @pages.post("/forms/<curriculum>/<form>")
    @accepts_files
    def save(curriculum: str, form: str) -> Answer:
        if not comes_from_our_page(services):
            return kept_page("expired", 400, prefix=PREFIX)
        if not current_visitor().signed_in:
            address = url_for("forms.fill_in", curriculum=curriculum, form=form)
            sign_in = url_for("signin.form", next=address)
            return kept_page("signed-out", 401, prefix=PREFIX, sign_in=sign_in)
        if current_visitor().member_id is None:
            raise Forbidden
        with services.database.reading() as session:
            try:
                place = _open_place(services, session, curriculum, form)
            except (Forbidden, Gone, NotFound) as error:
                return kept_page("gone", error.code or 404, prefix=PREFIX)
        return _save_and_send(services, place)

    services.csrf.exempt(save)  # it looks at the token itself, and keeps what was typed


def _save_and_send(services: Services, place: Place) -> Answer:
    def check(session: Session) -> None:
        if members_owner(session) != place.owner:
            raise PersonError(Message("this person was changed at the same moment."))

    try:
        pages = NextPages(_sent_page, url_for("forms.index"))
        return save_and_send(services, place, pages, check)
    except MemberError:  # erased while the page was saved
        return kept_page("gone", 410, prefix=PREFIX)
    except PersonError:  # their entry of the time before they were a member was erased or unlinked
        return kept_page("failed", 409, prefix=PREFIX)


def _not_a_member(services: Services, curriculum: str, key: str) -> Answer:
    """Ask for an email address if the form is for everyone, else for a login."""
    if is_for_everyone(services, curriculum, key):
        return redirect(url_for("forms.ask_for_link", curriculum=curriculum, form=key), 303)
    if current_visitor().signed_in:
        raise Forbidden
    address = url_for("forms.fill_in", curriculum=curriculum, form=key)
    return redirect(url_for("signin.form", next=address), 303)


def _open_place(services: Services, session: Session, curriculum: str, key: str) -> Place:
    found = find_open_form(services, session, curriculum, key)
    address = url_for("forms.fill_in", curriculum=found.curriculum.key, form=found.form.key)
    return Place(found, members_owner(session), address)


def _sent_page(number: int) -> str:
    return url_for("forms.sent", number=number)
