"""Print plans as text, or convert them to JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

SIGNS: Mapping[Action, str] = {
    "create": "+",
    "change": "~",
    "rename": "→",
    "hide": "⊘",
    "by-hand": "✋",
}
COLOURS: Mapping[Action, str] = {
    "create": "green",
    "change": "yellow",
    "rename": "cyan",
    "hide": "red",
    "by-hand": "magenta",
}
COUNT_LABELS: Mapping[Action, str] = {
    "create": "to create",
    "change": "to change",
    "rename": "to rename",
    "hide": "to hide",
    "by-hand": "by hand",
}
UP_TO_DATE = "Up to date: Moodle matches the curriculum."
TITLE_WIDTH = 50
VALUE_WIDTH = 60
CONTEXT_WIDTH = 20
"""How many characters to show before the place where two long texts differ."""


def plan_as_data(curriculum: Curriculum, plan: Plan) -> dict[str, object]:
    """A plan as JSON data."""
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


def print_plan(curriculum: Curriculum, plan: Plan, former: Mapping[str, str]) -> None:
    """Print the plan by course: one line per change, with old and new values.

    `former`: the questions that it changes, as Moodle XML by hash.
    """
    echo(f"{curriculum.title.pick()} ({curriculum.key})")
    ours = [change for change in plan.changes if change.action != "by-hand"]
    for course, changes in groupby(ours, key=_course):
        if course:
            echo(f"\n  course {course.split(':')[-1]}")
        for change in changes:
            _print_change(change, former, "    " if course else "  ")
    if plan.changes or plan.blocked:
        echo()
    print_problems(plan)
    echo(f"  {summary_line(plan)}")
    echo(f"  Fingerprint: {plan.fingerprint}")


def _course(change: Change) -> str:
    resource = change.resource
    return resource.idnumber if resource.kind == "course" else resource.course


def _print_change(change: Change, former: Mapping[str, str], indent: str) -> None:
    from bridge.plan import shown_fields

    resource = change.resource
    sign = click.style(SIGNS[change.action], fg=COLOURS[change.action])
    key = click.style(resource.idnumber.split(":", 2)[-1], dim=True)
    echo(f"{indent}{sign} {resource.kind:<10} {shorten(resource.title, TITLE_WIDTH)}  {key}")
    for field in shown_fields(change, former):
        echo(f"{indent}    {field.name}: {_old_and_new(field)}")


def _old_and_new(field: FieldChange) -> str:
    """Old and new value, from shortly before the place where they differ."""
    if field.old is None and field.new == "":
        return "changed"
    old, new = _as_text(field.old), _as_text(field.new)
    start = max(0, _common_prefix(old, new) - CONTEXT_WIDTH)
    if max(len(old), len(new)) > VALUE_WIDTH and start:
        old, new = "…" + old[start:], "…" + new[start:]
    return f"{shorten(old, VALUE_WIDTH)} → {shorten(new, VALUE_WIDTH)}"


def _common_prefix(one: str, other: str) -> int:
    """How many characters two texts have in common at the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _as_text(value: Value | None) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(name.split(":")[-1] for name in value) or "–"
        case _:
            return " ".join(without_marks(str(value)).split())


def shorten(text: str, max_length: int) -> str:
    """`text` on one line of at most `max_length` characters, without language marks."""
    line = " ".join(without_marks(text).split())
    return line if len(line) <= max_length else line[: max_length - 1] + "…"


def print_problems(plan: Plan) -> None:
    """Print what prevents parts of the plan, and what needs --force."""
    for blocked in plan.blocked:
        echo(f"  Not possible: {blocked}")
    for risk in plan.risks:
        echo(f"  Needs --force: {risk}")


def print_missing_packs(languages: Sequence[str]) -> None:
    """Print which language packs Moodle lacks."""
    if languages:
        echo(
            f"  Moodle has no language pack for: {', '.join(languages)}. Members who chose that "
            "language see Moodle in English, and the courses in their first language. To install "
            "it: Site administration > General > Language > Language packs."
        )


def print_language_filter() -> None:
    """Print that learners see all languages of a title together, and what to do."""
    echo(
        "  Learners see all languages together. Turn on the filter “Multi-language content”, and "
        "apply it to “Content and headings”: Site administration > Plugins > Filters > Manage "
        "filters."
    )


def summary_line(plan: Plan) -> str:
    """The number of changes of each kind."""
    if not plan.changes:
        return UP_TO_DATE if not plan.blocked else "No other changes."
    counts = ((plan.count(action), text) for action, text in COUNT_LABELS.items())
    return ", ".join(f"{count} {text}" for count, text in counts if count) + "."


def print_manual_steps(plan: Plan, files: Mapping[str, Sequence[Path]]) -> None:
    """Print the steps to do by hand in Moodle without the companion plugin, by course."""
    by_hand = [change.resource for change in plan.changes if change.action == "by-hand"]
    if by_hand:
        echo("\n  The companion plugin isn't installed, so do these steps by hand:")
    for folder in {file.parent for written in files.values() for file in written}:
        echo(f"  Texts to paste (.txt) and questions to import (Moodle XML) are in {folder}")
    for course, resources in groupby(by_hand, key=lambda resource: resource.course):
        echo(f"\n  course {course.split(':')[-1]}")
        for resource in resources:
            echo(f"    {SIGNS['by-hand']} {resource.kind:<5} “{resource.title}”")
            names = ", ".join(file.name for file in files.get(resource.idnumber, ()))
            echo(f"             ID number: {resource.idnumber}, files: {names}")


def print_applied(curriculum: Curriculum, applied: ApplyResult) -> None:
    """Print the result of `apply`."""
    plan = applied.plan
    outcome = f"{counted(applied.made, 'change')} made." if plan.changes else UP_TO_DATE
    echo(f"{curriculum.title.pick()} ({curriculum.key}): {outcome}")
    for change, reason in applied.refused:
        echo(f"  Refused: {change.resource.kind} {change.resource.idnumber}: {reason}")
    if applied.not_tried:
        count = counted(len(applied.not_tried), "change")
        echo(f"  Not tried: {count} that need what was refused. Apply again once that is solved.")
    for blocked in plan.blocked:
        echo(f"  Not possible: {blocked}")
