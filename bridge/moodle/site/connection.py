"""A Moodle site as a set of Resources: read the managed ones, apply one step of a Plan.

A site is used with the companion plugin, or with Moodle's core functions alone. `connect` finds
out which one this site offers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
    """The interface of both kinds of site.

    `able`: the kinds that can be written; `seen`: the kinds that can be read (None means all);
    `user`: the id of the token's user; `language`: the site's language, as this user has it;
    `functions`: those that the token may call. After `look_up`, if the site reports them:
    `max_fields`, the maximum number of form fields in one call; `numbers_locked`, whether the ID
    number is locked in users' own profiles; `emails_confirmed`, whether Moodle confirms changed
    email addresses. After `read`: `filters_languages`, whether learners see titles in one
    language only (None: not visible).
    """

    way: str
    user: int
    language: str
    functions: frozenset[str]
    max_fields: int
    filters_languages: bool | None
    numbers_locked: bool
    emails_confirmed: bool
    able: frozenset[Kind] | None
    seen: frozenset[Kind] | None

    def look_up(self, curriculum: str) -> Ids:
        """The Moodle ids of the curriculum's objects, without the courses' content."""

    def read(self, curriculum: str, desired: Sequence[Resource]) -> list[Resource]:
        """The resources of `curriculum` in Moodle; never objects of others."""

    def language_packs(self, wanted: Collection[str]) -> frozenset[str] | None:
        """Those of these languages that Moodle has a pack for. None if the site doesn't show it;
        with the plugin, call `look_up` or `read` before."""

    def activities(self) -> Mapping[str, int]:
        """The course module ids, by idnumber, of the activities that a learner can open, in the
        curriculum that was read last, including later changes."""

    def apply(self, step: Sequence[Change]) -> None:
        """Apply one step of a plan (see `Plan.steps`). Raises MoodleError."""


def connect(moodle: Moodle) -> Site:
    """Connect to the site with the plugin if possible: one call. Raises MoodleError."""
    info = moodle.call("core_webservice_get_site_info", {}, SiteInfo)
    return choose_site(moodle, info)


def choose_site(moodle: Moodle, info: SiteInfo) -> Site:
    """Choose by the functions that the token may call. A partly installed plugin is an error."""
    offered = frozenset(function.name for function in info.functions)
    plugin_functions = {name for name in offered if name.startswith(PLUGIN)}
    if not plugin_functions:
        return CoreSite(moodle, info.userid, offered, info.lang)
    required = {PLUGIN + name for name in ("get_site_state", "get_course_state", "save_quiz")}
    if missing := sorted(required - plugin_functions):
        raise MoodleMisconfigured(
            Message(
                "the companion plugin is installed, but the token may not call %(name)s.",
                name=missing[0],
            ),
            where=moodle.url,
            todo=Message(
                "Run the plugin's cli/setup.php again. It adds the missing functions "
                "to the service."
            ),
        )
    return CompanionSite(moodle, info.userid, offered, info.lang)
