"""Taking a quiz, and looking back at it."""

from __future__ import annotations

import sqlite3

from flask import Response, redirect, render_template, request

from bridge.moodle.sandbox.database import get
from bridge.moodle.sandbox.events import passes
from bridge.moodle.sandbox.pages.form_fields import read
from bridge.moodle.sandbox.pages.request_context import (
    PageRequest,
    open_activity,
    page,
    refuse,
    wanted,
)
from bridge.moodle.sandbox.quiz import attempts


@page("/mod/quiz/attempt.php")
def attempt(visit: PageRequest) -> Response | str:
    """The questions. There is no clock: one may leave and come back at any time."""
    activity, found = _own(visit)
    if found["state"] == attempts.FINISHED:
        return _to(found, "review")
    return _render(visit, "attempt.html", activity, found)


@page("/mod/quiz/attempt.php", "POST")
def answer(visit: PageRequest) -> Response | str:
    """Keep the answers; finish unless they are only to be kept."""
    _, found = _own(visit)
    if found["state"] != attempts.FINISHED:
        attempts.answer(visit.db, found, read(request.form))
        if "keep" in request.form:
            return _to(found, "attempt")
        attempts.finish(visit.db, found["id"], visit.now)
    return _to(found, "review")


@page("/mod/quiz/review.php")
def review(visit: PageRequest) -> Response | str:
    """Each question with what was answered, what is right, and the feedback."""
    activity, found = _own(visit)
    if found["state"] != attempts.FINISHED:
        return _to(found, "attempt")
    passed = passes(activity, found["grade"])
    return _render(visit, "review.html", activity, found, grade=found["grade"], passed=passed)


def _own(visit: PageRequest) -> tuple[sqlite3.Row, sqlite3.Row]:
    found = get(visit.db, "attempt", wanted("attempt"))
    if found is None or found["userid"] != visit.learner["id"]:
        refuse(404, "You have no such attempt.")
    return open_activity(visit, "quiz", found["cmid"]), found


def _to(found: sqlite3.Row, where: str) -> Response:
    place = f"/mod/quiz/{where}.php?attempt={found['id']}"
    answer: Response = redirect(place, 303)  # type: ignore[assignment]
    return answer


def _render(
    visit: PageRequest, template: str, activity: sqlite3.Row, found: sqlite3.Row, **more: object
) -> str:
    return render_template(
        template,
        activity=activity,
        course=get(visit.db, "course", activity["courseid"]),
        attempt=found,
        asked=attempts.asked(visit.db, found),
        **more,
    )
