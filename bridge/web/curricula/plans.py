"""The plan against Moodle, and applying it: asked for here, done by the jobs, watched here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.wrappers import Response
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.model import Curriculum
from bridge.curriculum.reader import Reading
from bridge.store import asked, audit
from bridge.store.tables import Run
from bridge.web.collaborators import Collaborators
from bridge.web.curricula.desk import Desk
from bridge.web.identity import for_committee, visitor


@dataclass(frozen=True, slots=True)
class State:
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


def add(pages: Blueprint, house: Collaborators) -> None:
    """The page of the plan, what its script asks, and what its buttons ask for."""
    desk = Desk(house.config)

    @pages.get("/<folder>/plan")
    @for_committee(chairs=False)
    def plan(folder: str) -> str:
        reading = _reading(desk, folder)
        path = reading.curriculum
        state = _state(house, path.key, house.now()) if path else State(None, None, None)
        return render_template(
            "web/curricula/plan.html", folder=folder, path=path, state=state,
            may_ask=visitor().may_edit,
        )  # fmt: skip

    @pages.get("/<folder>/plan/state")
    @for_committee(chairs=False)
    def state(folder: str) -> Response:
        path = _reading(desk, folder).curriculum
        run = _state(house, path.key, house.now()).working if path else None
        detail = run.detail if run else {}
        known = {name: detail.get(name) for name in ("place", "count", "doing")}
        return jsonify(working=run is not None, **known)

    @pages.post("/<folder>/plan")
    @for_committee(edit=True)
    def ask(folder: str) -> Answer:
        path = _reading(desk, folder).curriculum
        page = redirect(url_for("curricula.plan", folder=folder), 303)
        if path is None:
            flash(gettext("The curriculum has errors. Mend them first."), "danger")
            return page
        if not _ask(house, path, request.form.get("do", "")):
            flash(gettext("This is being done already."), "info")
        return page


def _reading(desk: Desk, folder: str) -> Reading:
    found = dict(desk.readings()).get(folder)
    if found is None:
        raise NotFound
    return found


def _state(house: Collaborators, key: str, now: datetime) -> State:
    with house.database.reading() as session:
        plan = asked.newest(session, asked.PLAN, key)
        applied = asked.newest(session, asked.APPLY, key)
        working = next((run for run in (applied, plan) if asked.is_open(run, now)), None)
        session.expunge_all()
    return State(plan, applied, working)


def _ask(house: Collaborators, path: Curriculum, what: str) -> bool:
    """Leave the request for the jobs; False while one is in hand. Answers 400 for nonsense."""
    now = house.now()
    if _state(house, path.key, now).working:
        return False
    detail: dict[str, object] = {"curriculum": path.key}
    fingerprint = request.form.get("fingerprint", "")[:64]
    with house.database.transaction() as session:
        if what == "plan":
            asked.ask(session, asked.PLAN, detail, now)
        elif what == "apply" and fingerprint.isalnum():
            detail |= {"fingerprint": fingerprint, "force": request.form.get("force") == "y"}
            asked.ask(session, asked.APPLY, detail, now)
            audit.write(session, visitor().email, "apply", None, {}, detail, now)
        else:
            raise BadRequest
    house.wake("asked")
    return True
