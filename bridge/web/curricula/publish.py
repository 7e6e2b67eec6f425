"""The plan against Moodle, and applying it: asked for here, done by the jobs, watched here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.wrappers import Response
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.model import Curriculum
from bridge.curriculum.reader import Reading
from bridge.plan import FIELDS, KINDS
from bridge.store.curricula import plan_requests
from bridge.store.operations import audit_log
from bridge.store.tables.operations import Run
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee
from bridge.web.curricula.storage.curriculum_files import CurriculumFiles
from bridge.web.layout.translation import translate_error

PAGE = 100
"""How many changes a page shows."""


@dataclass(frozen=True, slots=True)
class PlanState:
    """The newest plan and the newest apply of a curriculum; `working`: one that is not over."""

    plan: Run | None
    applied: Run | None
    working: Run | None

    @property
    def current(self) -> Run | None:
        """A plan that came out well and that nothing was applied after."""
        plan, applied = self.plan, self.applied
        if plan is None or not plan.ok or self.working:
            return None
        return None if applied and applied.ok and applied.id > plan.id else plan


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One page of a plan's changes; `before` and `after`: numbers of the pages beside it, or 0."""

    changes: Sequence[object]
    number: int
    pages: int

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1 if self.number < self.pages else 0


def register_routes(pages: Blueprint, services: Services) -> None:
    """The page of the plan, what its script asks, and what its buttons ask for."""
    desk = CurriculumFiles(services.config)

    @pages.get("/<folder>/plan")
    @for_committee(chairs=False)
    def plan(folder: str) -> str:
        readings = dict(desk.readings())
        path = _of(readings, folder).curriculum
        state = _state(services, path.key, services.now()) if path else PlanState(None, None, None)
        return render_template(
            "web/curricula/plan.html", folder=folder, path=path, state=state,
            part=_part(state.current), kinds=KINDS,
            fields=FIELDS, may_ask=current_visitor().may_edit,
            held=any(reading.errors for reading in readings.values()),
        )  # fmt: skip

    @pages.get("/<folder>/plan/state")
    @for_committee(chairs=False)
    def state(folder: str) -> Response:
        path = _of(dict(desk.readings()), folder).curriculum
        run = _state(services, path.key, services.now()).working if path else None
        if run is None:
            return jsonify(working=False)
        detail = run.detail
        doing = str(translate_error(detail["doing"]).striptags()) if "doing" in detail else None
        return jsonify(
            working=True, place=detail.get("place"), count=detail.get("count"), doing=doing
        )

    @pages.post("/<folder>/plan")
    @for_committee(edit=True)
    def ask(folder: str) -> Answer:
        path = _of(dict(desk.readings()), folder).curriculum
        page = redirect(url_for("curricula.plan", folder=folder), 303)
        if path is None:
            flash(gettext("The curriculum has errors. Mend them first."), "danger")
            return page
        if not _ask(services, path, request.form.get("do", "")):
            flash(gettext("This is being done already."), "info")
        return page


def _of(readings: dict[str, Reading], folder: str) -> Reading:
    if folder not in readings:
        raise NotFound
    return readings[folder]


def _state(services: Services, key: str, now: datetime) -> PlanState:
    with services.database.reading() as session:
        plan = plan_requests.newest(session, plan_requests.PLAN, key)
        applied = plan_requests.newest(session, plan_requests.APPLY, key)
        working = next((run for run in (applied, plan) if plan_requests.is_open(run, now)), None)
        session.expunge_all()
    return PlanState(plan, applied, working)


def _part(plan: Run | None) -> PlanPage:
    """The page of changes that was asked for. Answers 404 for one that is not there."""
    changes = plan.detail.get("changes") if plan else None
    every = changes if isinstance(changes, list) else []
    number = request.args.get("page", 1, type=int)
    pages = max(1, -(-len(every) // PAGE))
    if not 1 <= number <= pages:
        raise NotFound
    return PlanPage(every[(number - 1) * PAGE : number * PAGE], number, pages)


def _ask(services: Services, path: Curriculum, what: str) -> bool:
    """Leave the request for the jobs; False while one is in hand. Answers 400 for nonsense."""
    now = services.now()
    if _state(services, path.key, now).working:
        return False
    detail: dict[str, object] = {"curriculum": path.key}
    fingerprint = request.form.get("fingerprint", "")[:64]
    with services.database.transaction() as session:
        if what == "plan":
            plan_requests.request(session, plan_requests.PLAN, detail, now)
        elif what == "apply" and fingerprint.isalnum():
            detail |= {"fingerprint": fingerprint, "force": request.form.get("force") == "y"}
            plan_requests.request(session, plan_requests.APPLY, detail, now)
            audit_log.write(session, current_visitor().email, "apply", None, {}, detail, now)
        else:
            raise BadRequest
    services.trigger_job("plan-requests")
    return True
