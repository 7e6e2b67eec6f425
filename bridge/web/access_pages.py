"""`/access`: what your own roles open. `/committee/access`: who may see what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from bridge.access.holders import addresses, chairs
from bridge.access.rights import RIGHTS, Scope
from bridge.access.roles import ROLES, Role
from bridge.config import Config
from bridge.curriculum.text import Text, plain_text
from bridge.store.auth import team
from bridge.store.auth.team import TeamRoleRow
from bridge.web.committee.team.lines import confirmable_lines
from bridge.web.common.access import open_to
from bridge.web.common.committee_to_dos import visitors_to_dos
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor, current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text

SCOPES: dict[Scope, str] = {
    "own": _("where it is theirs"),
    "own regions": _("in their regions"),
    "all": _("all"),
}


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A role as the pages show it. `rights`: what it opens, and how far."""

    title: str
    source: Text
    holders: Sequence[str]
    rights: Sequence[tuple[str, str]]


def blueprint(services: Services) -> Blueprint:
    """`/access` and `/committee/access`."""
    pages = Blueprint("access_pages", __name__)

    @pages.get("/access")
    @open_to("own-access")
    def mine() -> str:
        cards = list(_cards(own_roles(current_visitor()), services.config))
        to_dos = visitors_to_dos(services, visitors_language(services.config))
        with services.database.reading() as session:
            confirmable = len(confirmable_lines(services, session))
        return render_template(
            "web/access/mine.html", cards=cards, to_dos=to_dos, confirmable=confirmable
        )

    @pages.get("/committee/access")
    @open_to("access")
    def everyone() -> str:
        with services.database.reading() as session:
            given = team.all_roles(session)
        cards = list(_cards(ROLES, services.config, given))
        return render_template("web/access/everyone.html", cards=cards)

    return pages


def own_roles(visitor: Visitor) -> Iterator[Role]:
    """The visitor's roles, in the order of the table."""
    return (role for role in ROLES if role in visitor.roles)


def _cards(
    roles: Iterable[Role], config: Config, given: Sequence[TeamRoleRow] | None = None
) -> Iterator[RoleCard]:
    """`given`: the roles that were given, to show who has each; None to show nobody."""
    for role in roles:
        data = ROLES[role]
        rights = [
            (translated_text(right.title), str(SCOPES[right.cells[role]]))
            for right in RIGHTS.values()
            if role in right.cells
        ]
        holders = [] if given is None else list(_holders(role, config, given))
        yield RoleCard(
            translated_text(data.title), plain_text(translated_text(data.source)), holders, rights
        )


def _holders(role: Role, config: Config, given: Sequence[TeamRoleRow]) -> Iterator[str]:
    """The addresses with a role, configured or accepted; chairs with their regions."""
    accepted = [each for each in given if each.role == role and each.accepted_at is not None]
    if role != "chair":
        yield from dict.fromkeys((*addresses(config, role), *(each.email for each in accepted)))
        return
    pairs = (*chairs(config), *((each.region, each.email) for each in accepted))
    for region, address in pairs:
        if region in config.regions:
            yield f"{address} ({config.regions[region].name})"
