"""`plan` and `apply`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    curricula,
    database,
    echo,
    example,
    failed,
    format_option,
    moodle,
    now,
    show_json,
)
from bridge.cli.moodle.plan_view import (
    plan_as_data,
    print_applied,
    print_language_filter,
    print_manual_steps,
    print_missing_packs,
    print_plan,
    shorten,
)
from bridge.cli.terminal import for_terminal
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.curriculum.model import Curriculum
    from bridge.jobs.locks import LockedRun
    from bridge.moodle.site.connection import Site
    from bridge.plan import Change, Plan
    from bridge.store.database import Database
    from bridge.workflows.site_sync import ApplyResult, Progress

curriculum_option = click.option(
    "--curriculum", "only", default="", metavar="KEY", help="Only this curriculum."
)


@click.command(epilog=example("stewardpath plan", "stewardpath plan --format json"))
@curriculum_option
@format_option
@configured
def plan(config: Config, only: str, form: str) -> None:
    """Show what `apply` would change in Moodle. Changes nothing.

    The fingerprint at the end identifies this plan: `apply --fingerprint` applies exactly this
    plan or refuses.
    """
    from bridge.moodle.site.connection import connect
    from bridge.workflows.manual_work import manual_steps, write_files
    from bridge.workflows.site_sync import (
        make_plan,
        missing_language_packs,
        shows_languages_together,
    )

    plans = []
    chosen = curricula(config, only)
    with moodle(config) as client:
        site = connect(client)
        for curriculum in chosen:
            current = make_plan(site, curriculum, config.sync.max_share)
            current = _reviewed(config, curriculum, current)
            missing = missing_language_packs(site, curriculum)
            together = shows_languages_together(site, curriculum)
            shown = {"missing_packs": missing, "languages_together": together}
            plans.append({**plan_as_data(curriculum, current), **shown})
            if form == "text":
                print_plan(curriculum, current, _former_questions(config, current))
                print_missing_packs(missing)
                if together:
                    print_language_filter()
                if manual_steps(current):
                    folder = config.path(config.site.import_folder)
                    print_manual_steps(current, write_files(current, curriculum, folder))
    if form == "json":
        show_json({"plans": plans})


def _reviewed(config: Config, curriculum: Curriculum, plan: Plan) -> Plan:
    """The plan, with a question for each key that was probably changed."""
    from bridge.workflows.renamed_curricula import ask_about_renames

    with database(config) as store:
        return ask_about_renames(store, curriculum, curricula(config), plan)


def _former_questions(config: Config, plan: Plan) -> Mapping[str, str]:
    """The questions that the plan changes, as Moodle XML by hash. Opens the database if needed."""
    from bridge.plan import former_hashes
    from bridge.workflows.site_sync import former_questions

    if not former_hashes(plan):
        return {}
    with database(config) as store:
        return former_questions(store, plan)


@click.command(epilog=example("stewardpath apply", "stewardpath apply --fingerprint 1e340961f704"))
@curriculum_option
@click.option(
    "--fingerprint",
    default="",
    metavar="DIGITS",
    help="Apply only if the plan still has this fingerprint.",
)
@click.option("--force", is_flag=True, help="Apply the plan even if it hides or rewrites a lot.")
@format_option
@configured
def apply(config: Config, only: str, fingerprint: str, force: bool, form: str) -> None:
    """Change Moodle to match the curricula.

    You can stop it at any point and run it again. What was removed from the YAML is hidden, never
    deleted; attempts are kept.
    """
    from bridge.jobs.locks import run_locked
    from bridge.moodle.site.connection import connect
    from bridge.workflows.delivery_check.replaced_objects import queue_after_apply
    from bridge.workflows.renames import confirm_renames
    from bridge.workflows.site_sync import run_detail, update_caches

    results: list[ApplyResult] = []
    shown = []
    chosen = curricula(config, only)
    if fingerprint and len(chosen) > 1:
        raise click.UsageError("A fingerprint belongs to one curriculum: add --curriculum KEY.")
    with (
        moodle(config) as client,
        database(config) as store,
        run_locked(store, "apply", now) as held,
    ):
        for curriculum in chosen:
            _refuse_unapproved(config, store, chosen, curriculum)
        site = connect(client)
        for curriculum in chosen:
            results.append(_apply(config, site, curriculum, fingerprint, force, form, held))
            shown.append(_show_applied(config, curriculum, results[-1], form))
            update_caches(store, site, curriculum)
            confirm_renames(store, curriculum, results[-1], now())
            held |= run_detail(results)
            shown[-1]["queued"] = queue_after_apply(store, client, curriculum, now)
            if shown[-1]["queued"] and form == "text":
                echo(f"Deliveries queued again: {shown[-1]['queued']}.")
    if form == "json":
        show_json({"applied": shown})
    if any(result.refused or result.plan.blocked for result in results):
        failed()


def _refuse_unapproved(
    config: Config, store: Database, curricula: Sequence[Curriculum], curriculum: Curriculum
) -> None:
    """Raises PlanRefused if a feature holds the curriculum back."""
    from bridge.features import FEATURES
    from bridge.features.publishing import check_publishing
    from bridge.foundations.feature import Context

    with store.reading() as session:
        context = Context(session, config, curricula, config.language, now())
        check_publishing(FEATURES, context, curriculum)


def _apply(
    config: Config,
    site: Site,
    curriculum: Curriculum,
    fingerprint: str,
    force: bool,
    form: str,
    held: LockedRun,
) -> ApplyResult:
    from bridge.workflows import site_sync

    with _progress(form) as show:

        def progress(step: tuple[Change, ...], index: int, count: int) -> None:
            held.stop_if_lost()
            show(step, index, count)

        return site_sync.apply(
            site,
            curriculum,
            max_share=config.sync.max_share,
            fingerprint=fingerprint,
            force=force,
            progress=progress,
            review=partial(_reviewed, config, curriculum),
        )


def _show_applied(
    config: Config, curriculum: Curriculum, applied: ApplyResult, form: str
) -> dict[str, object]:
    """Print the result, write the files to import by hand, and return it as JSON data."""
    from bridge.workflows.manual_work import manual_steps, write_files

    files = {}
    if manual_steps(applied.plan):
        folder = config.path(config.site.import_folder)
        files = write_files(applied.plan, curriculum, folder)
    if form == "text":
        print_applied(curriculum, applied)
        print_manual_steps(applied.plan, files)
    return {
        **plan_as_data(curriculum, applied.plan),
        "made": applied.made,
        "refused": [[*change.key, str(reason)] for change, reason in applied.refused],
        "not_tried": [change.key for change in applied.not_tried],
        "files": _files_as_data(files, ".xml"),
        "texts": _files_as_data(files, ".txt"),
    }


def _files_as_data(files: Mapping[str, Sequence[Path]], suffix: str) -> dict[str, str]:
    """The file with this suffix of each activity to make by hand."""
    return {
        key: str(file) for key, written in files.items() for file in written
        if file.suffix == suffix
    }  # fmt: skip


@contextmanager
def _progress(form: str) -> Iterator[Progress]:
    """Show a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if form == "json" or not console.is_terminal:
        yield lambda _step, _index, _count: None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")

        def advance(step: Sequence[Change], index: int, count: int) -> None:
            resource = step[0].resource
            text = for_terminal(f"{step[0].action} {resource.kind} {shorten(resource.title, 40)}")
            bar.update(task, completed=index, total=count, description=text)

        yield advance
