"""For everybody: the path, how many have come how far, and how fresh that knowledge is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, render_template, request
from flask.wrappers import Response

from bridge.config import Config
from bridge.curriculum.markdown import to_html
from bridge.curriculum.model import Curriculum, Text
from bridge.web.collaborators import Collaborators
from bridge.web.health import patience
from bridge.web.snapshot import Snapshot, take
from bridge.web.words import WORDS, ago, reached


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone as the page shows it; `summary` is safe HTML."""

    title: str
    summary: str
    audience: str
    access: str
    expectations: tuple[str, ...]
    reached: str


@dataclass(frozen=True, slots=True)
class Path:
    """One curriculum as the page shows it, in the `language` it is shown in."""

    key: str
    language: str
    title: str
    summary: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class State:
    """How fresh the page is: `kind` is fine, late, failed or never."""

    kind: str
    checked: str
    checked_at: datetime | None
    waiting: int
    stuck: int


def blueprint(house: Collaborators) -> Blueprint:
    """`/`."""
    pages = Blueprint("public", __name__)

    @pages.get("/")
    def home() -> Response:
        language = visitors_language(house.config)
        snapshot = take(house.database)
        paths = [_path(curriculum, snapshot, language) for curriculum in house.curricula]
        state = _state(house, snapshot, language)
        return make_response(render_template("web/home.html", paths=paths, state=state))

    return pages


def visitors_language(config: Config) -> str:
    """The language the browser asks for, if the pages speak it; else the configured one."""
    wanted = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality)
    return next((language for language in wanted if language in WORDS), config.language)


def _path(curriculum: Curriculum, snapshot: Snapshot, language: str) -> Path:
    spoken = language if language in curriculum.languages else curriculum.languages[0]
    words = WORDS[language]

    def html(text: Text) -> str:
        return to_html(text.pick(spoken))

    steps = tuple(
        Step(
            title=milestone.title.pick(spoken),
            summary=html(milestone.summary),
            audience=words[milestone.audience],
            access=words[milestone.access],
            expectations=tuple(each.pick(spoken) for each in milestone.expectations),
            reached=reached(words, snapshot.awards.get((curriculum.key, milestone.key), 0)),
        )
        for milestone in curriculum.milestones
    )
    title = curriculum.title.pick(spoken)
    return Path(curriculum.key, spoken, title, html(curriculum.summary), steps)


def _state(house: Collaborators, snapshot: Snapshot, language: str) -> State:
    age = snapshot.age(house.now())
    if snapshot.pull_failed:
        kind = "failed"
    elif age is None:
        kind = "never"
    else:
        kind = "late" if age > patience(house) else "fine"
    return State(
        kind=kind,
        checked=ago(WORDS[language], age),
        checked_at=snapshot.pulled_at,
        waiting=snapshot.in_state("owed"),
        stuck=snapshot.in_state("failed"),
    )
