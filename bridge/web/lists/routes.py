"""The routes of a list page: the page, its CSV, and its entry in the menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from bridge.web import menu
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists import searches
from bridge.web.lists.csv_export import audit_export, csv_response, iter_all_pages
from bridge.web.lists.filters import PAGE_SIZE, Filters, read_filters
from bridge.web.lists.list_page import Export, ListPage, ListView, R, row_id
from bridge.web.lists.saved import FilterPage, remember_filters, saved_menu
from bridge.web.menu import MenuEntry

TEMPLATE = "web/lists/list.html"
EXTENSION_KEY = "stewardpath.exported-lists"
LIVE = "live"
"""A search with this field is answered with what was found only, for the script that shows it."""


def add_list_routes(pages: Blueprint, services: Services, page: ListPage[R]) -> None:
    """Add a list page to a blueprint, its CSV if it has one, and its entry in the menu."""

    @open_to(page.access)
    def index(**_path: int) -> str | BaseResponse:
        if request.method == "POST":
            return _live(services, page) if LIVE in request.form else _show_search(services, page)
        page.opened(services)
        view = _read_page(services, page)
        saved = saved_menu(services, view.filters)
        return render_template(
            TEMPLATE, view=view, saved=saved, **page.context(services, view.filters)
        )

    methods = ["GET", "POST"] if page.is_search else ["GET"]
    pages.add_url_rule(_rule(pages, page.address), _view_name(pages, page.endpoint), index,
                       methods=methods)  # fmt: skip
    if page.fields and page.address.startswith("/committee/") and "<" not in page.address:
        remember_filters(pages, FilterPage(page.endpoint, page.title, page.access, page.fields))
    if page.in_menu:
        entry = MenuEntry(page.endpoint, page.title, page.access, page.section, page.menu_shown)
        pages.record_once(lambda state: menu.add_entry(cast(Flask, state.app), entry))
    if page.export is not None:
        _add_csv_route(pages, services, page, page.export)


def exported_lists() -> Mapping[str, ListPage[Any]]:
    """The list pages that have a CSV, by what the activity log calls them."""
    return cast("Mapping[str, ListPage[Any]]", current_app.extensions[EXTENSION_KEY])


def _live(services: Services, page: ListPage[R]) -> str:
    """What was found, while someone types. Nothing is kept, and the words are in no address."""
    view = _read_page(services, page)
    return render_template(
        "web/lists/found.html", view=view, **page.context(services, view.filters)
    )


def _show_search(services: Services, page: ListPage[R]) -> BaseResponse:
    """Lead to the page with what was found, so that Back doesn't ask to post the form again."""
    filters = read_filters(services, page.fields)
    number = searches.remember(page.endpoint, filters.words) if filters.words else None
    found = {searches.PARAMETER: number, "after": filters.after or None}
    return redirect(filters.address(page.endpoint, **found), 303)


def _add_csv_route(pages: Blueprint, services: Services, page: ListPage[R], export: Export) -> None:
    def remember(app: Flask) -> None:
        app.extensions.setdefault(EXTENSION_KEY, {})[export.audit_name or export.file_name] = page

    pages.record_once(lambda state: remember(cast(Flask, state.app)))

    @open_to(page.access)
    def table(**_path: int) -> Response:
        filters = read_filters(services, page.fields)
        audit_list_export(services, page, filters)
        rows = iter_all_pages(lambda limit, after: _read(services, page, filters, limit, after))
        fields = page.csv_fields
        return csv_response(
            export.file_name,
            [each.heading for each in fields],
            ([field.value(row) for field in fields] for row in rows),
        )

    method = "POST" if page.is_search else "GET"
    pages.add_url_rule(_rule(pages, page.csv_address), _view_name(pages, page.csv_endpoint), table,
                       methods=[method])  # fmt: skip


def audit_list_export(services: Services, page: ListPage[R], filters: Filters) -> None:
    """Record in the audit log that the visitor exports a list, unless it is about themselves."""
    export, member = page.export, None
    if export is None:
        raise ValueError(f"{page.endpoint} has no export.")
    if export.member is not None:
        with services.database.reading() as session:
            member = export.member(session)
        if member == current_visitor().member_id:
            return
    audit_export(services, export.audit_name or export.file_name, filters.audit_details, member)


def short_list(services: Services, page: ListPage[R], filters: Filters, size: int) -> ListView[R]:
    """The first rows of a list, to show on another page. One query."""
    return ListView(page, filters, _read(services, page, filters, size, 0))


def _read_page(services: Services, page: ListPage[R]) -> ListView[R]:
    filters = read_filters(services, page.fields)
    found = _read(services, page, filters, PAGE_SIZE + 1, filters.after)
    shown = found[:PAGE_SIZE]
    has_more = len(found) > PAGE_SIZE
    first, after = filters.pages(page.endpoint, has_more, row_id(shown[-1]) if shown else 0)
    return ListView(page, filters, shown, first, after)


def _read(
    services: Services, page: ListPage[R], filters: Filters, limit: int, after: int
) -> list[R]:
    with services.database.reading() as session:
        rows = list(page.read(session, filters, limit, after))
    _check_rows(page, filters, limit, rows)
    return rows


def _check_rows(page: ListPage[R], filters: Filters, limit: int, rows: Sequence[R]) -> None:
    """Raises ValueError if `read` has forgotten its limit, or the regions that a chair may see.

    A page that fails is better than one that shows a chair members of another region.
    """
    if len(rows) > limit:
        raise ValueError(f"{page.endpoint}: `read` must return at most `limit` rows.")
    scope = filters.scope
    if scope is not None and {getattr(row, "region", None) for row in rows} - scope - {None}:
        raise ValueError(f"{page.endpoint}: `read` must keep to the regions in `filters.scope`.")


def _rule(pages: Blueprint, address: str) -> str:
    """The address below the blueprint's. Raises ValueError if it is somewhere else."""
    prefix = pages.url_prefix or ""
    if not address.startswith(prefix):
        raise ValueError(f"{address} is not below {prefix}, the address of the blueprint.")
    return address.removeprefix(prefix)


def _view_name(pages: Blueprint, endpoint: str) -> str:
    """The endpoint without the blueprint. Raises ValueError if it names another blueprint."""
    blueprint, _, name = endpoint.partition(".")
    if blueprint != pages.name:
        raise ValueError(f"The endpoint {endpoint} does not begin with {pages.name}.")
    return name
