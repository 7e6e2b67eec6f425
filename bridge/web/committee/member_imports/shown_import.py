"""`/committee/members/import/<number>`: what a file would change; record it, undo it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from bridge.errors import MemberError
from bridge.member_imports.discarding import discard_import
from bridge.member_imports.reading import Office
from bridge.member_imports.recording import record_import
from bridge.member_imports.undoing import can_try_again, can_undo, undo_import
from bridge.messages import from_data
from bridge.store.batches import member_imports
from bridge.store.batches.member_imports import RECORDED, UNDO_TIME, RowState
from bridge.store.tables.member_imports import MemberImport, MemberImportRow
from bridge.web.committee.member_imports import labels
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error
from bridge.web.lists.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.lists.filter_fields import MAX_ID

PAGE_SIZE = 100
MakeOffice = Callable[[Services, Session], Office]


class UndoForm(PageForm):
    reason = StringField(
        lazy_gettext("Reason"),
        [DataRequired(lazy_gettext("Enter a reason.")), Length(max=1000)],
        filters=[lambda text: text and text.strip()],
    )


def register_routes(pages: Blueprint, services: Services, make_office: MakeOffice) -> None:
    """Add the page of an import, and what its buttons do."""

    @pages.get("/<int:batch>")
    @open_to("members-change")
    def show(batch: int) -> str:
        return _page(services, batch, UndoForm(formdata=None))

    @pages.post("/<int:batch>/record")
    @open_to("members-change")
    def record(batch: int) -> Answer:
        with services.database.reading() as session:
            _find(session, batch)
            office = make_office(services, session)
        try:
            record_import(services.database, batch, office)
        except MemberError as error:
            flash(translate_error(error), "danger")
        else:
            _tell_recorded(services, batch)
        return redirect(url_for("member_imports.show", batch=batch), 303)

    @pages.post("/<int:batch>/undo")
    @open_to("members-change")
    def undo(batch: int) -> Answer | str:
        form = UndoForm()
        with services.database.reading() as session:
            _find(session, batch)
            office = make_office(services, session)
        if not form.validate_on_submit():
            return _page(services, batch, form)
        try:
            undo_import(services.database, batch, office, form.reason.data or "")
        except MemberError as error:
            flash(translate_error(error), "danger")
        else:
            _tell_undone(services, batch)
        return redirect(url_for("member_imports.show", batch=batch), 303)

    _add_other_routes(pages, services, make_office)


def _add_other_routes(pages: Blueprint, services: Services, make_office: MakeOffice) -> None:
    @pages.post("/<int:batch>/discard")
    @open_to("members-change")
    def discard(batch: int) -> Answer:
        try:
            with services.database.transaction() as session:
                discard_import(session, batch, make_office(services, session))
        except MemberError as error:
            flash(translate_error(error), "danger")
            return _existing_or_form(services, batch)
        services.database.empty_log()
        flash(gettext("The file was deleted. Nothing was imported."), "success")
        return redirect(url_for("member_imports.form"), 303)

    @pages.get("/<int:batch>/refused.csv", endpoint="refused")
    @open_to("members-change")
    def refused(batch: int) -> Response:
        with services.database.reading() as session:
            found = _find(session, batch)
        audit_export(services, "refused-rows", {"list": batch})
        heading = [gettext("Line"), gettext("Reason"), *found.heading]
        return csv_response("refused", heading, _refused_rows(services, batch))


def _existing_or_form(services: Services, batch: int) -> Answer:
    with services.database.reading() as session:
        exists = member_imports.find(session, batch) is not None
    place = (
        url_for("member_imports.show", batch=batch) if exists else url_for("member_imports.form")
    )
    return redirect(place, 303)


def _find(session: Session, batch: int) -> MemberImport:
    """Raises NotFound."""
    found = member_imports.find(session, batch)
    if found is None:
        raise NotFound
    return found


def _page(services: Services, batch: int, form: UndoForm) -> str:
    state = request.args.get("state", "")
    states = (state,) if state in get_args(RowState) else ()
    after = request.args.get("after", 0, type=int)
    with services.database.reading() as session:
        found = _find(session, batch)
        rows = member_imports.rows_of(
            session, batch, PAGE_SIZE + 1, after=min(max(after, 0), MAX_ID), states=states
        )
    more = rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else 0
    return render_template(
        "web/committee/member-imports/import.html",
        found=found, rows=rows[:PAGE_SIZE], more=more, state=state if states else "", form=form,
        labels=labels, notes=_notes(found), can_undo=can_undo(found, services.now()),
        can_try_again=can_try_again(found, services.now()),
        to_record=sum(labels.count_states(found, each) for each in RECORDED),
        unrecorded=_unrecorded(found), is_own=found.sent_by == current_visitor().email,
        undo_until=found.recorded_at + UNDO_TIME if found.recorded_at else None,
        deleted_at=found.sent_at + UNDO_TIME,
    )  # fmt: skip


def _unrecorded(found: MemberImport) -> int:
    """How many rows are to be recorded still: all, or the rest after a kill."""
    counts = [found.counts.get(state) for state in RECORDED]
    return sum(each.get("", 0) for each in counts if isinstance(each, dict))


def _notes(found: MemberImport) -> list[str]:
    notes = found.notes.get("notes")
    return [from_data(each) for each in notes] if isinstance(notes, list) else []


def _refused_rows(services: Services, batch: int) -> Iterator[list[object]]:
    """Each row that wasn't recorded, with its line and reason."""

    def read(limit: int, after: int) -> list[MemberImportRow]:
        with services.database.reading() as session:
            return member_imports.not_recorded(session, batch, limit, after)

    for row in iter_all_pages(read):
        yield [row.line, labels.reason_of(row).unescape(), *row.cells]


def _tell_recorded(services: Services, batch: int) -> None:
    with services.database.reading() as session:
        found = _find(session, batch)
    done = labels.count_results(found, "recorded")
    told = ngettext("%(num)s member was imported.", "%(num)s members were imported.", done)
    flash(told, "success")
    if skipped := labels.count_results(found, "skipped"):
        flash(ngettext("%(num)s row was not recorded: the record was changed since.",
                       "%(num)s rows were not recorded: the records were changed since.",
                       skipped), "warning")  # fmt: skip


def _tell_undone(services: Services, batch: int) -> None:
    with services.database.reading() as session:
        found = _find(session, batch)
    done = labels.count_results(found, "undone")
    flash(ngettext("%(num)s row was undone.", "%(num)s rows were undone.", done), "success")
    if left := labels.count_results(found, "left"):
        flash(ngettext("%(num)s row was not undone, or not entirely. See why below.",
                       "%(num)s rows were not undone, or not entirely. See why below.",
                       left), "warning")  # fmt: skip
