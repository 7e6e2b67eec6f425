"""For everybody: the path as a whole, the welcome for new hires, and a page for each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, render_template
from flask.wrappers import Response

from bridge.web.collaborators import Collaborators
from bridge.web.health import patience
from bridge.web.language import visitors_language
from bridge.web.paths import course, find_step, following, lesson, lessons, spoken
from bridge.web.region import chosen_region
from bridge.web.snapshot import Recent, Snapshot
from bridge.web.words import ago, reached


@dataclass(frozen=True, slots=True)
class State:
    """How fresh the page is: `kind` is fine, late, failed or never."""

    kind: str
    checked: str
    checked_at: datetime | None
    waiting: int
    stuck: int


def blueprint(house: Collaborators) -> Blueprint:
    """`/`, `/welcome`, and a landing page for each milestone, which mails lead to."""
    pages = Blueprint("public", __name__)
    recent = Recent(house.database)

    @pages.get("/")
    def home() -> Response:
        language = visitors_language(house.config)
        snapshot = recent.take(house.now())
        paths = [(each, spoken(each, language)) for each in house.curricula]
        counts = _counts(house, snapshot)
        state = _state(house, snapshot)
        page = render_template("web/home.html", paths=paths, counts=counts, state=state)
        return make_response(page)

    @pages.get("/welcome")
    def welcome() -> str:
        path = next(iter(house.curricula), None)
        return render_template(
            "web/welcome.html",
            path=path,
            speech=spoken(path, visitors_language(house.config)) if path else "",
            region=chosen_region(house.config)[1],
            service=house.config.service.url,
        )

    @pages.get("/path/<curriculum>/<milestone>")
    def landing(curriculum: str, milestone: str) -> str:
        return _landing(house, curriculum, milestone)

    return pages


def _landing(house: Collaborators, curriculum: str, milestone: str) -> str:
    path, step = find_step(house, curriculum, milestone)
    here, region = chosen_region(house.config)
    parts = [
        (part, [(lesson(path, step, each), each) for each in part.activities])
        for part in step.course.sections
    ]
    return render_template(
        "web/landing.html",
        path=path,
        step=step,
        place=path.milestones.index(step) + 1,
        after=following(path, step),
        speech=spoken(path, visitors_language(house.config)),
        course=course(house.config, path, step),
        first=next(iter(lessons(path, step)), None),
        parts=parts,
        regions=house.config.regions,
        region_key=here,
        region=region,
    )


def _counts(house: Collaborators, snapshot: Snapshot) -> dict[tuple[str, str], str]:
    """A sentence for each milestone; none until people were counted for the first time."""
    if snapshot.counted_at is None:
        return {}
    return {
        (curriculum.key, milestone.key): reached(
            snapshot.awards.get((curriculum.key, milestone.key), 0)
        )
        for curriculum in house.curricula
        for milestone in curriculum.milestones
    }


def _state(house: Collaborators, snapshot: Snapshot) -> State:
    age = snapshot.age(house.now())
    if snapshot.pull_failed:
        kind = "failed"
    elif age is None:
        kind = "never"
    else:
        kind = "late" if age > patience(house) else "fine"
    return State(
        kind=kind,
        checked=ago(age),
        checked_at=snapshot.pulled_at,
        waiting=snapshot.in_state("owed"),
        stuck=snapshot.in_state("failed"),
    )
