"""Adding, correcting, linking, merging and erasing people."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.access.rights import CONFIDENTIAL, Right
from bridge.errors import MemberError, PersonError
from bridge.features.registers import persons_linked
from bridge.messages import Message
from bridge.privacy import (
    correct_person,
    erase_person,
    link_person,
    merge_persons,
    unlink_person,
)
from bridge.store.members import queries as members
from bridge.store.members.matching import email_key
from bridge.store.persons import changes
from bridge.store.persons.records import FoundPerson
from bridge.web.committee.members.changes.editors import current_editor
from bridge.web.committee.people.forms import EraseForm, MemberForm, MergeForm, PersonForm
from bridge.web.committee.people.person_page import Forms, find_visible, render_person
from bridge.web.common.access import open_to
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translate_error
from bridge.workflows.personal_links import request_confirmation

Change = Callable[[Session], object]
"""Changes a person and returns what to tell the visitor. Raises PersonError, MemberError."""


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/committee/people/add` and the forms below `/committee/people/<id>`."""
    _add_details_routes(pages, services)
    _add_member_routes(pages, services)
    _add_removal_routes(pages, services)


def _add_details_routes(pages: Blueprint, services: Services) -> None:
    @pages.route("/add", methods=["GET", "POST"])
    @open_to("people-change")
    def add() -> Answer | str:
        form = PersonForm()
        if not form.validate_on_submit():
            return render_template("web/committee/people/add.html", form=form)
        with services.database.transaction() as session:
            found = changes.add(session, form.record(), current_visitor().email, services.now())
        flash(_added(found), "info")
        return redirect(url_for("people.show", person=found.id), 303)

    @pages.post("/<int:person>/details")
    @open_to("people-change")
    def correct(person: int) -> Answer | str:
        def change(session: Session) -> object:
            record = form.record()
            if email_key(record.email) != email_key(find_visible(session, person).email):
                current_editor(services, session).refuse_own_address(session, record.email)
            changed = correct_person(
                session, person, record, current_visitor().email, services.now(),
                services.features, _rights(),
            )  # fmt: skip
            return gettext("The details were changed.") if changed else gettext("No change.")

        form = PersonForm()
        return _change(services, person, form, change)

    @pages.post("/<int:person>/confirm")
    @limit_clients(services.limiter, "10 per minute; 60 per hour")
    @open_to("people-change")
    def confirm(person: int) -> Answer | str:
        def change(session: Session) -> object:
            request_confirmation(session, services.config, person, services.now())
            return gettext("An email with a link is on its way.")

        answer = _change(services, person, None, change)
        services.trigger_job()
        return answer


def _added(found: FoundPerson) -> str:
    text = gettext("This address was known already. Nothing was changed.")
    if found.added:
        text = gettext("The person was added.")
    elif found.kept:
        text = gettext("This address was known already. It is kept, also if it isn't confirmed.")
    return str(text)


def _add_member_routes(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:person>/member")
    @open_to("people-change")
    def link(person: int) -> Answer | str:
        def change(session: Session) -> object:
            found = members.find(session, str(form.member.data))
            if found is None:
                raise MemberError(Message("there is no such member."))
            changed = link_person(
                session, person, found.id, current_visitor().email, services.now(),
                services.features, _rights(),
            )  # fmt: skip
            _evaluate(services, session, person)
            return gettext("The person was linked.") if changed else gettext("No change.")

        form = MemberForm()
        return _change(services, person, form, change)

    @pages.post("/<int:person>/member/remove")
    @open_to("people-change")
    def unlink(person: int) -> Answer | str:
        found = [person]

        def change(session: Session) -> object:
            actor = current_visitor().email
            left = unlink_person(
                session, person, actor, services.now(), services.features, _rights()
            )
            found.append(left or person)
            return gettext("The link was removed. Check the name and the address.")

        _change(services, person, None, change)
        return redirect(url_for("people.show", person=found[-1]), 303)


def _add_removal_routes(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:person>/merge")
    @open_to("people-change")
    def merge(person: int) -> Answer | str:
        def change(session: Session) -> object:
            other, actor = int(form.other.data), current_visitor().email
            merge_persons(
                session, person, other, actor, services.now(), services.features, _rights()
            )
            _evaluate(services, session, person)
            return gettext("The two entries are one now.")

        form = MergeForm()
        return _change(services, person, form, change)

    @pages.post("/<int:person>/erase")
    @open_to("people-change")
    def erase(person: int) -> Answer | str:
        form = EraseForm()
        with services.database.reading() as session:
            find_visible(session, person)
        if not form.validate_on_submit():
            return render_person(services, person, form)
        actor = current_visitor().email
        try:
            with services.database.transaction() as session:
                erase_person(session, person, actor, services.now(), services.features, _rights())
        except PersonError as error:
            flash(translate_error({**error.as_data(), "where": ""}), "danger")
            return redirect(url_for("people.show", person=person), 303)
        services.database.empty_log()
        flash(gettext("The person was erased."), "success")
        return redirect(url_for("people.index"), 303)


def _evaluate(services: Services, session: Session, person: int) -> None:
    """Give a member what the person has done before the two were linked."""
    context = services.context(session, services.config.language)
    persons_linked(services.features, context, [person], current_visitor().email)


def _rights() -> list[Right]:
    """The confidential rights that the visitor has for everything."""
    visitor = current_visitor()
    return [each for each in CONFIDENTIAL if visitor.regions(each) is None]


def _change(services: Services, person: int, form: Forms | None, change: Change) -> Answer | str:
    """Carry out a change in one transaction, or show the page with what is wrong.

    Raises NotFound if there is no such person or the visitor may not see them.
    """
    with services.database.reading() as session:
        find_visible(session, person)
    if form is not None and not form.validate_on_submit():
        return render_person(services, person, form)
    try:
        with services.database.transaction() as session:
            flash(str(change(session)), "success")
    except (PersonError, MemberError) as error:
        flash(translate_error({**error.as_data(), "where": ""}), "danger")
    return redirect(url_for("people.show", person=person), 303)
