"""Plans as people read them, and as JSON carries them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.common import counted, echo
from bridge.curriculum.markdown import without_marks

if TYPE_CHECKING:
    from bridge.curriculum.model import Curriculum
    from bridge.plan import Action, Change, FieldChange, Plan, Value
    from bridge.workflows.site_sync import ApplyResult

SIGNS = {"create": "+", "change": "~", "rename": "→", "hide": "⊘", "by-hand": "✋"}
COLOURS = {
    "create": "green",
    "change": "yellow",
    "rename": "cyan",
    "hide": "red",
    "by-hand": "magenta",
}
COUNTED: Mapping[Action, str] = {
    "create": "to create",
    "change": "to change",
    "rename": "to rename",
    "hide": "to hide",
    "by-hand": "by hand",
}
NOTHING = "Nothing to do: Moodle is what the curriculum says."
HASHED = {("question", "content"), ("badge", "image")}
"""Fields that are compared by a hash, which tells a person nothing."""
TITLE_WIDTH = 50
VALUE_WIDTH = 60
BEFORE = 20
"""How much of what two long texts have in common is shown before they differ."""


def plan_as_data(curriculum: Curriculum, plan: Plan) -> dict[str, object]:
    """A plan as JSON can carry it."""
    return {
        "curriculum": curriculum.key,
        "fingerprint": plan.fingerprint,
        "changes": [
            {
                "action": change.action,
                "kind": change.resource.kind,
                "idnumber": change.resource.idnumber,
                "course": change.resource.course,
                "title": change.resource.title,
                "fields": [{"name": f.name, "old": f.old, "new": f.new} for f in change.fields],
            }
            for change in plan.changes
        ],
        "blocked": list(plan.blocked),
        "risks": list(plan.risks),
    }


def print_plan(curriculum: Curriculum, plan: Plan) -> None:
    """The plan, course by course: one line a change, old and new beside each other."""
    echo(f"{curriculum.title.pick()} ({curriculum.key})")
    ours = [change for change in plan.changes if change.action != "by-hand"]
    for course, changes in groupby(ours, key=_course):
        if course:
            echo(f"\n  course {course.split(':')[-1]}")
        for change in changes:
            _print_change(change, "    " if course else "  ")
    if plan.changes or plan.blocked:
        echo()
    print_problems(plan)
    echo(f"  {summary_line(plan)}")
    echo(f"  Fingerprint: {plan.fingerprint}")


def _course(change: Change) -> str:
    resource = change.resource
    return resource.idnumber if resource.kind == "course" else resource.course


def _print_change(change: Change, indent: str) -> None:
    resource = change.resource
    sign = click.style(SIGNS[change.action], fg=COLOURS[change.action])
    key = click.style(resource.idnumber.split(":", 2)[-1], dim=True)
    echo(f"{indent}{sign} {resource.kind:<10} {shorten(resource.title, TITLE_WIDTH)}  {key}")
    if change.action in ("change", "rename"):
        for field in change.fields:
            echo(f"{indent}    {field.name}: {_contrast(change, field)}")


def _contrast(change: Change, field: FieldChange) -> str:
    """Old and new, from a little before the place where they begin to differ."""
    if (change.resource.kind, field.name) in HASHED:
        return "is another now"
    old, new = _words(field.old), _words(field.new)
    start = max(0, _alike(old, new) - BEFORE)
    if max(len(old), len(new)) > VALUE_WIDTH and start:
        old, new = "…" + old[start:], "…" + new[start:]
    return f"{shorten(old, VALUE_WIDTH)} → {shorten(new, VALUE_WIDTH)}"


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common before they differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _words(value: Value | None) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(name.split(":")[-1] for name in value) or "–"
    return " ".join(without_marks(str(value)).split())


def shorten(text: str, most: int) -> str:
    """One line of at most `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def print_problems(plan: Plan) -> None:
    """What stands in the way of the plan."""
    for blocked in plan.blocked:
        echo(f"  Not possible: {blocked}")
    for risk in plan.risks:
        echo(f"  Needs --force: {risk}")


def summary_line(plan: Plan) -> str:
    """The changes in numbers."""
    if not plan.changes:
        return NOTHING if not plan.blocked else "Nothing else to do."
    counts = ((plan.count(action), text) for action, text in COUNTED.items())
    return ", ".join(f"{count} {text}" for count, text in counts if count) + "."


def print_manual_steps(plan: Plan, files: Mapping[str, Path]) -> None:
    """What a person must do in Moodle where the companion is not installed, course by course."""
    by_hand = [change.resource for change in plan.changes if change.action == "by-hand"]
    if by_hand:
        echo("\n  The companion plugin is not installed, so these are for a person:")
    for folder in {file.parent for file in files.values()}:
        echo(f"  Questions to import (Moodle XML) are in {folder}")
    for course, resources in groupby(by_hand, key=lambda resource: resource.course):
        echo(f"\n  course {course.split(':')[-1]}")
        for resource in resources:
            echo(f"    {SIGNS['by-hand']} {resource.kind:<5} “{resource.title}”")
            file = files.get(resource.idnumber)
            questions = f", questions: {file.name}" if file else ""
            echo(f"             ID number: {resource.idnumber}{questions}")


def print_applied(curriculum: Curriculum, applied: ApplyResult) -> None:
    """What came of it."""
    plan = applied.plan
    made = f"{counted(applied.made, 'change')} made." if plan.changes else NOTHING
    echo(f"{curriculum.title.pick()} ({curriculum.key}): {made}")
    for change, reason in applied.refused:
        echo(f"  Refused: {change.resource.kind} {change.resource.idnumber}: {reason}")
    for blocked in plan.blocked:
        echo(f"  Not possible: {blocked}")
