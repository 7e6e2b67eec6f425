"""Makes the plans, and applies them, that the committee requests on its pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial

from bridge.config import Config
from bridge.curriculum.library.reloading import Library
from bridge.curriculum.markdown import without_marks
from bridge.curriculum.model import Curriculum
from bridge.errors import CurriculumError, StewardpathError
from bridge.features import FEATURES
from bridge.features.publishing import check_publishing
from bridge.foundations.feature import Context, Feature
from bridge.jobs.locks import Clock, Detail, LockedRun, run_locked, worker_name
from bridge.logs import event
from bridge.messages import Message, as_data
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import Site, connect
from bridge.plan import KINDS, STATES, Change, Plan, Value, shown_fields
from bridge.store.curricula import plan_requests
from bridge.store.database import Database
from bridge.store.operations import runs
from bridge.store.tables.operations import Run
from bridge.workflows import manual_work, site_sync
from bridge.workflows.delivery_check.replaced_objects import queue_after_apply
from bridge.workflows.renamed_curricula import ask_about_renames
from bridge.workflows.renames import confirm_renames
from bridge.workflows.unexpected_errors import error_location

log = logging.getLogger(__name__)

MAX_VALUE_WIDTH = 160
"""Characters of a value that a page shows."""
PROGRESS_INTERVAL = timedelta(seconds=1)

OpenMoodle = Callable[[], AbstractContextManager[Moodle]]


def run_plan_requests(
    database: Database,
    open_moodle: OpenMoodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    features: Sequence[Feature] = FEATURES,
) -> dict[str, object]:
    """Carry out all pending requests. Returns how many there were.

    Moodle is opened only if there is a request. If one fails, its run has the error, and the
    others are carried out.
    """
    done = 0
    while run := _claim(database, clock()):
        _carry_out(database, open_moodle, config, curricula, clock, run, features)
        done += 1
    return {"requests": done}


def _claim(database: Database, now: datetime) -> Run | None:
    with database.transaction() as session:
        return plan_requests.claim(session, worker_name(), now)


def _carry_out(
    database: Database,
    open_moodle: OpenMoodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    run: Run,
    features: Sequence[Feature],
) -> None:
    """Carry out one request, and record its result or error for the page that shows it."""
    detail: Detail = {}
    ok = False
    try:
        detail = dict(run.detail)
        curriculum = _find_curriculum(curricula, str(detail["curriculum"]))
        with open_moodle() as moodle:
            match run.kind:
                case plan_requests.PLAN:
                    detail |= _plan(database, connect(moodle), config, curriculum, curricula)
                    ok = True
                case plan_requests.APPLY:
                    _refuse_stale(curricula, force=bool(detail["force"]))
                    _refuse_unapproved(database, config, curricula, clock(), curriculum, features)
                    ok = _apply_locked(
                        database, moodle, config, curriculum, curricula, clock, run.id, detail
                    )
                case _:
                    raise AssertionError(f"no branch for the request {run.kind}")
    except StewardpathError as error:
        detail["error"] = error.as_data()
    except Exception as error:  # noqa: BLE001  (one request must not end the others)
        event(log, "plan-request-crashed", level=logging.ERROR, run=run.id)
        name = f"{type(error).__name__}, {error_location(error)}"
        message = Message("Something went wrong here; it has been logged (%(name)s).", name=name)
        detail["error"] = as_data(message)
    finally:
        with database.transaction() as session:
            runs.finish_run(session, run.id, ok, detail, clock())


def _apply_locked(
    database: Database,
    moodle: Moodle,
    config: Config,
    curriculum: Curriculum,
    every: Sequence[Curriculum],
    clock: Clock,
    run: int,
    detail: Detail,
) -> bool:
    """Apply the plan as the only process that does. Returns whether all changes were made."""
    with run_locked(database, "apply", clock) as held:
        site = connect(moodle)
        applied = _apply(database, site, config, curriculum, every, clock, run, detail, held)
        confirm_renames(database, curriculum, applied, clock())
        held |= site_sync.run_detail([applied])
    queue_after_apply(database, moodle, curriculum, clock)
    return not applied.refused


def _refuse_stale(curricula: Sequence[Curriculum], *, force: bool) -> None:
    """Raises CurriculumError if the files have errors, so that an older version is in use."""
    if isinstance(curricula, Library) and curricula.current_problems() and not force:
        raise CurriculumError(
            Message("the curriculum files have errors: the last valid version is in use."),
            todo=Message("Correct the files first, or tick the box to publish that version."),
        )


def _refuse_unapproved(
    database: Database,
    config: Config,
    curricula: Sequence[Curriculum],
    now: datetime,
    curriculum: Curriculum,
    features: Sequence[Feature],
) -> None:
    """Raises PlanRefused if a feature holds the curriculum back."""
    with database.reading() as session:
        context = Context(session, config, tuple(curricula), config.language, now)
        check_publishing(features, context, curriculum)


def _find_curriculum(curricula: Sequence[Curriculum], key: str) -> Curriculum:
    found = next((each for each in curricula if each.key == key), None)
    if found is None:
        message = Message(
            "the curriculum %(key)s does not exist, or has never been valid.", key=key
        )
        raise CurriculumError(message)
    return found


def _plan(
    database: Database,
    site: Site,
    config: Config,
    curriculum: Curriculum,
    every: Sequence[Curriculum],
) -> Detail:
    plan = site_sync.make_plan(site, curriculum, config.sync.max_share)
    plan = ask_about_renames(database, curriculum, every, plan)
    site_sync.update_caches(database, site, curriculum)
    shown = plan_as_data(plan, curriculum, site_sync.former_questions(database, plan))
    return shown | {
        "missing_packs": site_sync.missing_language_packs(site, curriculum),
        "languages_together": site_sync.shows_languages_together(site, curriculum),
    }


def _apply(
    database: Database, site: Site, config: Config, curriculum: Curriculum,
    every: Sequence[Curriculum], clock: Clock, run: int, detail: Detail, held: LockedRun,
) -> site_sync.ApplyResult:  # fmt: skip
    """Apply the plan that was reviewed, and put the outcome into `detail`."""
    reported_at = clock() - PROGRESS_INTERVAL

    def report_progress(step: site_sync.Step, place: int, count: int) -> None:
        nonlocal reported_at
        held.stop_if_lost()
        if clock() - reported_at < PROGRESS_INTERVAL:
            return
        reported_at = clock()
        kind, title = KINDS[step[0].resource.kind], _shorten(step[0].resource.title)
        doing = Message("%(kind)s %(title)s", kind=kind, title=title)
        state = {**detail, "place": place, "count": count, "doing": as_data(doing)}
        with database.transaction() as session:
            plan_requests.record_progress(session, run, state, clock())

    applied = site_sync.apply(
        site, curriculum, max_share=config.sync.max_share,
        fingerprint=str(detail["fingerprint"]), force=bool(detail["force"]),
        progress=report_progress,
        review=partial(ask_about_renames, database, curriculum, every),
    )  # fmt: skip
    site_sync.update_caches(database, site, curriculum)
    if manual_work.manual_steps(applied.plan):
        manual_work.write_files(applied.plan, curriculum, config.path(config.site.import_folder))
    detail["made"] = applied.made
    detail["refused"] = [
        {"kind": c.resource.kind, "key": c.resource.idnumber, "why": why.as_data()}
        for c, why in applied.refused
    ]
    detail["not_tried"] = len(applied.not_tried)
    return applied


def plan_as_data(plan: Plan, curriculum: Curriculum, former: Mapping[str, str]) -> Detail:
    """The plan as a page shows it, with long values shortened.

    `former`: the questions that it changes, as Moodle XML by hash. `revision` is the curriculum's
    revision that it was made from.
    """
    counts: dict[str, int] = {}
    for change in plan.changes:
        counts[change.action] = counts.get(change.action, 0) + 1
    return {
        "fingerprint": plan.fingerprint,
        "revision": curriculum.revision,
        "counts": counts,
        "changes": [_change_as_data(change, former) for change in plan.changes],
        "blocked": [as_data(each) for each in plan.blocked],
        "risks": [as_data(each) for each in plan.risks],
    }


def _change_as_data(change: Change, former: Mapping[str, str]) -> Detail:
    resource = change.resource
    return {
        "action": change.action,
        "kind": resource.kind,
        "key": resource.idnumber.split(":", 2)[-1],
        "title": _shorten(resource.title),
        "fields": [
            {
                "name": field.name,
                "old": _value_as_data(field.old),
                "new": _value_as_data(field.new),
            }
            for field in shown_fields(change, former)
        ],
    }


def _value_as_data(value: Value | None) -> object:
    if isinstance(value, tuple):
        return _shorten(", ".join(name.split(":")[-1] for name in value))
    if isinstance(value, bool | str) and value in STATES:
        return as_data(STATES[value])
    return (
        "" if value is None else _shorten(f"{value:g}" if isinstance(value, float) else str(value))
    )


def _shorten(text: str) -> str:
    line = " ".join(without_marks(text).split())
    return line if len(line) <= MAX_VALUE_WIDTH else line[: MAX_VALUE_WIDTH - 1] + "…"
