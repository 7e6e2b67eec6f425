"""`/committee/saved/<number>/send`: a preview of the email, and sending it now."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import SavedFilterError
from bridge.mail.rendering import Email, about_union, render
from bridge.messages import Message
from bridge.store.saved_filters import filters as store
from bridge.store.tables.saved_filters import SavedFilter
from bridge.web.committee.saved.place import actor, attempt, find_own
from bridge.web.committee.saved.words import left_out_words, page_title
from bridge.web.common.access import open_to
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate_error
from bridge.workflows.saved_reports.contents import report_variables
from bridge.workflows.saved_reports.planning import Planned, plan
from bridge.workflows.saved_reports.reports import REPORTS, Source, check_chosen
from bridge.workflows.saved_reports.sending import send_now


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page and its button."""

    @pages.get("/<int:number>/send")
    @open_to("saved-filters")
    def preview(number: int) -> str:
        with services.database.reading() as session:
            row = _find_report(session, number)
            planned = plan(session, services.config, row)
            email, problem = _example(services, session, row, planned)
        return render_template(
            "web/committee/saved/send.html", row=row, planned=planned, email=email,
            problem=problem, title=page_title(row.page), why=left_out_words,
        )  # fmt: skip

    @pages.post("/<int:number>/send")
    @limit_clients(services.limiter, "10 per minute; 30 per hour")
    @open_to("saved-filters")
    def send(number: int) -> Answer:
        sent: list[int] = []

        def change(session: Session, _row: SavedFilter) -> None:
            row = store.lock(session, number)
            if row is None or str(row.version) != request.form.get("version"):
                raise SavedFilterError(
                    Message("the report was sent or changed meanwhile."),
                    todo=Message("Look at the page again before you send it."),
                )
            sent.append(send_now(session, services.config, services.curricula, row, actor(),
                                 services.now()))  # fmt: skip

        if not attempt(services, number, change):
            return redirect(url_for("saved.preview", number=number), 303)
        services.trigger_job()
        done = ngettext("%(num)s email is being sent.", "%(num)s emails are being sent.", sent[0])
        flash(done, "success")
        return redirect(url_for("saved.index"), 303)


def _find_report(session: Session, number: int) -> SavedFilter:
    row = find_own(session, number)
    if row.page not in REPORTS:
        raise NotFound
    return row


def _example(
    services: Services, session: Session, row: SavedFilter, planned: Sequence[Planned]
) -> tuple[Email | None, str]:
    """The email to the first recipient, in the visitor's language, and why there is none."""
    config, curricula, now = services.config, services.curricula, services.now()
    first = next((each.reader for each in planned if not each.left_out and each.reader), None)
    try:
        check_chosen(REPORTS[row.page], row.chosen, Source(config, curricula, None, now))
    except SavedFilterError as error:
        return None, translate_error(error)
    if first is None:
        return None, gettext("Nobody can get this report now.")
    variables = report_variables(session, config, curricula, row, first, now)
    folder = config.path(config.templates) if config.templates else None
    context = {**about_union(config), **variables}
    language = visitors_language(config)
    return render("saved-report", context, language=language, folder=folder), ""
