"""Public pages: home, about the union, and a page for each milestone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import Blueprint, make_response, render_template
from flask.wrappers import Response

from bridge.web.common.services import Services
from bridge.web.common.status_snapshot import CachedSnapshot, StatusSnapshot
from bridge.web.health import missed_run_limit
from bridge.web.layout.formatting import audience_words, reached, time_ago
from bridge.web.layout.language import visitors_language
from bridge.web.layout.region import chosen_region
from bridge.web.public.lookups import (
    content_language,
    course,
    find_milestone,
    following_milestone,
    lesson,
    lessons,
)

ResultsState = Literal["fine", "late", "failed", "never"]


@dataclass(frozen=True, slots=True)
class MemberState:
    """How up to date the results are."""

    kind: ResultsState
    checked: str
    checked_at: datetime | None
    waiting: int


def blueprint(services: Services) -> Blueprint:
    """`/`, `/welcome` and `/path/<curriculum>/<milestone>`. Emails link to the last."""
    pages = Blueprint("public", __name__)
    recent = CachedSnapshot(services.database)

    @pages.get("/")
    def home() -> Response:
        language = visitors_language(services.config)
        snapshot = recent.take(services.now())
        paths = [(each, content_language(each, language)) for each in services.curricula]
        counts = _counts(services, snapshot)
        state = _state(services, snapshot)
        page = render_template("web/public/home.html", paths=paths, counts=counts, state=state)
        return make_response(page)

    @pages.get("/welcome")
    def welcome() -> str:
        path = next(iter(services.curricula), None)
        return render_template(
            "web/public/welcome.html",
            path=path,
            speech=content_language(path, visitors_language(services.config)) if path else "",
            region=chosen_region(services.config)[1],
            service=services.config.service.url,
        )

    @pages.get("/path/<curriculum>/<milestone>")
    def milestone(curriculum: str, milestone: str) -> str:
        return _milestone(services, curriculum, milestone)

    return pages


def _milestone(services: Services, curriculum: str, milestone: str) -> str:
    path, step = find_milestone(services, curriculum, milestone)
    here, region = chosen_region(services.config)
    speech = content_language(path, visitors_language(services.config))
    parts = [
        (part, [(lesson(path, step, each), each) for each in part.activities])
        for part in step.course.sections
    ]
    return render_template(
        "web/public/milestone.html",
        path=path,
        step=step,
        conditions=audience_words(step.audience, path, services.config, speech),
        place=path.milestones.index(step) + 1,
        after=following_milestone(path, step),
        speech=speech,
        course=course(services.config, path, step),
        first=next(iter(lessons(path, step)), None),
        parts=parts,
        regions=services.config.regions,
        region_key=here,
        region=region,
    )


def _counts(services: Services, snapshot: StatusSnapshot) -> dict[tuple[str, str], str]:
    """How many people have reached each milestone, in words. Empty before the first count."""
    if snapshot.counted_at is None:
        return {}
    return {
        (curriculum.key, milestone.key): reached(
            snapshot.awards.get((curriculum.key, milestone.key), 0)
        )
        for curriculum in services.curricula
        for milestone in curriculum.milestones
    }


def _state(services: Services, snapshot: StatusSnapshot) -> MemberState:
    age = snapshot.age(services.now())
    kind: ResultsState
    if snapshot.pull_failed:
        kind = "failed"
    elif age is None:
        kind = "never"
    else:
        kind = "late" if age > missed_run_limit(services) else "fine"
    return MemberState(
        kind=kind,
        checked=time_ago(age),
        checked_at=snapshot.pulled_at,
        waiting=snapshot.in_state("owed"),
    )
