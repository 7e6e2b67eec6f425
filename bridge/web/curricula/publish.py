"""Preview changes and publish them to Moodle. Pages request the work; jobs carry it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.wrappers import Response
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.model import Curriculum, curriculum_prefix
from bridge.curriculum.reader import Reading
from bridge.features.publishing import publishing_problems
from bridge.messages import Message
from bridge.plan import FIELDS, KINDS
from bridge.store.curricula import plan_requests
from bridge.store.operations import audit_log
from bridge.store.tables.operations import Run
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.curricula.storage.curriculum_files import CurriculumFiles
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translate, translate_error
from bridge.workflows.manual_work import (
    Paste,
    activities_by_key,
    settings_to_make,
    texts_to_paste,
)

PAGE_SIZE = 100
"""Changes per page."""


@dataclass(frozen=True, slots=True)
class PlanState:
    """The newest plan and the newest apply of a curriculum. `working`: the one in progress."""

    plan: Run | None
    applied: Run | None
    working: Run | None

    @property
    def is_publishing(self) -> bool:
        return self.working is not None and self.working.kind == plan_requests.APPLY

    @property
    def current(self) -> Run | None:
        """The newest plan, if it succeeded and hasn't been applied yet."""
        plan, applied = self.plan, self.applied
        if plan is None or not plan.ok or self.working:
            return None
        return None if applied and applied.ok and applied.id > plan.id else plan


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One page of a plan's changes, out of `pages`."""

    changes: Sequence[Mapping[str, object]]
    number: int
    pages: int

    @property
    def before(self) -> int:
        """The number of the previous page; 0 if there is none."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The number of the next page; 0 if there is none."""
        return self.number + 1 if self.number < self.pages else 0


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the plan page, the state that its script polls, and requests for a plan or an apply."""
    files = CurriculumFiles(services.config)
    _add_plan_pages(pages, services, files)
    _add_plan_requests(pages, services, files)


def _add_plan_pages(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.get("/<folder>/plan")
    @open_to("curricula")
    def plan(folder: str) -> str:
        readings = dict(files.readings())
        curriculum = _reading_of(readings, folder).curriculum
        state = (
            _state(services, curriculum.key, services.now())
            if curriculum
            else PlanState(None, None, None)
        )
        return render_template(
            "web/curricula/publish.html", folder=folder, curriculum=curriculum, state=state,
            changes=(changes := _page_of_changes(state.current)), kinds=KINDS,
            by_hand=_texts_by_key(curriculum, changes),
            problems=_problems(services, curriculum) if curriculum else [],
            fields=FIELDS, may_publish=current_visitor().may("curricula-edit"),
            other_curriculum_has_errors=any(reading.errors for reading in readings.values()),
        )  # fmt: skip

    @pages.get("/<folder>/plan/state")
    @open_to("curricula")
    def plan_state(folder: str) -> Response:
        curriculum = _reading_of(dict(files.readings()), folder).curriculum
        run = _state(services, curriculum.key, services.now()).working if curriculum else None
        if run is None:
            return jsonify(working=False)
        detail = run.detail
        doing = str(translate_error(detail["doing"]).striptags()) if "doing" in detail else None
        return jsonify(
            working=True, place=detail.get("place"), count=detail.get("count"), doing=doing
        )


def _add_plan_requests(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.post("/<folder>/plan")
    @open_to("curricula-edit")
    def request_plan(folder: str) -> Answer:
        curriculum = _reading_of(dict(files.readings()), folder).curriculum
        page = redirect(url_for("curricula.plan", folder=folder), 303)
        if curriculum is None:
            flash(gettext("The curriculum has errors. Correct them first."), "danger")
            return page
        problems = _problems(services, curriculum)
        if problems and request.form.get("do") == "apply":
            flash(gettext("This can't be published yet: see below who must approve it."), "danger")
            return page
        if not _request_job(services, curriculum, request.form.get("do", "")):
            flash(gettext("This is already in progress."), "info")
        return page


def _problems(services: Services, curriculum: Curriculum) -> list[Markup]:
    """Why the curriculum can't be published now, in the visitor's language."""
    with services.database.reading() as session:
        context = services.context(session, visitors_language(services.config))
        found = publishing_problems(services.features, context, curriculum)
    return [translate(each) for each in found]


def _texts_by_key(
    curriculum: Curriculum | None, page: PlanPage
) -> dict[str, tuple[list[Message], list[Paste]]]:
    """What to set and paste for each change on the page that is made by hand, by its key."""
    keys = {each["key"] for each in page.changes if each["action"] == "by-hand"}
    if curriculum is None or not keys:
        return {}
    prefix = curriculum_prefix(curriculum.key)
    return {
        name.removeprefix(prefix): (list(settings_to_make(activity)), texts_to_paste(activity))
        for name, activity in activities_by_key(curriculum).items()
        if name.removeprefix(prefix) in keys
    }


def _reading_of(readings: dict[str, Reading], folder: str) -> Reading:
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


def _page_of_changes(plan: Run | None) -> PlanPage:
    """The requested page of changes. Raises NotFound if there is no such page."""
    changes = plan.detail.get("changes") if plan else None
    all_changes = changes if isinstance(changes, list) else []
    number = request.args.get("page", 1, type=int)
    pages = max(1, -(-len(all_changes) // PAGE_SIZE))
    if not 1 <= number <= pages:
        raise NotFound
    return PlanPage(all_changes[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, pages)


def _request_job(services: Services, curriculum: Curriculum, action: str) -> bool:
    """Queue a plan or an apply. Returns False if one is in progress. Raises BadRequest."""
    now = services.now()
    if _state(services, curriculum.key, now).working:
        return False
    detail: dict[str, object] = {"curriculum": curriculum.key}
    fingerprint = request.form.get("fingerprint", "")[:64]
    with services.database.transaction() as session:
        if action == "plan":
            plan_requests.request(session, plan_requests.PLAN, detail, now)
        elif action == "apply" and fingerprint.isalnum():
            detail |= {"fingerprint": fingerprint, "force": request.form.get("force") == "y"}
            plan_requests.request(session, plan_requests.APPLY, detail, now)
            audit_log.write(session, current_visitor().email, "apply", None, {}, detail, now)
        else:
            raise BadRequest
    services.trigger_job("plan-requests")
    return True
