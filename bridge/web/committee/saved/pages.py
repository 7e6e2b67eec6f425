"""`/committee/saved`: saving a filter, opening it, changing it, and emailing a report."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import SavedFilterError
from bridge.web.committee.saved import change_pages, send_pages
from bridge.web.committee.saved.forms import SaveForm
from bridge.web.committee.saved.list_page import LIST
from bridge.web.committee.saved.place import actor, find_seen
from bridge.web.common.access import open_to
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translate_error
from bridge.web.lists.filters import read_choices
from bridge.web.lists.routes import add_list_routes
from bridge.web.lists.saved import (
    FilterPage,
    address_of,
    current_reader,
    filter_pages,
    in_words,
    still_valid,
)
from bridge.workflows.saved_reports import changes
from bridge.workflows.saved_reports.changes import NewFilter
from bridge.workflows.saved_reports.reports import REPORTS


def blueprint(services: Services) -> Blueprint:
    """The list, the forms and the buttons."""
    pages = Blueprint("saved", __name__, url_prefix=LIST.address)
    add_list_routes(pages, services, LIST)
    _add_saving(pages, services)
    _add_opening(pages, services)
    change_pages.register_routes(pages, services)
    send_pages.register_routes(pages, services)
    return pages


def _add_saving(pages: Blueprint, services: Services) -> None:
    @pages.post("")
    @limit_clients(services.limiter, "60 per minute; 500 per hour")
    @open_to("saved-filters")
    def save() -> Answer | str:
        page, choices = _page(request.form.get("page", "")), read_choices(services)
        posted = {each.name: request.form.get(f"chosen-{each.name}", "") for each in page.fields}
        chosen = {name: str(value) for name, value in still_valid(page, posted, choices).items()}
        gone = any(posted[each.name] and each.name not in chosen for each in page.saved_fields)
        if gone:
            flash(gettext("Something that you chose no longer exists, or you may not see it. The "
                          "filter isn't saved yet: check what it chooses."), "warning")  # fmt: skip
        form = SaveForm()
        if form.validate_on_submit() and not gone and _save(services, page, chosen, form):
            flash(gettext("The filter is saved."), "success")
            if page.endpoint in REPORTS:
                flash(gettext("To email this report, open it on the page “Saved filters”."), "info")
            return redirect(address_of(page, chosen), 303)
        return render_template(
            "web/committee/saved/save.html", form=form, page=page, chosen=chosen,
            words=in_words(page, chosen, choices), may_share=current_reader().all_shared,
        )  # fmt: skip


def _page(endpoint: str) -> FilterPage:
    """The page with filters. Raises NotFound if there is none that the visitor may open."""
    page = filter_pages().get(endpoint)
    if page is None or not current_visitor().may(page.access):
        raise NotFound
    return page


def _save(services: Services, page: FilterPage, chosen: dict[str, str], form: SaveForm) -> bool:
    shared = bool(form.shared.data) and current_reader().all_shared
    new = NewFilter(str(form.name.data), page.endpoint, chosen, shared)
    try:
        with services.database.transaction() as session:
            changes.save(session, new, actor(), services.now())
    except SavedFilterError as error:
        flash(translate_error(error), "danger")
        return False
    return True


def _add_opening(pages: Blueprint, services: Services) -> None:
    @pages.get("/<int:number>/open")
    @open_to("saved-filters")
    def open_filter(number: int) -> Answer:
        with services.database.reading() as session:
            row = find_seen(session, number)
        page = filter_pages().get(row.page)
        if page is None or not current_visitor().may(page.access):
            flash(gettext("The list of this filter no longer exists, or you may not open it."),
                  "warning")  # fmt: skip
            return redirect(url_for("saved.index"), 303)
        valid = still_valid(page, row.chosen, read_choices(services))
        if valid.keys() != row.chosen.keys():
            flash(gettext("Something that this filter chooses no longer exists, or you may not "
                          "see it. The list is shown without it."), "warning")  # fmt: skip
        return redirect(address_of(page, valid), 303)
