"""What cannot be made as written, and what a person should look at first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bridge.plan.values import ACTIVITIES, Change, Found, Key, Resource

FEWEST_FOR_SHARE = 10
"""Below so many existing things a share says nothing: half of two is one."""


def impossible(desired: Sequence[Resource], found: Found) -> dict[Key, str]:
    """What cannot be made as written, each with the reason; '' for what it takes with it."""
    reasons = {
        (resource.kind, resource.idnumber): reason
        for resource in desired
        if (reason := _clash(resource, found))
    }
    for kinds, holder in ((ACTIVITIES, "section"), (frozenset({"question"}), "quiz")):
        for resource in desired:
            if resource.kind in kinds and (holder, resource.parent) in reasons:
                reasons.setdefault((resource.kind, resource.idnumber), "")
    return reasons


def _clash(resource: Resource, found: Found) -> str:
    """An idnumber is one thing in one place for ever: a page cannot become a quiz."""
    if resource.kind not in ACTIVITIES | {"section"}:
        return ""
    same = found.get((resource.kind, resource.idnumber))
    if same and same.course != resource.course:
        return (
            f"{resource.idnumber} is in the course {same.course} in Moodle and in "
            f"{resource.course} in the curriculum: Moodle moves nothing between courses, "
            "so give it a new key."
        )
    if same or resource.kind == "section":
        return ""
    for kind in sorted(ACTIVITIES):
        if (kind, resource.idnumber) in found:
            return (
                f"{resource.idnumber} is a {kind} in Moodle and a {resource.kind} in the "
                "curriculum: give it a new key."
            )
    return ""


def of_other_kinds(impossible: Iterable[Key]) -> set[Key]:
    """What stands in the way of something wanted stays as it is until a person decides."""
    return {(kind, idnumber) for _, idnumber in impossible for kind in ACTIVITIES}


def frozen(step: Change, found: Found) -> str:
    """Moodle cannot add, remove or reorder the questions of a quiz that has attempts."""
    resource = step.resource
    current = found.get(step.key)
    if current and current.attempts and any(f.name == "questions" for f in step.fields):
        return (
            f"The quiz “{resource.title}” ({resource.idnumber}) has {current.attempts} "
            "attempts, so Moodle keeps its list of questions. Edit the questions it has, or "
            "write the new list as a new quiz under a new key."
        )
    return ""


def without_questions(step: Change) -> Change | None:
    fields = tuple(f for f in step.fields if f.name != "questions")
    if step.action == "change" and not fields:
        return None
    kept = {f.name: f.old for f in step.fields if f.name == "questions" and f.old is not None}
    resource = replace(step.resource, fields={**step.resource.fields, **kept})
    return replace(step, fields=fields, resource=resource)


def risks(changes: Sequence[Change], found: Found, max_share: float) -> tuple[str, ...]:
    risks = [
        f"It would hide the quiz “{c.resource.title}” ({c.resource.idnumber}), "
        f"which has {c.resource.attempts} attempts."
        for c in changes
        if c.action == "hide" and c.resource.attempts
    ]
    standing = [r for r in found.values() if r.kind != "outline"]
    touched = [
        c for c in changes if c.action in ("hide", "change") and c.resource.kind != "outline"
    ]
    if len(standing) >= FEWEST_FOR_SHARE and len(touched) > max_share * len(standing):
        risks.append(
            f"It would hide or rewrite {len(touched)} of {len(standing)} existing things, more "
            f"than the {max_share:.0%} that `sync.max_share` allows."
        )
    return tuple(risks)
