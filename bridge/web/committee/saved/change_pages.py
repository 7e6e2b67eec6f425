"""`/committee/saved/<number>`: changing a filter and its emails, stopping, resuming, deleting."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.store.saved_filters import filters as store
from bridge.store.tables.saved_filters import SavedFilter
from bridge.web.committee.saved.forms import FilterForm, ReportForm
from bridge.web.committee.saved.place import actor, attempt, find_own
from bridge.web.committee.saved.words import (
    chosen_words,
    left_out_words,
    page_title,
    schedule_words,
    stopped_words,
)
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.lists.filters import read_choices
from bridge.web.lists.saved import current_reader
from bridge.workflows.saved_reports import changes
from bridge.workflows.saved_reports.planning import next_sending, plan
from bridge.workflows.saved_reports.readers import readers
from bridge.workflows.saved_reports.reports import REPORTS


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the form, the buttons, and the question before deleting."""
    _add_form(pages, services)
    _add_buttons(pages, services)


def _add_form(pages: Blueprint, services: Services) -> None:
    @pages.route("/<int:number>", methods=["GET", "POST"])
    @open_to("saved-filters")
    def edit(number: int) -> Answer | str:
        with services.database.reading() as session:
            row = find_own(session, number)
            form = _form(services, session, row)
        if form.validate_on_submit() and _change(services, number, form):
            flash(gettext("Saved."), "success")
            return redirect(url_for("saved.index"), 303)
        return render_template(
            "web/committee/saved/edit.html", form=form, row=row, title=page_title(row.page),
            chosen=chosen_words(row, read_choices(services)), schedule=schedule_words(row),
            stopped=stopped_words(row), is_report=row.page in REPORTS,
            next=next_sending(row, services.config, services.now()),
            may_share=current_reader().all_shared,
        )  # fmt: skip


def _form(services: Services, session: Session, row: SavedFilter) -> FilterForm:
    first = {"name": row.name, "shared": row.shared, "version": str(row.version)}
    if row.page not in REPORTS:
        return FilterForm(data=first if request.method == "GET" else None)
    known = store.recipients(session, [row.id])[row.id]
    emailed = {
        "every": row.every,
        "weekday": row.day if row.every == "weekly" else 1,
        "month_day": row.day if row.every == "monthly" else 1,
        "recipients": [each.email for each in known],
    }
    form = ReportForm(data=first | emailed if request.method == "GET" else None)
    form.offer(_people(services, session, row))
    return form


def _people(services: Services, session: Session, row: SavedFilter) -> list[tuple[str, str]]:
    """Who may get the report, and who is named already, with why they get none."""
    right, region = REPORTS[row.page].right, str(row.chosen.get("region", ""))
    offered = {
        each.email: f"{each.name} ({each.email})" if each.name != each.email else each.email
        for each in readers(session, services.config, right).values()
        if each.sees(region)
    }
    for each in plan(session, services.config, row):
        label = offered.get(each.row.email, each.row.email)
        why = left_out_words(each.left_out)
        offered[each.row.email] = f"{label} – {why}" if why else label
    return sorted(offered.items(), key=lambda each: each[1].casefold())


def _change(services: Services, number: int, form: FilterForm) -> bool:
    may_share = current_reader().all_shared
    settings = replace(form.settings, shared=form.settings.shared and may_share)

    def change(session: Session, _row: SavedFilter) -> None:
        changes.change(session, services.config, number, form.stored_version, settings,
                       actor(), services.now())  # fmt: skip

    return attempt(services, number, change)


def _add_buttons(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:number>/<any(stop, resume):action>")
    @open_to("saved-filters")
    def act(number: int, action: Literal["stop", "resume"]) -> Answer:
        def change(session: Session, _row: SavedFilter) -> None:
            if action == "stop":
                changes.stop(session, number, actor(), services.now())
            else:
                changes.resume(session, services.config, number, actor(), services.now())

        if attempt(services, number, change):
            done = gettext("The emails are stopped.")
            flash(done if action == "stop" else gettext("The emails go on."), "success")
        return redirect(url_for("saved.edit", number=number), 303)

    @pages.route("/<int:number>/delete", methods=["GET", "POST"])
    @open_to("saved-filters")
    def delete(number: int) -> Answer | str:
        with services.database.reading() as session:
            row = find_own(session, number)
        if request.method == "GET":
            return render_template("web/committee/saved/delete.html", row=row,
                                   title=page_title(row.page))  # fmt: skip
        done = attempt(services, number, lambda session, _row: changes.delete(
            session, number, actor(), services.now()
        ))  # fmt: skip
        if done:
            flash(gettext("The filter is deleted."), "success")
        return redirect(url_for("saved.index"), 303)
