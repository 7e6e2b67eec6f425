"""The saved filters of a list page: which pages have them, and the menu that shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Flask, current_app, request, url_for
from werkzeug.exceptions import NotFound

from bridge.access.rights import Right
from bridge.membership.emails import email_key
from bridge.store.saved_filters import filters as store
from bridge.store.saved_filters.filters import Reader
from bridge.store.tables.saved_filters import SavedFilter
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.filter_fields import Choices, FilterField
from bridge.web.lists.filters import Filters

EXTENSION_KEY = "stewardpath.filter-pages"
MAX_IN_MENU = 8
"""More are on the page with all saved filters."""


@dataclass(frozen=True, slots=True)
class FilterPage:
    """A page of the committee with filters. `access`: the right that it needs."""

    endpoint: str
    title: str
    access: Right
    fields: Sequence[FilterField[Any]]

    @property
    def saved_fields(self) -> Sequence[FilterField[Any]]:
        return [each for each in self.fields if each.can_be_saved]


@dataclass(frozen=True, slots=True)
class SavedMenu:
    """The saved filters of a page, and what is chosen there now.

    `left_out`: something that can't be saved was chosen too.
    """

    page: FilterPage
    rows: Sequence[SavedFilter]
    chosen: Mapping[str, str]
    left_out: bool
    may_share: bool


def remember_filters(pages: Blueprint, page: FilterPage) -> None:
    """Let people save the filters of a page, once its blueprint is registered."""

    def remember(app: Flask) -> None:
        app.extensions.setdefault(EXTENSION_KEY, {})[page.endpoint] = page

    pages.record_once(lambda state: remember(cast(Flask, state.app)))


def filter_pages() -> Mapping[str, FilterPage]:
    """The pages whose filters can be saved, by endpoint."""
    return cast("Mapping[str, FilterPage]", current_app.extensions[EXTENSION_KEY])


def current_reader() -> Reader:
    """Whose saved filters the visitor sees: chairs see their own only."""
    visitor = current_visitor()
    return Reader(email_key(visitor.email), visitor.regions("saved-filters") is None)


def saved_menu(services: Services, filters: Filters) -> SavedMenu | None:
    """The menu of this page; None if its filters can't be saved, or not by the visitor."""
    page = filter_pages().get(request.endpoint or "")
    if page is None or not current_visitor().may("saved-filters"):
        return None
    reader = current_reader()
    with services.database.reading() as session:
        rows = store.of_page(session, page.endpoint, reader)
    params = {each.name: filters.params[each.name] for each in page.fields}
    chosen = {each.name: str(params[each.name]) for each in page.saved_fields if params[each.name]}
    left_out = any(params[each.name] for each in page.fields if not each.can_be_saved)
    return SavedMenu(page, rows[:MAX_IN_MENU], chosen, left_out, reader.all_shared)


def still_valid(
    page: FilterPage, chosen: Mapping[str, object], choices: Choices
) -> Mapping[str, str | int]:
    """The values of a saved filter that can still be chosen, as parameters."""
    found: dict[str, str | int] = {}
    for each in page.saved_fields:
        try:
            param = each.param(each.read(str(chosen.get(each.name, "")), choices))
        except NotFound:
            continue
        if param is not None:
            found[each.name] = param
    return found


def in_words(
    page: FilterPage, chosen: Mapping[str, object], choices: Choices
) -> Sequence[tuple[FilterField[Any], str, str]]:
    """What a saved filter chooses: each field, the value, and its label or '' for a day."""
    valid = still_valid(page, chosen, choices)
    return [
        (each, str(valid[each.name]), _label(each, str(valid[each.name]), choices))
        for each in page.saved_fields
        if each.name in valid
    ]


def _label(field: FilterField[Any], value: str, choices: Choices) -> str:
    return dict(field.options(choices)).get(value, "") if field.kind == "choice" else ""


def address_of(page: FilterPage, chosen: Mapping[str, str | int]) -> str:
    """The address of a page with these values."""
    params: dict[str, Any] = dict(chosen)
    return url_for(page.endpoint, **params)
