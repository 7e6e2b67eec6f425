"""For everybody: the path, its steps, how many have come how far, and how fresh that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, make_response, render_template
from flask.wrappers import Response
from werkzeug.exceptions import NotFound

from bridge.config import Config
from bridge.curriculum.model import Curriculum, Milestone, idnumber
from bridge.web.collaborators import Collaborators
from bridge.web.health import patience
from bridge.web.language import visitors_language
from bridge.web.snapshot import Snapshot, take
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
    """`/`, and a landing page for each milestone, which mails lead to."""
    pages = Blueprint("public", __name__)

    @pages.get("/")
    def home() -> Response:
        language = visitors_language(house.config)
        snapshot = take(house.database)
        paths = [(each, spoken(each, language)) for each in house.curricula]
        counts = _counts(house, snapshot)
        state = _state(house, snapshot)
        page = render_template("web/home.html", paths=paths, counts=counts, state=state)
        return make_response(page)

    @pages.get("/path/<curriculum>/<milestone>")
    def landing(curriculum: str, milestone: str) -> Response:
        path, step = _find(house, curriculum, milestone)
        page = render_template(
            "web/landing.html",
            path=path,
            step=step,
            speech=spoken(path, visitors_language(house.config)),
            course=_course(house.config, path, step),
            regions=[
                each for each in house.config.regions.values() if each.director or each.contacts
            ],
        )
        return make_response(page)

    return pages


def spoken(curriculum: Curriculum, language: str) -> str:
    """`language` if the curriculum is written in it, else the curriculum's own."""
    return language if language in curriculum.languages else curriculum.languages[0]


def _find(house: Collaborators, curriculum: str, milestone: str) -> tuple[Curriculum, Milestone]:
    """By key, or by the key it had when the mail was written; answers 404 without one."""
    for path in house.curricula:
        for step in path.milestones if path.key == curriculum else ():
            if milestone in (step.key, step.previously):
                return path, step
    raise NotFound


def _course(config: Config, curriculum: Curriculum, milestone: Milestone) -> str:
    """The course in Moodle, which finds it by its idnumber."""
    wanted = quote(idnumber(curriculum.key, milestone.key), safe="")
    return f"{config.site.url}/course/view.php?idnumber={wanted}"


def _counts(house: Collaborators, snapshot: Snapshot) -> dict[tuple[str, str], str]:
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
