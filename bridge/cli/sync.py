"""`plan` and `apply`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    curricula,
    database,
    example,
    failed,
    format_option,
    moodle,
    now,
    say,
    show_json,
)
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.curriculum.model import Curriculum
    from bridge.jobs.sync import Applied, Progress
    from bridge.moodle.site import Site
    from bridge.plan import Change, Plan, Value

SIGNS = {"create": "+", "change": "~", "rename": "→", "hide": "⊘", "by-hand": "✋"}
COLOURS = {
    "create": "green",
    "change": "yellow",
    "rename": "cyan",
    "hide": "red",
    "by-hand": "magenta",
}

curriculum_option = click.option(
    "--curriculum", "only", default="", metavar="KEY", help="Only this curriculum."
)


@click.command(epilog=example("stewardpath plan", "stewardpath plan --format json"))
@curriculum_option
@format_option
@configured
def plan(config: Config, only: str, form: str) -> None:
    """Show what `apply` would change in Moodle, and change nothing.

    The fingerprint at the end names exactly these changes: `apply --fingerprint` makes them or
    refuses.
    """
    from bridge.jobs.sync import by_hand, make_plan, write_imports
    from bridge.moodle.site import connect

    shown = []
    with moodle(config) as client:
        site = connect(client)
        for curriculum in curricula(config, only):
            made = make_plan(site, curriculum, config.sync.max_share)
            shown.append(as_data(curriculum, made))
            if form == "text":
                print_plan(curriculum, made)
                if by_hand(made):
                    folder = config.path(config.site.import_folder)
                    print_work(made, write_imports(made, curriculum, folder))
    if form == "json":
        show_json({"plans": shown})


@click.command(epilog=example("stewardpath apply", "stewardpath apply --fingerprint 1e340961f704"))
@curriculum_option
@click.option("--fingerprint", default="", help="Apply only if the plan is still this one.")
@click.option("--force", is_flag=True, help="Apply a plan that hides or rewrites a lot.")
@format_option
@configured
def apply(config: Config, only: str, fingerprint: str, force: bool, form: str) -> None:
    """Make Moodle what the curricula say.

    It can be stopped at any point and run again. What has gone from the YAML is hidden, never
    deleted, and attempts survive.
    """
    from bridge.jobs.guard import guarded
    from bridge.moodle.site import connect

    results = []
    with moodle(config) as client, database(config) as store, guarded(store, "apply", now):
        site = connect(client)
        for curriculum in curricula(config, only):
            results.append(_apply(config, site, curriculum, fingerprint, force, form))
    if form == "json":
        show_json({"applied": results})
    if any(result["refused"] or result["blocked"] for result in results):
        failed()


def _apply(
    config: Config, site: Site, curriculum: Curriculum, fingerprint: str, force: bool, form: str
) -> dict[str, object]:
    from bridge.jobs import sync

    with _progress(form) as progress:
        applied = sync.apply(
            site,
            curriculum,
            max_share=config.sync.max_share,
            fingerprint=fingerprint,
            force=force,
            progress=progress,
        )
    files = {}
    if sync.by_hand(applied.plan):
        folder = config.path(config.site.import_folder)
        files = sync.write_imports(applied.plan, curriculum, folder)
    if form == "text":
        print_applied(curriculum, applied)
        print_work(applied.plan, files)
    return {
        **as_data(curriculum, applied.plan),
        "made": applied.made,
        "refused": [[*change.key, reason] for change, reason in applied.refused],
        "files": {key: str(file) for key, file in files.items()},
    }


def as_data(curriculum: Curriculum, plan: Plan) -> dict[str, object]:
    """A plan as JSON can carry it."""
    return {
        "curriculum": curriculum.key,
        "fingerprint": plan.fingerprint,
        "changes": [
            {
                "action": change.action,
                "kind": change.resource.kind,
                "idnumber": change.resource.idnumber,
                "title": change.resource.title,
                "fields": [{"name": f.name, "old": f.old, "new": f.new} for f in change.fields],
            }
            for change in plan.changes
        ],
        "blocked": list(plan.blocked),
        "risks": list(plan.risks),
    }


def print_plan(curriculum: Curriculum, plan: Plan) -> None:
    """The plan as a person reads it: one line a change, old and new beside each other."""
    say(f"{curriculum.title.pick()} ({curriculum.key})")
    for change in plan.changes:
        sign = click.style(SIGNS[change.action], fg=COLOURS[change.action])
        say(f"  {sign} {change.resource.kind} {_shown(change.resource.title, 60)}{_detail(change)}")
        if change.action in ("change", "rename"):
            for field in change.fields:
                say(f"      {field.name}: {_value(field.old)} → {_value(field.new)}")
    print_remarks(plan)
    say(f"  {counted(plan)}")
    say(f"  Fingerprint: {plan.fingerprint}")


def print_remarks(plan: Plan) -> None:
    """What stands in the way of the plan."""
    for blocked in plan.blocked:
        say(f"  Not possible: {blocked}")
    for risk in plan.risks:
        say(f"  Needs --force: {risk}")


def counted(plan: Plan) -> str:
    """The changes in numbers."""
    if not plan.changes:
        return "Nothing to do: Moodle is what the curriculum says."
    words = {
        "create": "to create",
        "change": "to change",
        "rename": "to rename",
        "hide": "to hide",
        "by-hand": "by hand",
    }
    counts = ((plan.count(action), text) for action, text in words.items())  # type: ignore[arg-type]
    return ", ".join(f"{count} {text}" for count, text in counts if count) + "."


def print_work(plan: Plan, files: Mapping[str, Path]) -> None:
    """What a person must do in Moodle where the companion is not installed."""
    by_hand = [change.resource for change in plan.changes if change.action == "by-hand"]
    if by_hand:
        say("  The companion plugin is not installed, so these are for a person:")
    for resource in by_hand:
        say(f"    {SIGNS['by-hand']} {resource.kind} “{resource.title}” in {resource.course}")
        say(f"      ID number: {resource.idnumber}")
        if file := files.get(resource.idnumber):
            say(f"      Questions to import (Moodle XML): {file}")


def print_applied(curriculum: Curriculum, applied: Applied) -> None:
    """What came of it."""
    say(f"{curriculum.title.pick()} ({curriculum.key}): {applied.made} changes made.")
    for change, reason in applied.refused:
        say(f"  Refused: {change.resource.kind} {change.resource.idnumber}: {reason}")
    for blocked in applied.plan.blocked:
        say(f"  Not possible: {blocked}")


def _detail(change: Change) -> str:
    place = change.resource.idnumber.split(":", 2)[-1]
    return click.style(f"  {place}", dim=True)


def _value(value: Value | None) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(name.split(":")[-1] for name in value) + ")"
    return "–" if value in (None, "") else _shown(str(value), 70)


def _shown(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


@contextmanager
def _progress(form: str) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if form == "json" or not console.is_terminal:
        yield lambda _step, _place, _count: None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")

        def advance(step: Sequence[Change], place: int, count: int) -> None:
            resource = step[0].resource
            text = f"{step[0].action} {resource.kind} {_shown(resource.title, 40)}"
            bar.update(task, completed=place, total=count, description=text)

        yield advance
