"""Who has a role now: by the configuration, or because they accepted it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from bridge.access.holders import addresses
from bridge.access.roles import Role
from bridge.config import Config, Contact
from bridge.member_records import email_key
from bridge.store.auth import team
from bridge.store.auth.team import TeamRoleRow


def committee_addresses(config: Config, rows: Collection[TeamRoleRow]) -> Sequence[str]:
    """Everyone on the committee: by the configuration, or because they accepted the role."""
    return list(dict.fromkeys((*config.committee, *team.addresses_with(rows, "committee"))))


def chairs_of(session: Session, config: Config, region: str) -> Sequence[Contact]:
    """The chairs of a region: the one in the configuration first, then those who accepted."""
    known = config.regions.get(region)
    configured = [known.chair] if known and known.chair else []
    given = team.holders(session, "chair", region) if known else []
    chairs = [*configured, *(Contact(name=each.name, email=each.email) for each in given)]
    return list({email_key(each.email): each for each in reversed(chairs)}.values())[::-1]


def holders_of(config: Config, rows: Collection[TeamRoleRow], role: Role) -> Sequence[str]:
    """The addresses with a role, in lower case: configured, or accepted."""
    configured = map(email_key, addresses(config, role))
    return list(dict.fromkeys((*configured, *team.addresses_with(rows, role))))
