"""`/sessions/month/<2027-04>`: the sessions of one month, as a calendar."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel import Locale
from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.foundations.deadlines.local_time import find_zone
from bridge.store.persons import records
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.sessions.filters import SessionFilter, filtered
from bridge.web.sessions.shown_sessions import ShownSession, within

FIRST, LAST = date(2000, 1, 1), date(2999, 12, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, with the sessions that begin on it where they take place."""

    day: date
    is_in_month: bool
    sessions: tuple[ShownSession, ...]


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/sessions/month` and `/sessions/month/<month>`."""

    @pages.get("/sessions/month")
    def this_month() -> Answer:
        today = services.now().astimezone(find_zone(services.config.timezone))
        chosen = SessionFilter.read(request.args, current_visitor())
        values: dict[str, Any] = {"month": f"{today:%Y-%m}", **chosen.parameters}
        return redirect(url_for("sessions.month", **values), 303)

    @pages.get("/sessions/month/<month>")
    def month(month: str) -> str:
        first = _first_day(month)
        weeks = weeks_of(first, _first_weekday())
        visitor = current_visitor()
        with services.database.reading() as session:
            me = visitor.member_id and records.find_of_member(session, visitor.member_id)
            shown = within(services, session, visitor, me, weeks[0][0], weeks[-1][-1])
        language = visitors_language(services.config)
        found = filtered(shown, SessionFilter.read(request.args, visitor), language)
        return render_template(
            "web/sessions/month.html", first=first, weeks=placed(weeks, first, found.sessions),
            before=_other(first, -1), after=_other(first, 32), found=found, language=language,
        )  # fmt: skip


def weeks_of(first: date, first_weekday: int) -> list[list[date]]:
    """The whole weeks of the month that begins on `first`. `first_weekday`: 0 is Monday."""
    return Calendar(first_weekday).monthdatescalendar(first.year, first.month)


def placed(
    weeks: Sequence[Sequence[date]], first: date, shown: Sequence[ShownSession]
) -> list[list[Day]]:
    """The weeks with the sessions of each day."""

    on_day: defaultdict[date, list[ShownSession]] = defaultdict(list)
    for each in shown:
        on_day[each.live.starts.date()].append(each)

    def on(day: date) -> Day:
        return Day(day, day.month == first.month, tuple(on_day[day]))

    return [[on(day) for day in week] for week in weeks]


def _first_day(month: str) -> date:
    """Raises NotFound if this is no month such as 2027-04."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound from None
    if not FIRST <= first <= LAST:
        raise NotFound
    return first


def _first_weekday() -> int:
    locale = get_locale() or Locale("en")
    return int(locale.first_week_day)


def _other(first: date, days: int) -> str:
    """The month that so many days away, counted from the first, belongs to."""
    return f"{first + timedelta(days=days):%Y-%m}"
