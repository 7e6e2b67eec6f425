"""What the pages of saved filters say: what a filter chooses, when it is emailed, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _

from bridge.store.saved_filters.filters import StopReason
from bridge.store.tables.saved_filters import SavedFilter
from bridge.web.lists.filter_fields import Choices
from bridge.web.lists.saved import filter_pages, in_words
from bridge.workflows.saved_reports.planning import LeftOut, schedule_of
from bridge.workflows.saved_reports.schedule import Schedule

MONDAY = date(2024, 1, 1)
"""Any Monday: the language's names of weekdays come from the days that follow it."""
STOPPED: Mapping[StopReason, str] = {
    "": "",
    "person": _("Stopped by someone"),
    "nobody": _("Stopped: nobody can get it any more"),
    "owner": _("Stopped: the person it belongs to may not read it any more"),
    "filter": _("Stopped: something that it chooses no longer exists"),
}
LEFT_OUT: Mapping[LeftOut, str] = {
    "": "",
    "role": _("gets none: no role lets them read it any more"),
    "region": _("gets none: they may not read about this region"),
    "unsubscribed": _("gets none: they have unsubscribed from reports"),
    "address": _("gets none: emails can't be sent to this address"),
}


def page_title(endpoint: str) -> str:
    """The title of the page that a filter is for."""
    page = filter_pages().get(endpoint)
    return str(page.title) if page else gettext("A page that no longer exists")


def chosen_words(row: SavedFilter, choices: Choices) -> str:
    """What a filter chooses, such as “Region: North · Milestone: New Steward”."""
    page = filter_pages().get(row.page)
    words = [
        gettext("%(label)s: %(value)s", label=field.label, value=label or _day(value))
        for field, value, label in (in_words(page, row.chosen, choices) if page else ())
    ]
    return " · ".join(words) or gettext("Everything")


def _day(value: str) -> str:
    return str(format_date(date.fromisoformat(value), "medium"))


def weekday_name(number: int) -> str:
    """The name of a weekday, where 1 is Monday."""
    return str(format_date(MONDAY + timedelta(days=number - 1), "EEEE"))


def schedule_words(row: SavedFilter) -> str:
    """When a filter is emailed; '' if it isn't."""
    schedule = schedule_of(row)
    return _said(schedule) if schedule else ""


def _said(schedule: Schedule) -> str:
    if schedule.every == "weekly":
        return str(gettext("Every week: %(day)s", day=weekday_name(schedule.day)))
    return str(gettext("Every month: day %(day)s", day=schedule.day))


def stopped_words(row: SavedFilter) -> str:
    """Why a report is stopped; '' if it isn't."""
    known: Mapping[str, str] = {str(key): label for key, label in STOPPED.items()}
    return str(known.get(row.stopped_because, "")) if row.stopped_at else ""


def left_out_words(why: str) -> str:
    """Why someone gets no email; '' if they do."""
    known: Mapping[str, str] = {str(key): label for key, label in LEFT_OUT.items()}
    return str(known.get(why, ""))
