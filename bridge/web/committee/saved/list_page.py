"""The list of saved filters: the visitor's own, and those shared with the committee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.store.saved_filters import filters as store
from bridge.store.tables.saved_filters import SavedFilter, SavedFilterRecipient
from bridge.web.committee.saved.words import (
    chosen_words,
    left_out_words,
    page_title,
    schedule_words,
    stopped_words,
)
from bridge.web.common.services import current_services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.columns import cell, day, text
from bridge.web.lists.filters import Filters
from bridge.web.lists.list_page import ListPage, NextStep
from bridge.web.lists.saved import current_reader
from bridge.workflows.saved_reports.planning import next_sending


@dataclass(frozen=True, slots=True)
class ListedFilter:
    """A saved filter. `recipients`: one line for each, with why they got nothing the last time."""

    id: int
    name: str
    page: str
    chosen: str
    owner: str
    shared: bool
    schedule: str
    stopped: str
    next: date | None
    sent_at: datetime | None
    recipients: Sequence[str]
    may_change: bool


def may_change(row: SavedFilter) -> bool:
    """Whether the visitor may change a filter: their own, or a shared one on the committee."""
    reader, committee = current_reader(), "committee" in current_visitor().roles
    return row.owner == reader.email or (row.shared and committee)


def _read(session: Session, filters: Filters, limit: int, after: int) -> list[ListedFilter]:
    rows = store.page_of_filters(session, current_reader(), limit, after)
    people = store.recipients(session, [each.id for each in rows])
    return [_listed(each, people[each.id], filters) for each in rows]


def _listed(
    row: SavedFilter, people: Sequence[SavedFilterRecipient], filters: Filters
) -> ListedFilter:
    services = current_services()
    return ListedFilter(
        id=row.id,
        name=row.name,
        page=page_title(row.page),
        chosen=chosen_words(row, filters.choices),
        owner=row.owner,
        shared=row.shared,
        schedule=schedule_words(row),
        stopped=stopped_words(row),
        next=next_sending(row, services.config, services.now()),
        sent_at=row.sent_at,
        recipients=[_recipient(each) for each in people],
        may_change=may_change(row),
    )


def _recipient(each: SavedFilterRecipient) -> str:
    why = left_out_words(each.left_out)
    return f"{each.email} – {why}" if why else each.email


def _emailed(each: ListedFilter) -> str:
    return each.stopped or each.schedule


def _next(each: ListedFilter) -> str:
    day = format_date(each.next, "medium") if each.next else ""
    return gettext("next on %(day)s", day=day) if day else ""


LIST: ListPage[ListedFilter] = ListPage(
    endpoint="saved.index",
    address="/committee/saved",
    title=_("Saved filters"),
    access="saved-filters",
    in_menu=True,
    section="progress",
    fields=(),
    parts="web/committee/saved/list-parts.html",
    introduction=_(
        "Filters of lists that you saved, and those shared with the committee. Reports can be "
        "emailed every week or month to people who may read them."
    ),
    next_step=NextStep(
        _("Filter a list, then press “Save this filter” below the filters."),
        "reports.who_is_where", _("Who is where"), "members",
    ),
    read=_read,
    empty=lambda _filters: gettext("No saved filters yet."),
    export=None,
    columns=(
        cell(_("Filter"), "filter", words=True),
        text(_("List"), lambda each: each.page, note=lambda each: each.chosen, words=True),
        text(_("Emailed"), _emailed, note=_next, empty=_("no"), words=True),
        day(_("Last email"), lambda each: each.sent_at, empty=_("none yet")),
        text(
            _("Recipients"),
            lambda each: "\n".join(each.recipients),
            macro="lines",
            words=True,
        ),
        cell(_("Action"), "change", control=True),
    ),
)  # fmt: skip
