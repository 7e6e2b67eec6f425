"""A curriculum into Moodle: plan, and apply step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bridge.curriculum.model import Curriculum, Quiz, curriculum_prefix, idnumber
from bridge.curriculum.questions.moodle_xml import quiz_xml
from bridge.desired_state import build_desired_state
from bridge.errors import MoodleRefused, MoodleUnavailable, PlanRefused
from bridge.messages import Message
from bridge.moodle.site.connection import Site
from bridge.plan import Change, Plan, diff
from bridge.store.curricula import course_modules
from bridge.store.database import Database

MAX_ROUNDS = 3
"""How often `apply` looks again after an answer that left the outcome of a write unknown."""

Step = tuple[Change, ...]
Progress = Callable[[Step, int, int], None]
"""Told before each step: the step, its place, and how many there are."""


@dataclass(slots=True)
class ApplyResult:
    """What came of applying a plan: changes made, and those Moodle refused with its reason."""

    plan: Plan
    made: int = 0
    refused: list[tuple[Change, MoodleRefused]] = field(default_factory=list)


def make_plan(site: Site, curriculum: Curriculum, max_share: float) -> Plan:
    """Read the site and compare. Raises MoodleError."""
    wanted = [
        r for r in build_desired_state(curriculum) if site.seen is None or r.kind in site.seen
    ]
    found = site.read(curriculum.key, wanted)
    return diff(wanted, found, able=site.able, max_share=max_share)


def apply(
    site: Site,
    curriculum: Curriculum,
    *,
    max_share: float,
    fingerprint: str = "",
    force: bool = False,
    progress: Progress = lambda _step, _place, _count: None,
) -> ApplyResult:
    """Make Moodle what the curriculum says. It can be stopped anywhere and run again.

    Raises PlanRefused if the plan is not the one with `fingerprint`, or is risky and not
    `force`d; MoodleError if Moodle cannot be reached or is misconfigured. A change that Moodle
    refuses is reported, and the others are made.
    """
    plan = make_plan(site, curriculum, max_share)
    check(plan, fingerprint, force=force)
    applied = ApplyResult(plan)
    for attempt in range(1, MAX_ROUNDS + 1):
        try:
            applied.refused.clear()
            _make(site, plan.steps, applied, progress)
        except MoodleUnavailable:
            if attempt == MAX_ROUNDS:
                raise
            plan = make_plan(site, curriculum, max_share)
        else:
            break
    return applied


def save_course_modules(database: Database, site: Site, curriculum: Curriculum) -> None:
    """Keep where Moodle has each activity that was just read or made, so that pages can link."""
    prefix = curriculum_prefix(curriculum.key)
    cmids = {key.removeprefix(prefix): cmid for key, cmid in site.activities().items()}
    with database.transaction() as session:
        course_modules.replace_all(session, curriculum.key, cmids)


def check(plan: Plan, fingerprint: str, *, force: bool) -> None:
    """Raises PlanRefused where a person must look first."""
    if fingerprint and fingerprint != plan.fingerprint:
        raise PlanRefused(
            Message(
                "the plan is %(now)s now, not %(then)s: the curriculum or Moodle has changed since "
                "it was reviewed.",
                now=plan.fingerprint,
                then=fingerprint,
            ),
            todo=Message("Make the plan again and review it."),
        )
    if plan.risks and not force:
        todo = Message("If that is what you want: --force, or the box on the plan's page, says so.")
        raise PlanRefused(_together(plan.risks), todo=todo)


def _together(sentences: Sequence[Message]) -> Message:
    first, *others = sentences
    for other in others:
        first = Message("%(one)s %(other)s", one=first, other=other)
    return first


def _make(site: Site, steps: Sequence[Step], applied: ApplyResult, progress: Progress) -> None:
    for place, step in enumerate(steps):
        progress(step, place, len(steps))
        try:
            site.apply(step)
        except MoodleRefused as error:
            applied.refused += [(change, error) for change in step]
        else:
            applied.made += len(step)


def manual_steps(plan: Plan) -> list[Change]:
    """The changes that a person must make in Moodle."""
    return [change for change in plan.changes if change.action == "by-hand"]


def write_imports(plan: Plan, curriculum: Curriculum, folder: Path) -> dict[str, Path]:
    """Write a Moodle XML file for each quiz that a person must make; idnumber to file."""
    wanted = {change.resource.idnumber for change in manual_steps(plan)}
    quizzes = [quiz for m in curriculum.milestones for quiz in m.course.quizzes]
    return {
        idnumber(curriculum.key, quiz.key): _write(curriculum, quiz, folder)
        for quiz in quizzes
        if idnumber(curriculum.key, quiz.key) in wanted
    }


def _write(curriculum: Curriculum, quiz: Quiz, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{curriculum.key}.{quiz.key}.xml"
    file.write_text(quiz_xml(curriculum.key, quiz), encoding="utf-8")
    return file
