"""`…/new`, `…/<number>/edit`: begin an email to the members of a list, write it, discard it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError
from bridge.store.members import search
from bridge.store.tables.member_emails import MemberEmail
from bridge.web.committee.member_emails.email_form import EmailForm, values_of
from bridge.web.committee.member_emails.labels import audience_words
from bridge.web.committee.member_emails.place import attempt, find_draft, find_email
from bridge.web.committee.members.search import LIST as MEMBERS
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translate_error
from bridge.web.lists.filters import read_filters
from bridge.workflows.member_emails import drafts
from bridge.workflows.member_emails.audience import member_filter


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the button of the list of members, the form, and deleting a draft."""
    _add_buttons(pages, services)
    _add_form(pages, services)


def _add_form(pages: Blueprint, services: Services) -> None:
    @pages.get("/<int:number>/edit")
    @open_to("member-emails")
    def edit(number: int) -> Answer | str:
        with services.database.reading() as session:
            row = find_email(session, number)
        if row.state != "draft":
            return redirect(url_for("member_emails.show", number=number), 303)
        return _page(services, row, EmailForm(data=values_of(row)))

    @pages.post("/<int:number>/edit")
    @open_to("member-emails")
    def save(number: int) -> Answer | tuple[str, int]:
        with services.database.reading() as session:
            row = find_draft(session, number)
        form, previewing = EmailForm(), request.form.get("step") == "preview"
        if not form.validate_on_submit():
            return _page(services, row, form), 422
        if request.headers.get("X-Requested-With") == "fetch":
            return _save_while_typing(services, row, form)
        if not _save(services, row, form):
            with services.database.reading() as session:
                row = find_draft(session, number)
            form.version.data = str(row.version)
            return _page(services, row, form, changed=True), 409
        if previewing and form.validate_to_send():
            return _previewed(services, number)
        if previewing:
            form.version.data = str(form.stored_version + 1)
            return _page(services, row, form), 422
        flash(gettext("The draft was saved."), "success")
        return redirect(url_for("member_emails.edit", number=number), 303)


def _add_buttons(pages: Blueprint, services: Services) -> None:
    @pages.post("/new")
    @open_to("member-emails")
    def new() -> Answer:
        chosen = read_filters(services, MEMBERS.fields).params
        with services.database.transaction() as session:
            number = drafts.begin(session, chosen, current_visitor().email, services.now())
        return redirect(url_for("member_emails.edit", number=number), 303)

    @pages.post("/<int:number>/discard")
    @open_to("member-emails")
    def discard(number: int) -> Answer:
        actor, now = current_visitor().email, services.now()
        if attempt(services, number, lambda session: drafts.discard(session, number, actor, now)):
            flash(gettext("The draft was deleted."), "success")
        return redirect(url_for("member_emails.index"), 303)


def _save(services: Services, row: MemberEmail, form: EmailForm) -> bool:
    """Whether it was saved; if someone else saved it meanwhile, the page says so."""
    try:
        with services.database.transaction() as session:
            drafts.save(session, row.id, form.content, form.stored_version, services.now())
    except MemberError as error:
        flash(translate_error(error), "danger")
        return False
    return True


def _save_while_typing(services: Services, row: MemberEmail, form: EmailForm) -> tuple[str, int]:
    """The version that the draft has now, for the script of the page."""
    try:
        with services.database.transaction() as session:
            drafts.save(session, row.id, form.content, form.stored_version, services.now())
    except MemberError:
        return "", 409
    return str(form.stored_version + 1), 200


def _previewed(services: Services, number: int) -> Answer:
    language, now = services.config.language, services.now()
    attempt(
        services, number,
        lambda session: drafts.note_preview(session, number, services.curricula, language, now),
    )  # fmt: skip
    return redirect(url_for("member_emails.preview", number=number), 303)


def _page(services: Services, row: MemberEmail, form: EmailForm, *, changed: bool = False) -> str:
    """The form. `changed`: someone else has saved another text meanwhile."""
    with services.database.reading() as session:
        count = search.count(session, member_filter(row.filters, services.curricula))
    return render_template(
        "web/committee/member-emails/edit.html",
        row=row, form=form, count=count, audience=audience_words(services, row),
        reply_to=services.config.mail.reply_to, stored=values_of(row) if changed else {},
    )  # fmt: skip
