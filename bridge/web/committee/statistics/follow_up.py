"""Members who have worked on a milestone for some time, longest first, with what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import timedelta

from flask import request
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.curriculum.descriptions import describe, names_of
from bridge.curriculum.requirements.requirement import Names
from bridge.store.learning.waiting_members import WaitingMember, waiting_members
from bridge.web.common.services import current_services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text
from bridge.web.lists.columns import cell, day, lines, member, region, text
from bridge.web.lists.filter_fields import MILESTONE, REGION, ChoiceField
from bridge.web.lists.filters import Filters, current_filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.workflows.reminders.sending import missing_of

WAITING = ChoiceField(
    "waiting",
    _("Waiting for"),
    labels={
        "30": _("30 days or longer"),
        "90": _("90 days or longer"),
        "180": _("180 days or longer"),
        "365": _("A year or longer"),
    },
    all_label=_("Any time"),
)


@dataclass(frozen=True, slots=True)
class FollowUpRow(WaitingMember):
    """A waiting member. `missing`: what they must still do, in the visitor's language."""

    missing: tuple[str, ...] = ()


def read_waiting(
    session: Session,
    filters: Filters,
    limit: int,
    after: int = 0,
    enrolments: Iterable[int] | None = None,
) -> list[WaitingMember]:
    """Those of the chosen region and milestone who have waited long enough. One query."""
    services = current_services()
    days = max(services.config.reminders.after_days, _chosen_days(filters))
    milestones = {option.key: option.keys[1:] for option in filters.chosen_milestones}
    return waiting_members(
        session,
        milestones,
        filters.scope,
        limit,
        after,
        since=services.now() - timedelta(days=days),
        enrolments=None if enrolments is None else list(enrolments),
    )


def _chosen_days(filters: Filters) -> int:
    """0 for any time; the dashboard has no such filter."""
    return int(filters[WAITING] or 0) if WAITING in filters.fields else 0


def _read(session: Session, filters: Filters, limit: int, after: int) -> list[FollowUpRow]:
    services = current_services()
    rows = read_waiting(session, filters, limit, after)
    found = missing_of(session, services.curricula, rows, services.now().date())
    names = _names()
    return [
        FollowUpRow(
            **{each.name: getattr(row, each.name) for each in fields(WaitingMember)},
            missing=tuple(
                translated_text(describe(each, names[row.curriculum]))
                for each in found.get(row.id, ())
            ),
        )
        for row in rows
    ]


def _names() -> dict[str, Names]:
    """What the items of each curriculum are called, in the visitor's language."""
    services = current_services()
    language = visitors_language(services.config)
    labels = services.config.role_labels
    return {each.key: names_of(each, language, labels) for each in services.curricula}


def _milestone(each: WaitingMember) -> str:
    key = (each.curriculum, each.milestone)
    return next(option.title for option in current_filters().milestones if option.key == key)


def _days(each: WaitingMember) -> str:
    days = (current_services().now() - each.since).days
    return str(ngettext("%(num)s day", "%(num)s days", days))


def _can_remind(_filters: Filters) -> bool:
    """On the page itself, not on the dashboard, which shows its first rows."""
    return request.endpoint == "dashboard.follow_up" and current_visitor().may("reminders-send")


LIST: ListPage[FollowUpRow] = ListPage(
    endpoint="dashboard.follow_up",
    address="/committee/follow-up",
    title=_("Needs follow-up"),
    in_menu=True,
    section="progress",
    access="members",
    parts="web/committee/lists/follow-up.html",
    fields=(REGION, MILESTONE, WAITING),
    introduction=_(
        "Members who have worked on a milestone for some time and haven't earned it yet, longest "
        "first, with what is missing. You can send them a reminder."
    ),
    read=_read,
    empty=lambda _filters: gettext("No members need follow-up."),
    next_step=NextStep(
        _("Everyone who works on a milestone has made progress lately. Look again next week."),
        "dashboard.index",
        _("Dashboard"),
        "statistics",
    ),
    terms=("follow-up", "milestone", "enrolment"),
    export=Export("follow-up", address="/committee/follow-up.csv"),
    columns=(
        cell(_("Remind"), "tick", shown=_can_remind, control=True),
        member(lambda each: each.member_id),
        region(),
        text(_("Milestone"), _milestone),
        day(_("Since"), lambda each: each.since, note=_days),
        lines(_("Missing"), lambda each: "\n".join(each.missing)),
        day(_("Last completion"), lambda each: each.seen, empty=_("nothing yet")),
        day(_("Reminded"), lambda each: each.reminded, empty=_("never")),
    ),
)
