"""`/me`: where a member stands, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.model import Curriculum
from bridge.store import course_modules, rechecks, standing
from bridge.store.course_modules import Key
from bridge.store.standing import Standing
from bridge.web.collaborators import Collaborators
from bridge.web.identity import for_members, visitor
from bridge.web.language import visitors_language
from bridge.web.me import freshness
from bridge.web.me.action import Action, course, next_action
from bridge.web.me.steps import Step, steps


@dataclass(frozen=True, slots=True)
class Path:
    """A curriculum as the member sees it. `speech`: the language its texts are shown in.

    `courses`: address in Moodle by milestone.
    """

    curriculum: Curriculum
    speech: str
    steps: Sequence[Step]
    action: Action | None
    courses: dict[str, str]

    @property
    def reached(self) -> int:
        return sum(step.state == "done" for step in self.steps)


def furnish(pages: Blueprint, house: Collaborators) -> None:
    """Add `/me` and `/me/check`."""

    @pages.get("/me")
    @for_members
    def path() -> str:
        language = visitors_language(house.config)
        with house.database.reading() as session:
            mine = standing.read(session, visitor().member_id or 0)
            fresh = freshness.read(session, visitor().member_id or 0, house.now())
            cmids = course_modules.known(session)
        if mine is None:
            raise NotFound
        paths = [_path(house, each, mine, language, cmids) for each in house.curricula]
        return render_template("web/me/path.html", paths=paths, fresh=fresh)

    @pages.post("/me/check")
    @house.limiter.limit("3 per minute; 30 per hour", key_func=_who)
    @for_members
    def check() -> Answer:
        with house.database.transaction() as session:
            rechecks.ask(session, visitor().member_id or 0, house.now())
        for job in ("recheck", "pull"):
            house.wake(job)
        return redirect(url_for("me.path") + "#fresh", 303)


def _who() -> str:
    """Whose limit it is: a member's, or that of all strangers together."""
    return f"member {visitor().member_id}"


def _path(
    house: Collaborators,
    curriculum: Curriculum,
    mine: Standing,
    language: str,
    cmids: Mapping[Key, int],
) -> Path:
    speech = language if language in curriculum.languages else curriculum.languages[0]
    taken = steps(curriculum, mine, speech)
    return Path(
        curriculum=curriculum,
        speech=speech,
        steps=taken,
        action=next_action(house.config, curriculum, taken, mine.region, cmids),
        courses={m.key: course(house.config, curriculum, m) for m in curriculum.milestones},
    )
