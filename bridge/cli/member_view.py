"""One member as `members show` prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bridge.cli.common import say
from bridge.curriculum.model import (
    ActivityDone,
    AtLeast,
    Curriculum,
    HasRole,
    Milestone,
    Requirement,
    SignedOff,
)
from bridge.progress import Facts, Progress, evaluate, missing
from bridge.store import awards, backlog, completions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.store.tables import Member

SIGNS = {"earned": "✓", "open": "…", "later": "·"}


def view(session: Session, curricula: Iterable[Curriculum], member: Member) -> dict[str, object]:
    """Everything `members show` says, as JSON can carry it."""
    earned = {(a.curriculum, a.milestone): a.at for a in awards.awards_of(session, member.id)}
    paths = []
    for curriculum in curricula:
        facts = completions.facts_of(session, curriculum.key, [member.id])[member.id]
        progress = evaluate(curriculum, facts)
        steps = [
            {
                "milestone": milestone.key,
                "title": milestone.title.pick(member.language),
                "state": _state(milestone, progress),
                "awarded": earned.get((curriculum.key, milestone.key)),
                "missing": [describe(r) for r in _missing(milestone, facts, progress)],
            }
            for milestone in curriculum.milestones
        ]
        paths.append({"curriculum": curriculum.key, "milestones": steps})
    return {**_person(member), "paths": paths, "deliveries": _deliveries(session, member.id)}


def _person(member: Member) -> dict[str, object]:
    return {
        "member": member.id,
        "number": member.number,
        "name": f"{member.first_name} {member.last_name}",
        "email": member.email,
        "region": member.region,
        "role": member.role,
        "role_since": member.role_since,
        "moodle_user": member.moodle_user_id,
    }


def _state(milestone: Milestone, progress: Progress) -> str:
    if milestone.key in progress.earned:
        return "earned"
    return "open" if milestone.key in progress.entered else "later"


def _missing(milestone: Milestone, facts: Facts, progress: Progress) -> tuple[Requirement, ...]:
    return () if milestone.key in progress.earned else missing(milestone, facts)


def describe(requirement: Requirement) -> str:
    """A requirement in words."""
    match requirement:
        case ActivityDone(key):
            return f"activity {key}"
        case SignedOff(key):
            return f"sign-off {key}"
        case HasRole(role):
            return f"role {role}"
        case AtLeast(count, parts):
            return f"{count} of: " + ", ".join(describe(part) for part in parts)


def _deliveries(session: Session, member: int) -> list[dict[str, object]]:
    return [
        {
            "id": delivery.id,
            "kind": delivery.kind,
            "target": delivery.target,
            "state": delivery.state,
            "attempts": delivery.attempts,
            "next_try": delivery.next_try if delivery.state == "owed" else None,
            "error": delivery.last_error,
        }
        for delivery in backlog.deliveries_of(session, member)
    ]


def print_member(data: Mapping[str, object]) -> None:
    """The same for a person to read."""
    role = f", {data['role']} since {data['role_since']}" if data["role"] else ""
    say(f"{data['name']} ({data['number'] or data['email']}){role}")
    say(f"Moodle user: {data['moodle_user'] or 'not yet'}")
    for path in _rows(data["paths"]):
        say(f"\n{path['curriculum']}")
        for step in _rows(path["milestones"]):
            when = f"  {str(step['awarded'])[:10]}" if step["awarded"] else ""
            say(f"  {SIGNS[str(step['state'])]} {step['title']}{when}")
            if step["state"] == "open":
                for one in step["missing"]:  # type: ignore[attr-defined]
                    say(f"      missing: {one}")
    say("\nDeliveries")
    for delivery in _rows(data["deliveries"]):
        problem = f"  {delivery['error']}" if delivery["error"] else ""
        say(f"  {delivery['state']:<6} {delivery['kind']:<11} {delivery['target']}{problem}")


def _rows(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)  # noqa: S101
    return value
