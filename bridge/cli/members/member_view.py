"""Print a member for `members show`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, cast

from bridge.cli.common import echo
from bridge.cli.members.differences import difference_in_words
from bridge.config import Config
from bridge.curriculum.descriptions import describe, names_of
from bridge.curriculum.model import Curriculum, Milestone
from bridge.curriculum.requirements.requirement import Names, Requirement, with_parts
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.member_records import FACTS, PRIVATE_FACTS
from bridge.membership.names import full_name
from bridge.membership.roles import HeldRole, main_role
from bridge.progress import (
    Facts,
    Progress,
    apply_renames,
    evaluate,
    milestone_renames,
    missing,
)
from bridge.store.delivery import delivery_queries, differences
from bridge.store.learning import awards
from bridge.store.learning.member_progress import facts_of
from bridge.store.members.roles import roles_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.store.delivery.kinds import DeliveryState
    from bridge.store.tables.members import Member

SIGNS = {"earned": "✓", "open": "▸", "later": "·"}
STATES = {"earned": "earned", "open": "in progress", "later": ""}
DELIVERY_STATES: Mapping[DeliveryState, str] = {
    "owed": "pending",
    "done": "done",
    "failed": "failed",
}
TITLE_WIDTH = 28
SHOWN_FACTS = tuple(name for name in FACTS if name not in PRIVATE_FACTS)


def member_as_data(
    session: Session, curricula: Iterable[Curriculum], member: Member, config: Config, today: date
) -> dict[str, object]:
    """All data that `members show` prints, as JSON data."""
    curricula = tuple(curricula)
    renames = milestone_renames(curricula)
    earned = {
        (a.curriculum, renames.get((a.curriculum, a.milestone), a.milestone)): a.at
        for a in awards.awards_of(session, member.id)
    }
    roles = [each.held for each in roles_of(session, [member.id]).get(member.id, [])]
    progress_by_curriculum = []
    for curriculum in curricula:
        recorded = facts_of(session, curriculum.key, [member.id], today)[member.id]
        facts = apply_renames(curriculum)(recorded)
        progress = evaluate(curriculum, facts)
        names = names_of(curriculum, member.language, config.role_labels)
        milestones = [
            {
                "milestone": milestone.key,
                "title": milestone.title.pick(member.language),
                "state": _state(milestone, progress),
                "awarded": earned.get((curriculum.key, milestone.key)),
                "missing": [_in_words(r, names) for r in _missing(milestone, facts, progress)],
            }
            for milestone in curriculum.milestones
        ]
        progress_by_curriculum.append({"curriculum": curriculum.key, "milestones": milestones})
    return {
        **_person(member, roles, today),
        "paths": progress_by_curriculum,
        "deliveries": _deliveries(session, member.id),
        "differences": [
            {"id": row.id, "text": difference_in_words(row), "answer": row.answer}
            for row in differences.differences_of(session, member.id)
        ],
    }


def _person(member: Member, roles: Sequence[HeldRole], today: date) -> dict[str, object]:
    main = main_role(roles, today)
    return {
        "member": member.id,
        "number": member.number,
        "name": full_name(member.first_name, member.last_name),
        "email": member.email,
        "region": member.region,
        "role": main.role if main else "",
        "role_since": main and main.since,
        "roles": [asdict(each) | {"held": each.is_held(today)} for each in roles],
        **{name: getattr(member, name) for name in SHOWN_FACTS},
        "moodle_user": member.moodle_user_id,
    }


def _state(milestone: Milestone, progress: Progress) -> str:
    if milestone.key in progress.earned:
        return "earned"
    return "open" if milestone.key in progress.entered else "later"


def _missing(milestone: Milestone, facts: Facts, progress: Progress) -> tuple[Requirement, ...]:
    return () if milestone.key in progress.earned else missing(milestone, facts)


def _in_words(requirement: Requirement, names: Names) -> str:
    """The requirement in words, with the keys that `members signoff` needs."""
    signoffs = [each.key for each in with_parts([requirement]) if isinstance(each, SignedOff)]
    keys = f" (key: {', '.join(signoffs)})" if signoffs else ""
    return f"{describe(requirement, names)}{keys}"


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
        for delivery in delivery_queries.deliveries_of(session, member)
    ]


def print_member(data: Mapping[str, object]) -> None:
    """Print the data of `member_as_data` as text."""
    echo(f"{data['name']}")
    for label, value in _facts(data):
        echo(f"  {label:<14} {value}")
    for curriculum in _rows(data["paths"]):
        echo(f"\n{curriculum['curriculum']}")
        for milestone in _rows(curriculum["milestones"]):
            _print_milestone(milestone)
    deliveries = _rows(data["deliveries"])
    echo("\nDeliveries" if deliveries else "\nDeliveries: none")
    for delivery in deliveries:
        _print_delivery(delivery)
    for difference in _rows(data["differences"]):
        echo(f"  differs in Moodle ({difference['id']}): {difference['text']}")


def _facts(data: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    yield "number", data["number"] or "none"
    yield "email", data["email"]
    yield "region", data["region"] or "none"
    for role in _rows(data["roles"]):
        yield "role", _role(role)
    if not data["roles"]:
        yield "role", "none"
    for name in SHOWN_FACTS:
        if data[name]:
            yield name.replace("_", " "), data[name]
    yield "Moodle user", data["moodle_user"] or "not yet"


def _role(role: Mapping[str, object]) -> str:
    """`steward (region north) since 2026-01-31 until 2026-12-31 (not held now)`."""
    scope = [f"{name} {role[name]}" for name in ("region", "unit", "program") if role[name]]
    parts = [str(role["role"]), f"({', '.join(scope)})" if scope else ""]
    parts += [f"since {role['since']}" if role["since"] else ""]
    parts += [f"until {role['until']}" if role["until"] else ""]
    return " ".join(filter(None, [*parts, "" if role["held"] else "(not held now)"]))


def _print_milestone(milestone: Mapping[str, object]) -> None:
    state = str(milestone["state"])
    when = f" on {str(milestone['awarded'])[:10]}" if milestone["awarded"] else ""
    echo(f"  {SIGNS[state]} {milestone['title']!s:<{TITLE_WIDTH}} {STATES[state]}{when}".rstrip())
    missing = milestone["missing"] if state == "open" else []
    for one in missing:  # type: ignore[attr-defined]
        echo(f"      missing: {one}")


def _print_delivery(delivery: Mapping[str, object]) -> None:
    about = str(delivery["target"]).split(":", 1)[-1]
    next_try = delivery["next_try"]
    later = f", next try {str(next_try)[:16]} UTC" if next_try else ""
    state = DELIVERY_STATES[cast("DeliveryState", delivery["state"])]
    echo(f"  {state:<7} {delivery['kind']:<11} {about}".rstrip())
    if delivery["error"]:
        echo(f"          {delivery['error']} (attempts: {delivery['attempts']}{later})")


def _rows(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)  # noqa: S101
    return value
