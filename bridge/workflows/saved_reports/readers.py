"""Who may read a report, and so may get it by email."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bridge.access.decisions import allows, regions_of
from bridge.access.holders import addresses, regions_chaired, roles_of
from bridge.access.rights import RIGHTS, Right
from bridge.access.team import GIVEN_ROLES, Grant
from bridge.config import Config
from bridge.member_records import email_key
from bridge.store.auth import team
from bridge.store.auth.team import TeamRoleRow


@dataclass(frozen=True, slots=True)
class ReportReader:
    """Someone of the team. `email` is in lower case; `regions`: those they see, None for all."""

    email: str
    name: str
    regions: frozenset[str] | None

    def sees(self, region: str) -> bool:
        """Whether they may read about a region; '' for all that they see."""
        return not region or self.regions is None or region in self.regions


def readers(session: Session, config: Config, right: Right) -> Mapping[str, ReportReader]:
    """Everyone who has a right by a role, by the configuration or as accepted. One query."""
    rows = [each for each in team.all_roles(session) if each.accepted_at is not None]
    names = dict(_names(config, rows))
    found = (_reader(config, rows, right, email, name) for email, name in names.items())
    return {each.email: each for each in found if each is not None}


def _names(config: Config, rows: list[TeamRoleRow]) -> Iterator[tuple[str, str]]:
    """Each address of the team, with a name or ''; better names come later."""
    for role in GIVEN_ROLES:
        yield from ((email_key(each), "") for each in addresses(config, role))
    yield from (
        (email_key(each.chair.email), each.chair.name)
        for each in config.regions.values()
        if each.chair
    )
    yield from ((each.email, each.name) for each in rows)


def _reader(
    config: Config, rows: list[TeamRoleRow], right: Right, email: str, name: str
) -> ReportReader | None:
    grants = frozenset(Grant(each.role, each.region) for each in rows if each.email == email)
    roles = roles_of(config, email, grants) & RIGHTS[right].cells.keys()
    regions = regions_of(right, roles, regions_chaired(config, email, grants))
    if not allows(right, roles) or regions == frozenset():
        return None
    return ReportReader(email, name or email, regions)
