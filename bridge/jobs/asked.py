"""Plans and applies that the committee asks for on its pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import CurriculumError, StewardpathError
from bridge.jobs import sync
from bridge.jobs.guard import Clock, Detail, guarded, owner
from bridge.moodle.client import Moodle
from bridge.moodle.site import Site, connect
from bridge.plan import Change, Plan, Value
from bridge.store import asked, runs
from bridge.store.database import Database
from bridge.store.tables import Run

MOST = 400
"""Changes that a page shows; the fingerprint is of all of them."""
WIDTH = 160
EVERY = timedelta(seconds=1)
HASHED = {("question", "content"), ("badge", "image")}

Open = Callable[[], AbstractContextManager[Moodle]]


def run_asked(
    database: Database,
    open_moodle: Open,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
) -> dict[str, object]:
    """Do all that is asked for now; returns how much that was. Moodle is opened only for work."""
    done = 0
    while run := _take(database, clock()):
        _answer(database, open_moodle, config, curricula, clock, run)
        done += 1
    return {"asked": done}


def _take(database: Database, now: datetime) -> Run | None:
    with database.transaction() as session:
        return asked.take(session, owner(), now)


def _answer(
    database: Database,
    open_moodle: Open,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    run: Run,
) -> None:
    """Do one, and record what came of it; what goes wrong is said where it was asked for."""
    detail: Detail = dict(run.detail)
    ok = False
    try:
        curriculum = _curriculum(curricula, str(detail["curriculum"]))
        with open_moodle() as moodle:
            if run.kind == asked.PLAN:
                site = connect(moodle)
                made = sync.make_plan(site, curriculum, config.sync.max_share)
                sync.remember(database, site, curriculum)
                detail |= shown(made)
                ok = True
            else:
                with guarded(database, "apply", clock):
                    site = connect(moodle)
                    ok = _apply(database, site, config, curriculum, clock, run.id, detail)
    except StewardpathError as error:
        detail["error"] = str(error)
    except Exception as error:
        detail["error"] = type(error).__name__
        raise
    finally:
        with database.transaction() as session:
            runs.finish_run(session, run.id, ok, detail, clock())


def _curriculum(curricula: Sequence[Curriculum], key: str) -> Curriculum:
    found = next((each for each in curricula if each.key == key), None)
    if found is None:
        raise CurriculumError(f"there is no curriculum {key}.")
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
    told = clock() - EVERY

    def tell(step: sync.Step, place: int, count: int) -> None:
        nonlocal told
        if clock() - told < EVERY:
            return
        told = clock()
        resource = step[0].resource
        now = {"place": place, "count": count, "doing": f"{resource.kind} {_short(resource.title)}"}
        with database.transaction() as session:
            asked.progress(session, run, {**detail, **now}, clock())

    applied = sync.apply(
        site, curriculum, max_share=config.sync.max_share,
        fingerprint=str(detail["fingerprint"]), force=bool(detail["force"]), progress=tell,
    )  # fmt: skip
    sync.remember(database, site, curriculum)
    if sync.by_hand(applied.plan):
        sync.write_imports(applied.plan, curriculum, config.path(config.site.import_folder))
    detail["made"] = applied.made
    detail["refused"] = [
        f"{c.resource.kind} {c.resource.idnumber}: {why}" for c, why in applied.refused
    ]
    return not applied.refused


def shown(plan: Plan) -> Detail:
    """A plan as a page shows it, its values shortened."""
    counts: dict[str, int] = {}
    for change in plan.changes:
        counts[change.action] = counts.get(change.action, 0) + 1
    return {
        "fingerprint": plan.fingerprint,
        "counts": counts,
        "changes": [_change(change) for change in plan.changes[:MOST]],
        "blocked": list(plan.blocked),
        "risks": list(plan.risks),
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
            if (resource.kind, field.name) in HASHED
            else {"name": field.name, "old": _words(field.old), "new": _words(field.new)}
            for field in differing
        ],
    }


def _words(value: Value | None) -> str:
    if isinstance(value, tuple):
        return _short(", ".join(name.split(":")[-1] for name in value))
    return "" if value is None else _short(str(value))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
