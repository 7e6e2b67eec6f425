"""A Moodle site as a set of Resources: read what is ours, apply one step of a Plan.

There are two ways to a site: by the companion plugin, or by Moodle's core services alone.
`connect` looks which one this site offers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bridge.errors import MoodleMisconfigured
from bridge.messages import Message
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.schemas.core import SiteInfo
from bridge.moodle.site.companion_site import CompanionSite
from bridge.moodle.site.core_site import CoreSite
from bridge.moodle.site.core_writer import Ids
from bridge.plan import Change, Kind, Resource


class Site(Protocol):
    """What both ways can do.

    `able`: the kinds that can be written; `seen`: those that can be read (None means all).
    `user` is the id of the token's user. Known after `look_up`, as far as the site tells them:
    `max_fields`, how many form fields PHP takes in one call, `languages`, those that Moodle
    has packs for. `numbers_locked`: nobody can change the ID number in their own profile;
    `emails_confirmed`: Moodle confirms changed email addresses.
    """

    way: str
    user: int
    max_fields: int
    languages: frozenset[str]
    numbers_locked: bool
    emails_confirmed: bool
    able: frozenset[Kind] | None
    seen: frozenset[Kind] | None

    def look_up(self, curriculum: str) -> Ids:
        """Moodle's ids of what the site holds of `curriculum`, without courses' content."""

    def read(self, curriculum: str, desired: Sequence[Resource]) -> list[Resource]:
        """What Moodle holds of `curriculum`; what it does not own is never in the list."""

    def activities(self) -> Mapping[str, int]:
        """The course module ids, by idnumber, of the activities a learner can open: those of the
        curriculum that was read last, with what was applied since."""

    def apply(self, step: Sequence[Change]) -> None:
        """Make one step of a plan (see `Plan.steps`). Raises MoodleError."""


def connect(moodle: Moodle) -> Site:
    """The best way to this site, found with one call. Raises MoodleError."""
    info = moodle.call("core_webservice_get_site_info", {}, SiteInfo)
    return choose_site(moodle, info)


def choose_site(moodle: Moodle, info: SiteInfo) -> Site:
    """The way that the token's functions allow: a half-installed companion is an error."""
    offered = {function.name for function in info.functions}
    ours = {name for name in offered if name.startswith(PLUGIN)}
    if not ours:
        return CoreSite(moodle, info.userid)
    needed = {PLUGIN + name for name in ("get_site_state", "get_course_state", "save_quiz")}
    if lacking := sorted(needed - ours):
        raise MoodleMisconfigured(
            Message(
                "the companion plugin is installed, but the token may not call %(name)s.",
                name=lacking[0],
            ),
            where=moodle.url,
            todo=Message(
                "Run the plugin's cli/setup.php again. It adds the missing functions "
                "to the service."
            ),
        )
    return CompanionSite(moodle, info.userid)
