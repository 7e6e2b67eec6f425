"""Roles as the committee's pages show them, and the form to give or change one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from flask_babel import gettext, lazy_gettext
from wtforms.fields.choices import SelectChoice

from bridge.config import Config
from bridge.curriculum.known_roles import known_roles
from bridge.membership.known_roles import KnownRoles
from bridge.membership.roles import HeldRole
from bridge.store.members.role_changes import PAGE, StoredRole
from bridge.web.committee.members.forms import RoleForm
from bridge.web.common.services import Services
from bridge.web.layout.formatting import role_name

F = TypeVar("F", bound=RoleForm)
SOURCES = {
    "csv": lazy_gettext("member list"),
    "webhook": lazy_gettext("membership system"),
    "api": lazy_gettext("membership system"),
    "cli": lazy_gettext("command line"),
    PAGE: lazy_gettext("committee"),
}


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role in the list. `state`: held, later or over. `scope`: what it's limited to, or ''."""

    id: int
    name: str
    scope: str
    since: date | None
    until: date | None
    state: str
    source: str


def role_rows(roles: Sequence[StoredRole], config: Config, today: date) -> list[RoleRow]:
    """The roles, those held now first."""
    rows = [
        RoleRow(
            each.id, role_name(each.held.role), scope_words(each.held, config), each.held.since,
            each.held.until, _state(each.held, today), str(SOURCES.get(each.source, each.source)),
        )
        for each in roles
    ]  # fmt: skip
    return sorted(rows, key=lambda row: ["held", "later", "over"].index(row.state))


def scope_words(role: HeldRole, config: Config) -> str:
    """What the role is limited to, in words; '' if nothing."""
    region = config.regions.get(role.region)
    parts = (region.name if region else role.region, role.unit, role.program)
    return ", ".join(filter(None, parts))


def _state(role: HeldRole, today: date) -> str:
    if role.is_held(today):
        return "held"
    return "over" if role.is_over(today) else "later"


def read_known_roles(services: Services) -> KnownRoles:
    """The known roles, also by the labels that the visitor sees."""
    known = known_roles(services.curricula, services.config.role_labels)
    shown = {key: (role_name(key), *known.labels.get(key, ())) for key in known.keys}
    return replace(known, labels=shown)


def role_form(services: Services, form: F) -> F:
    """The form with the configured regions to choose from, and the known roles."""
    form.known = read_known_roles(services)
    regions = services.config.regions.items()
    form.region.choices = [
        SelectChoice("", gettext("All regions")),
        *(SelectChoice(key, each.name) for key, each in regions),
    ]
    return form


def role_labels(form: RoleForm) -> list[str]:
    """The known roles to suggest, as the visitor sees them."""
    return sorted(map(role_name, form.known.keys), key=str.casefold)


def unknown_role_warning(role: str, known: KnownRoles) -> str:
    """What to say about a role that nothing names; '' if it is known."""
    if role in known.keys:
        return ""
    nearest = known.nearest(role)
    if nearest:
        return str(
            gettext(
                "No curriculum and no setting names the role “%(role)s”, so it opens nothing. Did"
                " you mean “%(name)s”? Then change it.",
                role=role_name(role), name=role_name(nearest),
            )
        )  # fmt: skip
    return str(
        gettext(
            "No curriculum and no setting names the role “%(role)s”, so it opens nothing.",
            role=role_name(role),
        )
    )
