"""Finds out whether the key of a curriculum, or of one of its sign-offs, was changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bridge.curriculum.checking.similar_keys import is_renamed
from bridge.curriculum.model import Curriculum, curriculum_prefix
from bridge.curriculum.requirements.requirement import with_parts
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.messages import Message
from bridge.plan import Plan
from bridge.plan.model import ACTIVITIES
from bridge.store.curricula import course_modules
from bridge.store.database import Database
from bridge.store.learning import credits

MIN_SHARE = 0.5
"""The share of a curriculum's activities that another one with a new key has too."""


def ask_about_renames(
    database: Database, curriculum: Curriculum, every: Sequence[Curriculum], plan: Plan
) -> Plan:
    """The plan, with a risk for each key that was probably changed without saying so.

    `every`: all curricula that there are. Raises StoreError.
    """
    plan = _ask_about_new_key(database, curriculum, every, plan)
    return _ask_about_sign_offs(database, curriculum, every, plan)


def _ask_about_sign_offs(
    database: Database, curriculum: Curriculum, every: Iterable[Curriculum], plan: Plan
) -> Plan:
    with database.reading() as session:
        recorded = credits.recorded_keys(session, SignedOff.kind, curriculum.key)
    required = _sign_offs(curriculum)
    unused = recorded.keys() - {key for each in every for key in _sign_offs(each)}
    risks = [
        Message(
            "Nothing requires the sign-off `%(old)s` now, which was recorded %(count)s times, and "
            "`%(new)s` is new. If you renamed the key, write `%(old)s` again: what is recorded for "
            "members belongs to the key.",
            old=old, count=recorded[old], new=new,
        )
        for old in sorted(unused)
        for new in sorted(required - recorded.keys())
        if is_renamed(old, new)
    ]  # fmt: skip
    return replace(plan, risks=(*risks, *plan.risks))


def _sign_offs(curriculum: Curriculum) -> frozenset[str]:
    return frozenset(
        one.key
        for milestone in curriculum.milestones
        for one in with_parts(milestone.requirements)
        if isinstance(one, SignedOff)
    )


def _ask_about_new_key(
    database: Database, curriculum: Curriculum, every: Iterable[Curriculum], plan: Plan
) -> Plan:
    """The plan, with a risk if the new key makes everything again."""
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
