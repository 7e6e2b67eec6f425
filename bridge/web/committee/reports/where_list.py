"""The report “Who is where”: members with the milestone they have reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.curriculum.known_roles import known_roles
from bridge.store.statistics.who_is_where import (
    MemberPlace,
    MilestoneKey,
    PlaceFilter,
    end_of,
    members_with_places,
    start_of,
)
from bridge.web.common.services import current_services
from bridge.web.layout.formatting import role_name
from bridge.web.layout.language import visitors_language
from bridge.web.lists.columns import day, member, region, text
from bridge.web.lists.filter_fields import (
    MILESTONE,
    REGION,
    Choices,
    DayField,
    FilterField,
    MilestoneOption,
    known_value,
)
from bridge.web.lists.filters import Filters, current_filters
from bridge.web.lists.list_page import Export, ListPage, NextStep


class _RoleField(FilterField[str]):
    """A role that a curriculum, a setting or Stewardpath itself names."""

    def read(self, text: str, _choices: Choices) -> str:
        return known_value(text, _role_names())

    def param(self, value: str) -> str | None:
        return value or None

    def options(self, _choices: Choices) -> Iterator[tuple[str, str]]:
        yield "", gettext("All roles")
        yield from sorted(_role_names().items(), key=lambda each: each[1].casefold())


def _role_names() -> dict[str, str]:
    services = current_services()
    known = known_roles(services.curricula, services.config.role_labels)
    return {key: role_name(key) for key in known.keys}


ROLE = _RoleField("role", _("Role"))
SINCE = DayField("since", _("Reached from"))
UNTIL = DayField("until", _("Reached until"))


def place_filter(filters: Filters) -> PlaceFilter:
    """What the visitor chose."""
    now, option = current_services().now(), filters.milestone
    zone = now.tzinfo or UTC
    return PlaceFilter(
        positions=_positions(filters),
        today=now.date(),
        regions=filters.scope,
        role=filters[ROLE],
        curriculum=option.key[0] if option else "",
        milestones=option.keys if option else (),
        since=start_of(since, zone) if (since := filters[SINCE]) else None,
        until=end_of(until, zone) if (until := filters[UNTIL]) else None,
        zone=zone,
    )


def _positions(filters: Filters) -> Mapping[MilestoneKey, int]:
    return {
        (each.curriculum.key, key): each.position
        for each in filters.milestones
        for key in each.keys
    }


def _read(session: Session, filters: Filters, limit: int, after: int) -> list[MemberPlace]:
    return members_with_places(session, place_filter(filters), limit, after)


def _titles(each: MemberPlace) -> str:
    """The milestones reached: one in each curriculum, with its title if there are several."""
    options: dict[MilestoneKey, MilestoneOption] = {
        (option.curriculum.key, key): option
        for option in current_filters().milestones
        for key in option.keys
    }
    found = [options[reached.curriculum, reached.milestone] for reached in each.reached]
    if len({path for path, _ in options}) < 2:
        return "; ".join(option.title for option in found)
    language = visitors_language(current_services().config)
    return "; ".join(f"{o.title} ({o.curriculum.title.shown(language)})" for o in found)


LIST: ListPage[MemberPlace] = ListPage(
    endpoint="reports.who_is_where",
    address="/committee/who-is-where",
    title=_("Who is where"),
    access="members",
    in_menu=True,
    section="progress",
    fields=(REGION, MILESTONE, ROLE, SINCE, UNTIL),
    introduction=_(
        "Each member with the furthest milestone they have reached, when they reached it, and the "
        "last time they completed something. People who have left the union are not listed."
    ),
    next_step=NextStep(_("Choose all regions, all milestones and all roles, and no days.")),
    read=_read,
    empty=lambda _filters: gettext("No members match these filters. Try fewer of them."),
    export=Export("who-is-where"),
    columns=(
        member(lambda each: each.id),
        region(),
        text(_("Milestone"), _titles, empty=_("none yet")),
        day(_("Reached on"), lambda each: max((r.at for r in each.reached), default=None)),
        day(_("Last activity"), lambda each: each.last_activity, empty=_("nothing yet")),
    ),
)
