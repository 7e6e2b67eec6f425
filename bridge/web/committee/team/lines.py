"""The lines of the page Team: each role of each person, from the configuration or given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.access.holders import addresses, chairs
from bridge.access.roles import ROLES, Role
from bridge.access.team import GIVEN_ROLES, Confirmation, GrantState, grant_state, may_confirm
from bridge.config import Config
from bridge.member_records import email_key
from bridge.store.auth import team
from bridge.store.auth.role_holders import holders_of
from bridge.store.auth.team import TeamRoleRow
from bridge.store.members import queries as members
from bridge.store.persons import former_addresses
from bridge.web.common.access import own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translated_text

STATES: Mapping[GrantState, tuple[str, str]] = {
    "active": (_("Active"), "good"),
    "invited": (_("Invited"), "quiet"),
    "unconfirmed": (_("To be confirmed"), "warn"),
    "expired": (_("Invitation expired"), "bad"),
}
"""What the page calls each state, and the colour."""


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A role of a person. `row` is None for roles in the configuration."""

    email: str
    role: str
    region: str
    state: GrantState
    row: TeamRoleRow | None
    confirmable: bool = False

    @property
    def name(self) -> str:
        return self.row.name if self.row else ""

    @property
    def since(self) -> datetime | None:
        return (self.row.accepted_at or self.row.given_at) if self.row else None


def team_lines(services: Services, session: Session) -> Sequence[TeamLine]:
    """Everyone with a role, by role: first those in the configuration."""
    rows = team.all_roles(session)
    own = own_addresses(session)
    lines = [*_configured(services.config), *_given(services, rows, own)]
    titles = [translated_text(ROLES[role].title) for role in GIVEN_ROLES]
    return sorted(lines, key=lambda each: titles.index(each.role))


def confirmable_lines(services: Services, session: Session) -> Sequence[TeamLine]:
    """The given roles that the visitor may confirm as the second person."""
    rows = team.all_roles(session)
    lines = _given(services, rows, own_addresses(session))
    return [each for each in lines if each.confirmable]


def own_addresses(session: Session) -> frozenset[str]:
    """All addresses that the visitor has or had, in lower case: of their login and their member
    records.
    """
    mine = own_members(session)
    current = {each.email_key for each in members.members_by_ids(session, mine).values()}
    former = former_addresses.addresses_of(session, mine)
    return frozenset({email_key(current_visitor().email), *current, *former})


def is_confirmable(
    config: Config, rows: Sequence[TeamRoleRow], own: frozenset[str], row: TeamRoleRow
) -> bool:
    """Whether the visitor may confirm this role."""
    who = Confirmation(
        own,
        [one for each in own for one in team.lineage_of(rows, each)],
        "committee" in current_visitor().roles,
        holders_of(config, rows, row.role),
    )
    return row.invited_at is None and may_confirm(row.role, row.email, row.lineage, who)


def _configured(config: Config) -> Iterator[TeamLine]:
    for role in GIVEN_ROLES:
        title = translated_text(ROLES[role].title)
        if role == "chair":
            for region, address in chairs(config):
                yield TeamLine(address, title, config.regions[region].name, "active", None)
            continue
        for address in addresses(config, role):
            yield TeamLine(address, title, "", "active", None)


def _given(
    services: Services, rows: Sequence[TeamRoleRow], own: frozenset[str]
) -> Iterator[TeamLine]:
    regions, now = services.config.regions, services.now()
    for row in rows:
        state = grant_state(row.invited_at, row.accepted_at, now)
        region = regions[row.region].name if row.region in regions else _gone(row.region)
        confirmable = is_confirmable(services.config, rows, own, row)
        yield TeamLine(row.email, _title(row.role), region, state, row, confirmable)


def _gone(region: str) -> str:
    return gettext("A region that is no longer configured") if region else ""


def _title(role: Role) -> str:
    return translated_text(ROLES[role].title)
