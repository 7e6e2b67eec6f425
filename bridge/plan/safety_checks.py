"""Find changes that cannot be made, and changes that are too risky without a confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bridge.messages import NOTHING, Message
from bridge.plan.labels import KINDS
from bridge.plan.model import ACTIVITIES, Change, Found, Key, Resource

MIN_RESOURCES_FOR_SHARE = 10
"""With fewer existing resources, `max_share` is not checked: half of two is one."""
KEYED = ACTIVITIES | {"course"}
"""Kinds with a key in YAML that members' results belong to."""


def impossible_changes(desired: Sequence[Resource], found: Found) -> dict[Key, Message]:
    """Resources that cannot be changed as written -> the reason.

    Their contents are included too, with the reason NOTHING.
    """
    reasons = {
        (resource.kind, resource.idnumber): reason
        for resource in desired
        if (reason := _conflict(resource, found))
    }
    for kinds, holder in ((ACTIVITIES, "section"), (frozenset({"question"}), "quiz")):
        for resource in desired:
            if resource.kind in kinds and (holder, resource.parent) in reasons:
                reasons.setdefault((resource.kind, resource.idnumber), NOTHING)
    return reasons


def _conflict(resource: Resource, found: Found) -> Message:
    """Why a resource cannot be created or moved: Moodle cannot turn a page into a quiz."""
    if resource.kind not in ACTIVITIES | {"section"}:
        return NOTHING
    same = found.get((resource.kind, resource.idnumber))
    if same and same.course != resource.course:
        return Message(
            "%(key)s is in the course %(there)s in Moodle but in %(here)s in the "
            "curriculum. Moodle cannot move it to another course, so give it a new "
            "key.",
            key=resource.idnumber,
            there=same.course,
            here=resource.course,
        )
    if same or resource.kind == "section":
        return NOTHING
    for kind in sorted(ACTIVITIES):
        if (kind, resource.idnumber) in found:
            return Message(
                "%(key)s is a %(there)s in Moodle but a %(here)s in the curriculum. "
                "Give it a new key.",
                key=resource.idnumber,
                there=KINDS[kind],
                here=KINDS[resource.kind],
            )
    return NOTHING


def changed_kinds(impossible: Iterable[Key]) -> set[Key]:
    """Resources not to hide, because their idnumber is desired for another kind."""
    return {(kind, idnumber) for _, idnumber in impossible for kind in ACTIVITIES}


def frozen_questions(change: Change, found: Found) -> Message:
    """Why a change to a quiz is blocked: Moodle keeps the question list once there are attempts."""
    resource = change.resource
    current = found.get(change.key)
    if current and current.attempts and any(f.name == "questions" for f in change.fields):
        return Message(
            "The quiz “%(title)s” (%(key)s) has %(count)s attempts, so you cannot "
            "add, remove or reorder its questions. Edit the existing questions, or "
            "create a new quiz with a new key.",
            title=resource.title,
            key=resource.idnumber,
            count=current.attempts,
        )
    return NOTHING


def without_question_list(change: Change) -> Change | None:
    """The change without the question list; None if nothing else changes."""
    fields = tuple(f for f in change.fields if f.name != "questions")
    if change.action == "change" and not fields:
        return None
    kept = {f.name: f.old for f in change.fields if f.name == "questions" and f.old is not None}
    resource = replace(change.resource, fields={**change.resource.fields, **kept})
    return replace(change, fields=fields, resource=resource)


def risks(changes: Sequence[Change], found: Found, max_share: float) -> tuple[Message, ...]:
    """Why the changes need a confirmation (--force)."""
    risks = [
        Message(
            "This would hide the quiz “%(title)s” (%(key)s), which has %(count)s attempts.",
            title=c.resource.title,
            key=c.resource.idnumber,
            count=c.resource.attempts,
        )
        for c in changes
        if c.action == "hide" and c.resource.attempts
    ]
    risks += _probable_renames(changes, found)
    existing = [r for r in found.values() if r.kind != "outline"]
    touched = [
        c for c in changes if c.action in ("hide", "change") and c.resource.kind != "outline"
    ]
    if len(existing) >= MIN_RESOURCES_FOR_SHARE and len(touched) > max_share * len(existing):
        risks.append(
            Message(
                "This would hide or rewrite %(count)s of %(among)s existing items, "
                "more than the %(share)s%% that `sync.max_share` allows.",
                count=len(touched),
                among=len(existing),
                share=round(max_share * 100),
            )
        )
    return tuple(risks)


def _probable_renames(changes: Sequence[Change], found: Found) -> Iterator[Message]:
    """Items to be hidden and made again under another key, which would lose their results.

    What is in a new course is not asked about again.
    """
    made = [change.resource for change in changes if change.key not in found]
    courses = {resource.idnumber for resource in made if resource.kind == "course"}
    hidden = {_likeness(c.resource): c.resource.idnumber for c in changes if c.action == "hide"}
    for resource in made:
        old = hidden.pop(_likeness(resource), "")
        if old and resource.kind in KEYED and resource.course not in courses:
            yield Message(
                "“%(title)s” would be hidden under its key `%(old)s` and made again as `%(new)s`, "
                "without its results. If you renamed it, add `previously: %(old)s`.",
                title=resource.title, old=_yaml_key(old), new=_yaml_key(resource.idnumber),
            )  # fmt: skip


def _likeness(resource: Resource) -> tuple[str, str, str]:
    return resource.kind, "" if resource.kind == "course" else resource.course, resource.title


def _yaml_key(idnumber: str) -> str:
    return idnumber.rpartition(":")[2]
