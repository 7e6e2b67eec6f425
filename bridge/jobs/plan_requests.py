"""Plans and applies that the committee asks for on its pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from bridge.config import Config
from bridge.curriculum.markdown import without_marks
from bridge.curriculum.model import Curriculum
from bridge.errors import CurriculumError, StewardpathError
from bridge.jobs.locks import Clock, Detail, run_locked, worker_name
from bridge.logs import event
from bridge.messages import Message, as_data
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import Site, connect
from bridge.plan import KINDS, STATES, Change, Plan, Value
from bridge.store.curricula import plan_requests
from bridge.store.database import Database
from bridge.store.operations import runs
from bridge.store.tables.operations import Run
from bridge.workflows import site_sync
from bridge.workflows.unexpected_errors import error_location

log = logging.getLogger(__name__)

MAX_VALUE_WIDTH = 160
"""Characters of a text that a page shows."""
PROGRESS_INTERVAL = timedelta(seconds=1)
HASHED_FIELDS = {("question", "content"), ("badge", "image")}

Open = Callable[[], AbstractContextManager[Moodle]]


def run_plan_requests(
    database: Database,
    open_moodle: Open,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
) -> dict[str, object]:
    """Do all that is asked for now; returns how much that was. Moodle is opened only for work.

    One that fails, for whatever reason, says so on its run; the others are done.
    """
    done = 0
    while run := _take(database, clock()):
        _answer(database, open_moodle, config, curricula, clock, run)
        done += 1
    return {"requests": done}


def _take(database: Database, now: datetime) -> Run | None:
    with database.transaction() as session:
        return plan_requests.claim(session, worker_name(), now)


def _answer(
    database: Database,
    open_moodle: Open,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    run: Run,
) -> None:
    """Do one, and record what came of it; what goes wrong is said where it was asked for."""
    detail: Detail = {}
    ok = False
    try:
        detail = dict(run.detail)
        curriculum = _curriculum(curricula, str(detail["curriculum"]))
        with open_moodle() as moodle:
            if run.kind == plan_requests.PLAN:
                site = connect(moodle)
                made = site_sync.make_plan(site, curriculum, config.sync.max_share)
                site_sync.save_course_modules(database, site, curriculum)
                detail |= plan_as_data(made, curriculum)
                ok = True
            else:
                with run_locked(database, "apply", clock):
                    site = connect(moodle)
                    ok = _apply(database, site, config, curriculum, clock, run.id, detail)
    except StewardpathError as error:
        detail["error"] = error.as_data()
    except Exception as error:  # noqa: BLE001  (one request must not end the others)
        event(log, "plan-request-crashed", level=logging.ERROR, run=run.id)
        name = f"{type(error).__name__}, {error_location(error)}"
        broken = Message("Something went wrong here; it has been logged (%(name)s).", name=name)
        detail["error"] = as_data(broken)
    finally:
        with database.transaction() as session:
            runs.finish_run(session, run.id, ok, detail, clock())


def _curriculum(curricula: Sequence[Curriculum], key: str) -> Curriculum:
    found = next((each for each in curricula if each.key == key), None)
    if found is None:
        missing = Message("the curriculum %(key)s is not there, or was never right.", key=key)
        raise CurriculumError(missing)
    return found


def _apply(
    database: Database,
    site: Site,
    config: Config,
    curriculum: Curriculum,
    clock: Clock,
    run: int,
    detail: Detail,
) -> bool:
    """Apply the plan that was reviewed. False where Moodle refused part of it."""
    told = clock() - PROGRESS_INTERVAL

    def tell(step: site_sync.Step, place: int, count: int) -> None:
        nonlocal told
        if clock() - told < PROGRESS_INTERVAL:
            return
        told = clock()
        resource = step[0].resource
        doing = Message(
            "%(kind)s %(title)s", kind=KINDS[resource.kind], title=_short(resource.title)
        )
        now = {"place": place, "count": count, "doing": as_data(doing)}
        with database.transaction() as session:
            plan_requests.progress(session, run, {**detail, **now}, clock())

    applied = site_sync.apply(
        site, curriculum, max_share=config.sync.max_share,
        fingerprint=str(detail["fingerprint"]), force=bool(detail["force"]), progress=tell,
    )  # fmt: skip
    site_sync.save_course_modules(database, site, curriculum)
    if site_sync.manual_steps(applied.plan):
        site_sync.write_imports(applied.plan, curriculum, config.path(config.site.import_folder))
    detail["made"] = applied.made
    detail["refused"] = [
        {"kind": c.resource.kind, "key": c.resource.idnumber, "why": why.as_data()}
        for c, why in applied.refused
    ]
    return not applied.refused


def plan_as_data(plan: Plan, curriculum: Curriculum) -> Detail:
    """A plan as a page shows it, its values shortened; `revision`: of what it was made."""
    counts: dict[str, int] = {}
    for change in plan.changes:
        counts[change.action] = counts.get(change.action, 0) + 1
    return {
        "fingerprint": plan.fingerprint,
        "revision": curriculum.revision,
        "counts": counts,
        "changes": [_change(change) for change in plan.changes],
        "blocked": [as_data(each) for each in plan.blocked],
        "risks": [as_data(each) for each in plan.risks],
    }


def _change(change: Change) -> Detail:
    resource = change.resource
    differing = change.fields if change.action in ("change", "rename") else ()
    return {
        "action": change.action,
        "kind": resource.kind,
        "key": resource.idnumber.split(":", 2)[-1],
        "title": _short(resource.title),
        "fields": [
            {"name": field.name, "old": "", "new": ""}
            if (resource.kind, field.name) in HASHED_FIELDS
            else {"name": field.name, "old": _words(field.old), "new": _words(field.new)}
            for field in differing
        ],
    }


def _words(value: Value | None) -> object:
    if isinstance(value, tuple):
        return _short(", ".join(name.split(":")[-1] for name in value))
    if isinstance(value, bool | str) and value in STATES:
        return as_data(STATES[value])
    return "" if value is None else _short(f"{value:g}" if isinstance(value, float) else str(value))


def _short(text: str) -> str:
    line = " ".join(without_marks(text).split())
    return line if len(line) <= MAX_VALUE_WIDTH else line[: MAX_VALUE_WIDTH - 1] + "…"
