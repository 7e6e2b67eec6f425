"""`/link/<token>/form`: someone without an account fills in a form through their personal link.

The link works until it expires, and only for one form of one person. Opening it changes nothing,
because email scanners open links too.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import Gone, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.access.form_readers import FORM_PURPOSES
from bridge.errors import PersonError
from bridge.foundations.files import rows as files
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.attached_files import draft_subject, submission_subject
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.links import LINK_PURPOSE
from bridge.foundations.forms.submissions import Submission
from bridge.foundations.owners import Owner, lock
from bridge.messages import Message
from bridge.store.persons import personal_links, proof, records
from bridge.web.common.services import Services
from bridge.web.files import send_stored_file
from bridge.web.files.uploads import accepts_files
from bridge.web.forms.filled_form import PREFIX, Place, from_draft
from bridge.web.forms.lookups import find_form_for_everyone, find_open_form_for_everyone
from bridge.web.forms.my_forms import is_last_chance, tell_withdrawn
from bridge.web.forms.saving import NextPages, form_page, save_and_send
from bridge.web.layout.kept_form import comes_from_our_page, kept_page
from bridge.web.layout.language import visitors_language
from bridge.web.lists.filter_fields import MAX_ID


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A valid link to a form. `is_member`: the person is a member by now, and must sign in."""

    token: str
    person_id: int
    curriculum: str
    form: str
    is_member: bool

    @property
    def owner(self) -> Owner:
        """The person alone: a link never shows what a member wrote."""
        return Owner(person_id=self.person_id)

    @property
    def address(self) -> str:
        return url_for("forms.by_link", token=self.token)


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/link/<token>/form`, its button Withdraw, and its files."""
    _add_form(pages, services)
    _add_withdrawal(pages, services)
    _add_files(pages, services)


def _add_form(pages: Blueprint, services: Services) -> None:
    @pages.get("/link/<token>/form")
    def by_link(token: str) -> Answer:
        with services.database.reading() as session:
            link = _find(services, session, token)
            if link is None or link.is_member:
                return _useless(link)
            sent = _current(services, session, link)
            if sent is not None:
                again = _can_be_sent(services, session, link)
                return _sent_page(services, link, sent, again)
            place = _open_place(services, session, link)
            return form_page(from_draft(place, drafts.find(session, place.stored)))

    @pages.post("/link/<token>/form")
    @accepts_files
    def save_by_link(token: str) -> Answer:
        if not comes_from_our_page(services):
            return kept_page("expired", 400, prefix=PREFIX)
        try:
            return _save(services, token)
        except PersonError:  # also if it ends while the page is saved
            return _kept_without_link(services, token)

    services.csrf.exempt(save_by_link)  # it looks at the token itself, and keeps what was typed


def _save(services: Services, token: str) -> Answer:
    """Save what was posted. Raises PersonError if the link isn't valid, or the person a member."""
    with services.database.transaction() as session:
        link = _require(services, session, token)
        proof.confirm_email(session, link.person_id, services.now())
        _require(services, session, token)  # the person is locked now
    with services.database.reading() as session:
        try:
            place = _open_place(services, session, link)
        except (Gone, NotFound) as error:
            return kept_page("gone", error.code or 404, prefix=PREFIX)

    def check(session: Session) -> None:
        _require(services, session, token)

    return save_and_send(services, place, NextPages(lambda _: link.address, link.address), check)


def _kept_without_link(services: Services, token: str) -> Answer:
    with services.database.reading() as session:
        link = _find(services, session, token)
    if link is not None and link.is_member:
        return kept_page("member", 409, prefix=PREFIX, sign_in=_members_page(link))
    return kept_page("link", 410, prefix=PREFIX)


def _add_withdrawal(pages: Blueprint, services: Services) -> None:
    @pages.post("/link/<token>/form/withdraw")
    def withdraw_by_link(token: str) -> Answer:
        try:
            with services.database.transaction() as session:
                return _withdraw(services, session, token)
        except PersonError:  # it ended at the same moment
            return _useless(None)


def _withdraw(services: Services, session: Session, token: str) -> Answer:
    link = _find(services, session, token)
    if link is None or link.is_member:
        return _useless(link)
    lock(session, link.owner)
    _require(services, session, token)
    sent, names = _current(services, session, link), _stored_place(services, link).names
    if sent is not None and is_last_chance(_can_be_sent(services, session, link)):
        return redirect(link.address, 303)
    now = services.now()
    tell_withdrawn(
        sent is not None and submissions.withdraw(session, sent.id, link.owner, now, names)
    )
    return redirect(link.address, 303)


def _add_files(pages: Blueprint, services: Services) -> None:
    @pages.get("/link/<token>/form/files/<int:file_id>")
    def file_by_link(token: str, file_id: int) -> Answer:
        with services.database.reading() as session:
            link = _find(services, session, token)
            if link is None or link.is_member:
                return _useless(link)
            file = files.find_file(session, file_id, services.now()) if file_id <= MAX_ID else None
            subjects = _file_subjects(services, session, link)
        if file is None or file.purpose not in FORM_PURPOSES or file.person_id != link.person_id:
            raise NotFound
        if file.subject not in subjects:
            raise NotFound
        return send_stored_file(services, file, link.owner.audit_actor)


def _find(services: Services, session: Session, token: str) -> OpenedLink | None:
    link = personal_links.find(session, token, services.now())
    person = records.find(session, link.person_id) if link else None
    if link is None or person is None or link.purpose != LINK_PURPOSE:
        return None
    curriculum, _, form = link.subject.partition("/")
    is_member = proof.certain_member(session, person) is not None
    return OpenedLink(token, link.person_id, curriculum, form, is_member)


def _require(services: Services, session: Session, token: str) -> OpenedLink:
    """The link, for someone without an account. Raises PersonError if it isn't valid any more."""
    link = _find(services, session, token)
    if link is None or link.is_member:
        raise PersonError(Message("the link isn't valid any more."))
    return link


def _open_place(services: Services, session: Session, link: OpenedLink) -> Place:
    """The form of the link.

    Raises NotFound if there is none, or it is no longer for everyone; Gone if it is closed.
    """
    found = find_open_form_for_everyone(services, session, link.curriculum, link.form)
    return Place(found, link.owner, link.address)


def _stored_place(services: Services, link: OpenedLink) -> FormPlace:
    """What the link is for, also if the form is closed or gone by now."""
    try:
        found = find_form_for_everyone(services, link.curriculum, link.form)
    except NotFound:
        return FormPlace(link.owner, (f"{link.curriculum}/{link.form}",))
    return FormPlace(link.owner, found.names, needs=found.needs or "")


def _current(services: Services, session: Session, link: OpenedLink) -> Submission | None:
    """What the person has sent."""
    return submissions.current(session, _stored_place(services, link))


def _file_subjects(services: Services, session: Session, link: OpenedLink) -> list[str]:
    """What the files of the link's form belong to: the draft, and what was sent."""
    place = _stored_place(services, link)
    sent = submissions.of_owner(session, link.owner)
    draft = drafts.find(session, place)
    return [
        *(submission_subject(each.id) for each in sent if each.name in place.names),
        *([draft_subject(draft.id)] if draft else []),
    ]


def _can_be_sent(services: Services, session: Session, link: OpenedLink) -> bool:
    try:
        _open_place(services, session, link)
    except (Gone, NotFound):
        return False
    return True


def _sent_page(services: Services, link: OpenedLink, sent: Submission, again: bool) -> Answer:
    page = render_template(
        "web/forms/sent.html",
        each=sent,
        language=visitors_language(services.config),
        withdraw=url_for("forms.withdraw_by_link", token=link.token),
        again=again,
        all_forms="",
        file_address=lambda number: url_for("forms.file_by_link", token=link.token, file_id=number),
    )
    return make_response(page)


def _members_page(link: OpenedLink) -> str:
    return url_for("forms.fill_in", curriculum=link.curriculum, form=link.form)


def _useless(link: OpenedLink | None) -> Answer:
    """Members must sign in; a link that is unknown or expired does nothing."""
    if link is not None:
        return redirect(_members_page(link), 303)
    return make_response(render_template("web/links/expired.html"), 410)
