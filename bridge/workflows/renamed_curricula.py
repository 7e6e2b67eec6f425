"""Finds out whether a curriculum that Moodle doesn't have is one whose key was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bridge.curriculum.model import Curriculum, curriculum_prefix
from bridge.messages import Message
from bridge.plan import Plan
from bridge.plan.model import ACTIVITIES
from bridge.store.curricula import course_modules
from bridge.store.database import Database

MIN_SHARE = 0.5
"""The share of a curriculum's activities that another one with a new key has too."""


def ask_about_new_key(
    database: Database, curriculum: Curriculum, every: Iterable[Curriculum], plan: Plan
) -> Plan:
    """The plan, with a risk if it makes everything again because the curriculum's key was changed.

    `every`: all curricula that there are. Raises StoreError.
    """
    if not plan.changes or any(each.action not in ("create", "by-hand") for each in plan.changes):
        return plan
    prefix = curriculum_prefix(curriculum.key)
    resources = (each.resource for each in plan.changes)
    own = {r.idnumber.removeprefix(prefix) for r in resources if r.kind in ACTIVITIES}
    with database.reading() as session:
        known = course_modules.cmids_of(session)
    present = {each.key for each in every}
    for old in sorted({key for key, _ in known} - present):
        activities = {activity for key, activity in known if key == old}
        if len(activities & own) >= MIN_SHARE * len(activities):
            return replace(plan, risks=(_risk(curriculum, old), *plan.risks))
    return plan


def _risk(curriculum: Curriculum, old: str) -> Message:
    return Message(
        "The curriculum `%(new)s` isn't in Moodle, but its activities are there under the key "
        "`%(old)s`, which no curriculum has now. Everything would be made again, without its "
        "results. If you renamed the key, write `%(old)s` again.",
        new=curriculum.key, old=old,
    )  # fmt: skip
