"""The list to tick people in: by region, milestone, attendance, role and what they lack."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flask_babel import format_date, gettext
from wtforms import SelectField

from bridge.features.registers import all_own_people
from bridge.foundations.feature import Context
from bridge.sessions import live_sessions
from bridge.sessions.rosters import held_sessions
from bridge.sessions.tables import LiveSession
from bridge.store.members import lookup
from bridge.store.members.lookup import Choice, FoundMember, Scope
from bridge.web.committee.people_lists.forms import PeopleListForm, named_choices
from bridge.web.common.access import own_members, visible_regions
from bridge.web.common.services import Services
from bridge.web.lists.filter_fields import MilestoneOption
from bridge.web.lists.filters import milestone_options

MAX_LISTED = 200
MAX_SESSIONS = 50

WhoHaveIt = Callable[[Collection[int]], Collection[int]]
"""Those of these members who need nothing: *Tick all* leaves them out."""
WhoLack = Callable[[], frozenset[int]]
"""The members who lack nothing else, if the form asks for them."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The people to tick. `have_it`: who needs nothing. `more`: some aren't listed."""

    members: Sequence[FoundMember]
    ticked: frozenset[int]
    have_it: Collection[int]
    more: bool = False


def fill_filters(
    services: Services,
    context: Context,
    form: PeopleListForm,
    roles: Sequence[tuple[str, str]] = (),
) -> None:
    """Set what can be chosen: regions, milestones, the newest sessions, and `roles`. One query.

    Without roles, the form can't be filtered by them.
    """
    visible = visible_regions()
    regions = [(key, each.name) for key, each in services.config.regions.items()
               if visible is None or key in visible]  # fmt: skip
    form.region.choices = named_choices(gettext("All regions"), regions)
    milestones = [(each.value, each.title) for each in milestone_options(services)]
    form.milestone.choices = named_choices(gettext("All milestones"), milestones)
    sessions = [
        (str(live.id), _title(live, context))
        for live in held_sessions(context, MAX_SESSIONS, visible)
    ]
    form.session.choices = named_choices(gettext("Any session or none"), sessions)
    form.holds.choices = named_choices(gettext("Any role or none"), roles) if roles else []


def read_candidates(
    services: Services,
    context: Context,
    form: PeopleListForm,
    scope: Scope,
    who_have_it: WhoHaveIt,
    who_lack: WhoLack = frozenset,
    *,
    list_all: bool = False,
) -> Candidates:
    """Those who are ticked, and those of the filter if it was asked for. Ten queries at most.

    The visitor isn't among them. `list_all`: list everyone in the scope; there is no filter.
    """
    session, ticked = context.session, form.ticked
    chosen = lookup.by_ids(session, ticked, scope) if ticked else {}
    wanted = Choice() if list_all else _choice(services, context, form, who_lack)
    listed = lookup.list_members(session, wanted, scope, MAX_LISTED + 1) if wanted else []
    own = own_members(session)
    everyone = {each.id: each for each in (*chosen.values(), *listed[:MAX_LISTED])}
    members = [each for each in everyone.values() if each.id not in own]
    ids = [each.id for each in members]
    have_it = who_have_it(ids) if ids else ()
    if form.step == "all":
        ticked = [each for each in ids if each not in have_it]
    if form.step == "none":
        ticked = []
    return Candidates(members, frozenset(ticked), have_it, len(listed) > MAX_LISTED)


def _choice(
    services: Services, context: Context, form: PeopleListForm, who_lack: WhoLack
) -> Choice | None:
    """Who to list; None if nobody was asked for."""
    region, session, role, lacks = map(_chosen, (form.region, form.session, form.holds, form.lacks))
    milestone = _milestone(services, _chosen(form.milestone))
    chosen = region or milestone or session or role or lacks
    if form.step not in ("list", "all", "none") and not chosen:
        return None
    ids = who_lack() if lacks else None
    if session:
        there = all_own_people(services.features)["session"](context, int(session)) or ()
        ids = frozenset(there) if ids is None else ids.intersection(there)
    curriculum, keys = (milestone.key[0], milestone.keys) if milestone else ("", ())
    return Choice(region, curriculum, keys, ids, role, services.now().date())


def _chosen(field: SelectField) -> str:
    """What was chosen, if it can be; '' if not."""
    value = field.data or ""
    return value if any(value == each.value for each in field.choices) else ""


def _title(live: LiveSession, context: Context) -> str:
    """The session's title and day."""
    title = live_sessions.title_of(live, context.curricula, context.language)
    return f"{title}, {format_date(live.starts.date(), 'medium', rebase=False)}"


def _milestone(services: Services, value: str) -> MilestoneOption | None:
    return next((each for each in milestone_options(services) if each.value == value), None)
