"""Brings Moodle in line with a curriculum: makes a plan and applies it step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bridge.curriculum.model import Curriculum, curriculum_prefix
from bridge.desired_state import build_desired_state
from bridge.errors import MoodleRefused, MoodleUnavailable, PlanRefused
from bridge.messages import Message
from bridge.moodle.site.connection import Site
from bridge.plan import Change, Key, Plan, diff, former_hashes, needs_one_of
from bridge.store.curricula import course_modules, question_contents
from bridge.store.database import Database

MAX_ROUNDS = 3
"""How often `apply` tries, after an answer that left the outcome of a write unknown."""

Step = tuple[Change, ...]
Progress = Callable[[Step, int, int], None]
"""Called before each step with the step, its index, and how many steps there are."""


@dataclass(slots=True)
class ApplyResult:
    """The result of `apply`: how many changes were made, and which Moodle refused and why.

    `not_tried`: changes that need something whose creation was refused.
    """

    plan: Plan
    made: int = 0
    refused: list[tuple[Change, MoodleRefused]] = field(default_factory=list)
    not_tried: list[Change] = field(default_factory=list)


def make_plan(site: Site, curriculum: Curriculum, max_share: float) -> Plan:
    """Read the site and compare it with the curriculum. Raises MoodleError."""
    desired = [
        r for r in build_desired_state(curriculum) if site.seen is None or r.kind in site.seen
    ]
    found = site.read(curriculum.key, desired)
    return diff(desired, found, able=site.able, max_share=max_share)


def missing_language_packs(site: Site, curriculum: Curriculum) -> list[str]:
    """The curriculum's languages that Moodle has no language pack for, sorted.

    None if the site doesn't show it. The site must have been read.
    """
    used = set(curriculum.languages) - {""}
    found = site.language_packs(used)
    return [] if found is None else sorted(used - found)


def shows_languages_together(site: Site, curriculum: Curriculum) -> bool:
    """Whether learners see all languages of a title together. The site must have been read."""
    return len(curriculum.languages) > 1 and site.filters_languages is False


def apply(
    site: Site,
    curriculum: Curriculum,
    *,
    max_share: float,
    fingerprint: str = "",
    force: bool = False,
    progress: Progress = lambda _step, _place, _count: None,
    review: Callable[[Plan], Plan] = lambda plan: plan,
) -> ApplyResult:
    """Change Moodle to match the curriculum. You can stop it at any point and run it again.

    `review`: adds risks to the plan. If Moodle refuses a change, the result says so, and the
    others are made. Raises PlanRefused
    if the plan's fingerprint isn't `fingerprint`, or if the plan is risky and `force` is not
    given; MoodleError if Moodle can't be reached or is misconfigured.
    """
    plan = review(make_plan(site, curriculum, max_share))
    check_plan(plan, fingerprint, force=force)
    result = ApplyResult(plan)
    for attempt in range(1, MAX_ROUNDS + 1):
        try:
            result.refused.clear()
            result.not_tried.clear()
            _apply_steps(site, plan.steps, result, progress)
        except MoodleUnavailable:
            if attempt == MAX_ROUNDS:
                raise
            plan = make_plan(site, curriculum, max_share)
        else:
            break
    return result


def run_detail(results: Sequence[ApplyResult]) -> dict[str, object]:
    """What the record of a run says: the number of changes, and an error if some were refused."""
    refused = [each for result in results for each in result.refused]
    detail: dict[str, object] = {"made": sum(result.made for result in results)}
    if refused:
        change, reason = refused[0]
        count = len(refused) + sum(len(result.not_tried) for result in results)
        detail["error"] = f"{count} not made; the first: {change.resource.idnumber}: {reason}"
    return detail


def update_caches(database: Database, site: Site, curriculum: Curriculum) -> None:
    """Save the course module ids of the activities just read or made, for links on pages; and the
    questions, for later plans to show what changes in them."""
    prefix = curriculum_prefix(curriculum.key)
    cmids = {key.removeprefix(prefix): cmid for key, cmid in site.activities().items()}
    with database.transaction() as session:
        course_modules.replace_all(session, curriculum.key, cmids)
        question_contents.remember(session, _questions(curriculum))


def _questions(curriculum: Curriculum) -> dict[str, str]:
    """The questions as Moodle XML, by hash."""
    return {
        str(each.fields["content"]): each.payload
        for each in build_desired_state(curriculum)
        if each.kind == "question"
    }


def former_questions(database: Database, plan: Plan) -> dict[str, str]:
    """The questions that the plan changes as they are in Moodle, as Moodle XML by hash.

    Without those that another database or an earlier release sent there.
    """
    hashes = former_hashes(plan)
    if not hashes:
        return {}
    with database.reading() as session:
        return question_contents.contents_of(session, hashes)


def check_plan(plan: Plan, fingerprint: str, *, force: bool) -> None:
    """Raises PlanRefused if a person must review the plan first."""
    if fingerprint and fingerprint != plan.fingerprint:
        raise PlanRefused(
            Message(
                "the plan is %(now)s now, not %(then)s: the curriculum or Moodle has changed since "
                "it was reviewed.",
                now=plan.fingerprint,
                then=fingerprint,
            ),
            todo=Message("Make a new plan and review it."),
        )
    if plan.risks and plan.changes and not force:
        todo = Message("If you want these changes, use --force, or tick the box on the page.")
        raise PlanRefused(_join(plan.risks), todo=todo)


def _join(messages: Sequence[Message]) -> Message:
    first, *others = messages
    for other in others:
        first = Message("%(one)s %(other)s", one=first, other=other)
    return first


def _apply_steps(
    site: Site, steps: Sequence[Step], result: ApplyResult, progress: Progress
) -> None:
    missing: set[Key] = set()
    for index, step in enumerate(steps):
        progress(step, index, len(steps))
        created = {change.key for change in step if change.action == "create"}
        if any(needs_one_of(change.resource, missing) for change in step):
            result.not_tried += step
            missing |= created
            continue
        try:
            site.apply(step)
        except MoodleRefused as error:
            result.refused += [(change, error) for change in step]
            missing |= created
        else:
            result.made += len(step)
