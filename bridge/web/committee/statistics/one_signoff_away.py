"""Members who lack only a sign-off to reach a milestone."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bridge.store.statistics import one_signoff_away as store
from bridge.store.statistics.one_signoff_away import AlmostThere
from bridge.web.committee.corrections.titles import about_title
from bridge.web.common.services import current_services
from bridge.web.layout.formatting import key_as_words
from bridge.web.lists.columns import cell, member, region, text, visitor_may
from bridge.web.lists.filter_fields import REGION
from bridge.web.lists.filters import current_filters
from bridge.web.lists.list_page import Export, ListPage, NextStep


def _milestone(each: AlmostThere) -> str:
    """The title of the milestone; its key in words if it is gone."""
    titles = (
        option.title
        for option in current_filters().milestones
        if option.key[0] == each.curriculum and each.milestone in option.keys
    )
    return next(titles, key_as_words(each.milestone))


def _signoff(each: AlmostThere) -> str:
    curricula = current_services().curricula
    return about_title(curricula, each.curriculum, f"signoff:{each.requirement}")


LIST: ListPage[AlmostThere] = ListPage(
    endpoint="dashboard.one_signoff_away",
    address="/committee/one-signoff-away",
    title=_("One sign-off away"),
    access="members",
    introduction=_(
        "Members who have done everything for a milestone except one sign-off. “Sign off” opens "
        "the list of all who lack the same one. The list is up to date within minutes."
    ),
    next_step=NextStep(
        _("When a sign-off is the last thing that a member needs, the member appears here."),
        "signoffs.form",
        _("Sign off several people"),
        "members-change",
    ),
    terms=("sign-off", "milestone", "requirement"),
    fields=(REGION,),
    parts="web/committee/lists/one-signoff-away.html",
    parent=("dashboard.index", _("Dashboard")),
    read=lambda session, filters, limit, after: store.list_members(
        session, limit, after, filters.scope
    ),
    empty=lambda _filters: gettext("Nobody is one sign-off away from a milestone."),
    export=Export("one-signoff-away"),
    columns=(
        member(lambda each: each.member_id),
        region(),
        text(_("Milestone"), _milestone),
        text(_("Missing sign-off"), _signoff),
        cell(_("Action"), "sign_off", shown=visitor_may("sign-offs"), control=True),
    ),
)
