"""Members who have worked on a milestone for two weeks or longer, longest first."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.store.learning.waiting_members import WaitingMember, waiting_members
from bridge.web.common.services import current_services
from bridge.web.lists.columns import day, member, region, text
from bridge.web.lists.filters import Filters, current_filters
from bridge.web.lists.list_page import Export, ListPage, NextStep

FOLLOW_UP_AFTER = timedelta(days=14)
"""Nobody needs a reminder in the first two weeks of a milestone."""


def _read(session: Session, filters: Filters, limit: int, after: int) -> list[WaitingMember]:
    since = current_services().now() - FOLLOW_UP_AFTER
    milestones = {option.key: option.keys[1:] for option in filters.chosen_milestones}
    return waiting_members(session, milestones, filters.scope, limit, after, since=since)


def _milestone(each: WaitingMember) -> str:
    key = (each.curriculum, each.milestone)
    return next(option.title for option in current_filters().milestones if option.key == key)


def _days(each: WaitingMember) -> str:
    days = (current_services().now() - each.since).days
    return str(ngettext("%(num)s day", "%(num)s days", days))


LIST: ListPage[WaitingMember] = ListPage(
    endpoint="dashboard.follow_up",
    address="/committee/follow-up",
    title=_("Needs follow-up"),
    access="members",
    introduction=_(
        "Members who have worked on a milestone for two weeks or longer and haven't earned it yet, "
        "longest first."
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
        member(lambda each: each.member_id),
        region(),
        text(_("Milestone"), _milestone),
        day(_("Since"), lambda each: each.since, note=_days),
        day(_("Last completion"), lambda each: each.seen, empty=_("nothing yet")),
    ),
)
