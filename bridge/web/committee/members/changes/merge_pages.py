"""`…/merge`: two records of the same member become one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as Answer
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from bridge.errors import MemberError
from bridge.features.registers import personal_tables
from bridge.member_merging.choices import CHOSEN, Field, differing, version_of
from bridge.member_merging.merging import Merge, Merged, merge_members
from bridge.member_merging.moves import count_rows
from bridge.store.members import queries
from bridge.store.tables.members import Member
from bridge.web.committee.members.changes.editors import (
    confidential_rights_of_visitor,
    current_editor,
)
from bridge.web.committee.members.changes.merge_labels import label_of, moved_in_words, shown_value
from bridge.web.committee.members.visible import find_visible
from bridge.web.common.access import is_own, open_to
from bridge.web.common.services import Services
from bridge.web.layout.form_fields import tidy_text
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error


class FindForm(PageForm):
    """The other record."""

    other = StringField(
        lazy_gettext("Number, email or ID of the other record"),
        [InputRequired(lazy_gettext("Fill in this field.")), Length(max=254)],
        filters=[tidy_text],
        render_kw={"autocomplete": "off"},
    )


class MergeForm(PageForm):
    """Confirms it. The choices are in the fields `take-…`."""

    version = HiddenField()
    typed = StringField(
        lazy_gettext("ID of the record that is removed"),
        [InputRequired(lazy_gettext("Type the ID to confirm.")), Length(max=20)],
        filters=[tidy_text],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page to find the other record, and the one with both side by side."""

    @pages.route("/<int:member>/merge", methods=["GET", "POST"])
    @open_to("members-change")
    def find_double(member: int) -> Answer | str:
        form = FindForm()
        with services.database.reading() as session:
            found = find_visible(session, member)
            other = _find(session, form, member) if form.validate_on_submit() else None
        if other is None:
            return render_template(
                "web/committee/members/find-double.html", member=found, form=form
            )
        return redirect(url_for("members.merge", member=member, other=other), 303)

    @pages.route("/<int:member>/merge/<int:other>", methods=["GET", "POST"])
    @open_to("members-change")
    def merge(member: int, other: int) -> Answer | str:
        form = MergeForm()
        if form.validate_on_submit():
            if str(form.typed.data) != str(other):
                form.typed.errors = [gettext("Type %(id)s to confirm.", id=other)]
            elif done := _merge(services, form, member, other):
                services.trigger_job()
                _report(done)
                return redirect(url_for("members.show", member=member), 303)
        return _page(services, form, member, other)


def _find(session: Session, form: FindForm, member: int) -> int | None:
    """The ID of the other record; None, with an error at the field, if there is none."""
    text = str(form.other.data)
    try:
        found = queries.find(session, f"id:{text}" if text.isdecimal() else text)
        found = queries.get_member(session, text) or found
    except MemberError as error:
        form.other.errors = [str(translate_error({**error.as_data(), "where": ""}))]
        return None
    if found is None or found.id == member:
        form.other.errors = [gettext("There is no other member with this number, email or ID.")]
        return None
    return found.id


def _both(session: Session, member: int, other: int) -> tuple[Member, Member]:
    """Both records. Raises NotFound, and Forbidden if the other one is the visitor's own."""
    kept, removed = find_visible(session, member), find_visible(session, other)
    if is_own(session, removed):
        raise Forbidden
    return kept, removed


def _page(services: Services, form: MergeForm, member: int, other: int) -> str:
    with services.database.reading() as session:
        kept, removed = _both(session, member, other)
        moved = count_rows(session, other, personal_tables(services.features))
    form.version.data = version_of(kept, removed)
    fields = differing(kept, removed)
    return render_template(
        "web/committee/members/merge.html",
        form=form, kept=kept, removed=removed, fields=fields, label_of=label_of,
        shown_value=shown_value, moved=moved_in_words(moved),
        chosen={each.name: _choice(each) for each in fields},
        two_accounts=bool(kept.moodle_user_id and removed.moodle_user_id),
    )  # fmt: skip


def _choice(field: Field) -> str:
    return request.form.get(f"take-{field.name}") or field.default


def _merge(services: Services, form: MergeForm, member: int, other: int) -> Merged | None:
    """Merge both; None if it isn't possible, and the page says why."""
    taken = [name for name in CHOSEN if request.form.get(f"take-{name}") == "removed"]
    wanted = Merge(
        member, other, taken, str(form.version.data or "-"), confidential_rights_of_visitor()
    )
    try:
        with services.database.transaction() as session:
            _both(session, member, other)
            context = services.context(session, services.config.language)
            editor = current_editor(services, session)
            return merge_members(context, services.features, wanted, editor)
    except MemberError as error:
        flash(translate_error({**error.as_data(), "where": ""}), "danger")
        return None


def _report(done: Merged) -> None:
    moved = ", ".join(moved_in_words(done.moved)) or gettext("nothing")
    flash(gettext("The two records are one now. Moved: %(what)s.", what=moved), "success")
    if done.account:
        flash(gettext("No member has Moodle account %(id)s any more. Have it merged or deleted in "
                      "Moodle.", id=done.account), "warning")  # fmt: skip
