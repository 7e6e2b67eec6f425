"""A Moodle site as a set of Resources: read what is ours, apply one step of a Plan.

There are two ways to a site: by the companion plugin, or by Moodle's core services alone.
`connect` looks which one this site offers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bridge.errors import MoodleMisconfigured
from bridge.moodle.by_companion import CompanionSite
from bridge.moodle.by_core import CoreSite
from bridge.moodle.client import Moodle
from bridge.moodle.core_answers import SiteInfo
from bridge.moodle.functions import PLUGIN
from bridge.moodle.sitewide import Ids
from bridge.plan import Change, Kind, Resource
from bridge.sentences import Sentence


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
    return choose(moodle, info)


def choose(moodle: Moodle, info: SiteInfo) -> Site:
    """The way that the token's functions allow: a half-installed companion is an error."""
    offered = {function.name for function in info.functions}
    ours = {name for name in offered if name.startswith(PLUGIN)}
    if not ours:
        return CoreSite(moodle, info.userid)
    needed = {PLUGIN + name for name in ("get_site_state", "get_course_state", "save_quiz")}
    if lacking := sorted(needed - ours):
        raise MoodleMisconfigured(
            Sentence(
                "the companion plugin is installed, but the token may not call %(name)s.",
                name=lacking[0],
            ),
            where=moodle.url,
            todo=Sentence("Run the plugin's cli/setup.php again: it completes the service."),
        )
    return CompanionSite(moodle, info.userid)
