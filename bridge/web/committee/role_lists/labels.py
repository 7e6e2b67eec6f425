"""The states of the entries of a list of roles, in words; and what a list is called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, lazy_gettext, ngettext

from bridge.config import Config
from bridge.membership.roles import HeldRole
from bridge.web.committee.members.role_view import scope_words
from bridge.web.committee.people_lists.labels import COUNTED, WORDS, Count, Labels
from bridge.web.layout.formatting import role_name
from bridge.workflows.role_lists.preview import EndState, GiveState
from bridge.workflows.role_lists.request import stored_role

COUNTED_GIVE: Mapping[GiveState, Count] = {
    "new": COUNTED["new"],
    "already": lambda count: ngettext(
        "%(num)s has the role already", "%(num)s have the role already", count
    ),
    "overlaps": lambda count: ngettext(
        "%(num)s has it at another time", "%(num)s have it at another time", count
    ),
    "not-found": COUNTED["not-found"],
    "ambiguous": COUNTED["ambiguous"],
    "left": COUNTED["left"],
    "own": COUNTED["own"],
    "twice": COUNTED["twice"],
}
GIVE_WORDS: Mapping[GiveState, str] = {
    "new": WORDS["new"],
    "already": lazy_gettext("has the role already"),
    "overlaps": lazy_gettext("has it on some of these days: change it on the member's page"),
    "not-found": WORDS["not-found"],
    "ambiguous": WORDS["ambiguous"],
    "left": WORDS["left"],
    "own": lazy_gettext("yourself: someone else must give it to you"),
    "twice": WORDS["twice"],
}
COUNTED_END: Mapping[EndState, Count] = {
    "new": lambda count: ngettext("%(num)s to end", "%(num)s to end", count),
    "already": lambda count: ngettext("%(num)s ended already", "%(num)s ended already", count),
    "later": lambda count: ngettext("%(num)s begins later", "%(num)s begin later", count),
    "none": lambda count: ngettext(
        "%(num)s doesn't have the role", "%(num)s don't have the role", count
    ),
    "not-found": COUNTED["not-found"],
    "ambiguous": COUNTED["ambiguous"],
    "own": COUNTED["own"],
    "twice": COUNTED["twice"],
}
END_WORDS: Mapping[EndState, str] = {
    "new": lazy_gettext("to end"),
    "already": lazy_gettext("ended already"),
    "later": lazy_gettext("begins later: change it on the member's page"),
    "none": lazy_gettext("doesn't have the role"),
    "not-found": WORDS["not-found"],
    "ambiguous": WORDS["ambiguous"],
    "own": lazy_gettext("yourself: someone else must end it"),
    "twice": WORDS["twice"],
}
GIVE, END = Labels(COUNTED_GIVE, GIVE_WORDS), Labels(COUNTED_END, END_WORDS)


def list_title(kind: str, details: Mapping[str, object], config: Config) -> str:
    """What a recorded list is called, such as *Given: Steward (North)*."""
    held = recorded_role(details)
    name, scope = role_name(held.role), scope_words(held, config)
    role = f"{name} ({scope})" if scope else name
    if kind == "roles-given":
        return str(gettext("Given: %(role)s", role=role))
    return str(gettext("Ended: %(role)s", role=role))


def recorded_role(details: Mapping[str, object]) -> HeldRole:
    """The role that a list was about."""
    names = ("role", "region", "unit", "program", "since", "until", "source")
    return stored_role({name: details.get(name, "") for name in names}, 0).held
