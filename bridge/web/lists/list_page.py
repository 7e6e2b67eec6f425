"""The declaration of a list page, and one page of it as its template shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.web.common.services import Services
from bridge.web.glossary import TermKey
from bridge.web.lists.columns import Column, CsvField
from bridge.web.lists.filter_fields import FilterField
from bridge.web.lists.filters import REGION_AND_MILESTONE, Filters
from bridge.web.menu import Section

R = TypeVar("R")
Read = Callable[[Session, Filters, int, int], Sequence[R]]
"""Reads up to `limit` rows that come after the row with the ID `after` (0: from the start).

Every row has an `id`, and rows are in the order of their IDs.
"""


@dataclass(frozen=True, slots=True)
class Export:
    """The CSV of a list: the name of the file, and the name of the list in the audit log.

    `audit_name`: the same if it is ''. `address`: that of the list and `/list.csv` if it is ''.
    `member`: the member that the list is about, if it is about one; the audit log names them, and
    doesn't record what members download about themselves.
    """

    file_name: str
    audit_name: str = ""
    address: str = ""
    member: Callable[[Session], int] | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What an empty list says to do next: a sentence, and perhaps a link.

    `endpoint` and `label`: of the page it leads to, for visitors with `right`; '' for no link.
    """

    text: str
    endpoint: str = ""
    label: str = ""
    right: Right = "public-pages"


@dataclass(frozen=True, slots=True)
class ListPage(Generic[R]):
    """A list page. `add_list_routes` makes its routes and its entry in the menu.

    `endpoint`: blueprint and function, such as `members.index`. `access`: the right it needs; if
    chairs may, `read` must keep to `filters.scope`. `introduction`: what the list is for.
    `empty`: what the page says without rows; `next_step`: what to do then. `terms`: words of the
    glossary that the page explains. `export`: its CSV. `note`: a sentence below the filters, or
    ''. `parent`: endpoint and title of the page it belongs to. `parts`: a template file with
    macros: one for each `cell` column, and if needed `introduction`, `actions` and `below` (see
    templates/web/lists/list.html). `context`: further variables for those macros. `opened`:
    called before the page is read, such as to record that the visitor looks. `section`: where the
    menu has it; None: at the top. `menu_shown`: whether it does at this moment.

    An address may have parts such as `<int:member>`: read them from `request.view_args`. The
    blueprint must add them to the addresses of its other pages (`url_defaults`).
    """

    endpoint: str
    address: str
    title: str
    access: Right
    columns: Sequence[Column[R]]
    read: Read[R]
    empty: Callable[[Filters], str]
    export: Export | None
    introduction: str = ""
    next_step: NextStep | None = None
    terms: Sequence[TermKey] = ()
    fields: Sequence[FilterField[Any]] = REGION_AND_MILESTONE
    note: Callable[[Filters], str] = lambda _: ""
    in_menu: bool = False
    section: Section | None = None
    menu_shown: Callable[[], bool] = lambda: True
    parent: tuple[str, str] | None = None
    parts: str = ""
    context: Callable[[Services, Filters], Mapping[str, object]] = lambda _services, _filters: {}
    opened: Callable[[Services], None] = lambda _services: None

    @property
    def csv_endpoint(self) -> str:
        """The endpoint of the CSV: `members.table`, or `dashboard.follow_up_table`."""
        blueprint, _, view = self.endpoint.partition(".")
        return f"{blueprint}.table" if view == "index" else f"{blueprint}.{view}_table"

    @property
    def csv_address(self) -> str:
        """The address of the CSV; '' if there is none."""
        if self.export is None:
            return ""
        return self.export.address or f"{self.address}/list.csv"

    @property
    def csv_fields(self) -> list[CsvField[R]]:
        return [field for column in self.columns for field in column.csv]

    @property
    def is_search(self) -> bool:
        """Whether its form and its CSV are posted, because search words may not be in a URL."""
        return not all(each.in_address for each in self.fields)


@dataclass(frozen=True, slots=True)
class ListView(Generic[R]):
    """Some rows of a list. `first` and `next`: URLs of other pages, or ''; `last`: the last ID."""

    page: ListPage[R]
    filters: Filters
    rows: Sequence[R]
    first: str = ""
    next: str = ""

    @property
    def columns(self) -> list[Column[R]]:
        """The columns that the page shows."""
        return [each for each in self.page.columns if each.macro and each.shown(self.filters)]

    @property
    def row_heading(self) -> Column[R]:
        """The column that says what a row is about: the first one without a control."""
        return next(each for each in self.columns if not each.control)

    @property
    def last(self) -> int:
        """The ID of the last row; 0 if there is none."""
        return row_id(self.rows[-1]) if self.rows else 0


def row_id(row: object) -> int:
    """The ID of a row. (A protocol can't demand it: mypy doesn't see that of a table's row.)"""
    return cast(int, row.id)  # type: ignore[attr-defined]
