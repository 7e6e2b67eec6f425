"""The columns of a list: how each looks on the page, and what it is in the CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flask_babel import lazy_gettext

from bridge.access.rights import Right
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.filters import Filters, current_filters

R = TypeVar("R")
Value = Callable[[R], object]
"""A value of a row. `current_filters()` knows the names of regions and milestones."""


class Person(Protocol):
    """A row about a member."""

    @property
    def number(self) -> str | None: ...
    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...


class InRegion(Protocol):
    """A row about a region."""

    @property
    def region(self) -> str: ...


P = TypeVar("P", bound=Person)
G = TypeVar("G", bound=InRegion)


@dataclass(frozen=True, slots=True)
class CsvField(Generic[R]):
    """A field of the CSV: its header and its value."""

    heading: str
    value: Value[R]


Note = CsvField[R] | Value[R]
"""A second line in a cell. As a `CsvField`, it is also a field of the CSV."""


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column of a list.

    `macro`: the macro that renders a cell, '' if the column is in the CSV only. It is one of
    templates/web/lists/cells.html if there is a `value`, and one of the page's own file if not.
    `note`: a second line, in grey. `words`: the cell holds long texts. `empty`: shown instead of no
    value. `shown`: whether the page has the column; the CSV always has its fields. `control`:
    the cell holds a button or a checkbox, so it can't be the heading of its row.
    """

    heading: str
    macro: str
    csv: Sequence[CsvField[R]]
    value: Value[R] | None = None
    note: Value[R] | None = None
    words: bool = False
    empty: str = "—"
    shown: Callable[[Filters], bool] = lambda _: True
    control: bool = False


def text(
    heading: str,
    value: Value[R],
    *,
    note: Note[R] | None = None,
    csv: Sequence[CsvField[R]] | None = None,
    words: bool = False,
    macro: str = "text",
    empty: str = "—",
    shown: Callable[[Filters], bool] = lambda _: True,
) -> Column[R]:
    """A column with a text. `csv`: other fields of the CSV, instead of the text and the note."""
    fields = [CsvField(heading, value), *_csv_of(note)]
    return Column(
        heading, macro, fields if csv is None else csv, value, _value_of(note), words, empty, shown
    )


def _csv_of(note: Note[R] | None) -> list[CsvField[R]]:
    return [note] if isinstance(note, CsvField) else []


def _value_of(note: Note[R] | None) -> Value[R] | None:
    return note.value if isinstance(note, CsvField) else note


def lines(heading: str, value: Value[R]) -> Column[R]:
    """A column with a text of several lines."""
    return text(heading, value, words=True, macro="lines")


def day(
    heading: str,
    value: Value[R],
    *,
    note: Note[R] | None = None,
    csv: Sequence[CsvField[R]] | None = None,
    words: bool = False,
    empty: str = "—",
    shown: Callable[[Filters], bool] = lambda _: True,
) -> Column[R]:
    """A column with a day. In the CSV it has its time."""
    return text(heading, value, note=note, csv=csv, words=words, macro="day", empty=empty,
                shown=shown)  # fmt: skip


def date_and_time(
    heading: str,
    value: Value[R],
    *,
    note: Note[R] | None = None,
    csv: Sequence[CsvField[R]] | None = None,
) -> Column[R]:
    """A column with a day and a time."""
    return text(heading, value, note=note, csv=csv, macro="date_and_time")


def chip(heading: str, label: Value[R], kind: Value[R], detail: CsvField[R]) -> Column[R]:
    """A column with a short word on a coloured ground, and a text below it.

    `kind`: quiet, good, warn or bad.
    """
    return text(
        heading,
        lambda each: (label(each), kind(each), detail.value(each)),
        csv=(CsvField(heading, label), detail), words=True, macro="chip",
    )  # fmt: skip


def cell(
    heading: str,
    macro: str,
    *,
    csv: Sequence[CsvField[R]] = (),
    words: bool = False,
    shown: Callable[[Filters], bool] = lambda _: True,
    control: bool = False,
) -> Column[R]:
    """A column whose cells are rendered by a macro `macro(each, view)` of the page's own file."""
    return Column(heading, macro, csv, words=words, shown=shown, control=control)


def visitor_may(right: Right) -> Callable[[Filters], bool]:
    """Whether a column is shown: to visitors with this right."""
    return lambda _filters: current_visitor().may(right)


def button(
    label: str,
    address: Value[R],
    description: Value[R],
    *,
    offered: Callable[[R], bool] = lambda _: True,
    shown: Callable[[Filters], bool],
) -> Column[R]:
    """A column with a button that posts to an address.

    `description`: the label for screen readers, with the name of the row. `offered`: whether a row
    has the button. `shown`: for example `visitor_may` and the right that the address needs.
    """
    return Column(
        lazy_gettext("Action"), "button", (),
        lambda each: (address(each), label, description(each)) if offered(each) else None,
        shown=shown, control=True,
    )  # fmt: skip


def csv_only(heading: str, value: Value[R]) -> Column[R]:
    """A field of the CSV that the page doesn't show."""
    return Column(heading, "", (CsvField(heading, value),))


def member(member_id: Callable[[P], int], *, note: Note[P] | None = None) -> Column[P]:
    """A column with a member's name, linked to their page, and their number.

    `member_id`: the member's ID. `note`: one more line, such as the region.
    """
    fields: list[CsvField[P]] = [
        CsvField(lazy_gettext("Number"), lambda each: each.number),
        CsvField(lazy_gettext("First name"), lambda each: each.first_name),
        CsvField(lazy_gettext("Last name"), lambda each: each.last_name),
    ]
    return Column(
        lazy_gettext("Member"), "member", [*fields, *_csv_of(note)],
        lambda each: (member_id(each), each), _value_of(note),
    )  # fmt: skip


def region(note: Note[G] | None = None) -> Column[G]:
    """A column with the name of a region."""
    field: CsvField[G] = region_field()
    return text(field.heading, field.value, note=note)


def region_field() -> CsvField[G]:
    """The name of a region, as a note or a field of the CSV."""
    return CsvField(lazy_gettext("Region"), lambda each: current_filters().region_name(each.region))
