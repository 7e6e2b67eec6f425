"""Pages of an attempt: questions and review."""

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
    requested_id,
)
from bridge.moodle.sandbox.quiz import attempts


@page("/mod/quiz/attempt.php")
def attempt(visit: PageRequest) -> Response | str:
    """The questions. There is no time limit: learners may leave and come back at any time."""
    activity, found = _own_attempt(visit)
    if found["state"] == attempts.FINISHED:
        return _redirect_to(found, "review")
    return _render(visit, "attempt.html", activity, found)


@page("/mod/quiz/attempt.php", "POST")
def answer(visit: PageRequest) -> Response | str:
    """Save the answers; finish unless the learner only saves them."""
    _, found = _own_attempt(visit)
    if found["state"] != attempts.FINISHED:
        attempts.answer(visit.db, found, read(request.form))
        if "keep" in request.form:
            return _redirect_to(found, "attempt")
        attempts.finish(visit.db, found["id"], visit.now)
    return _redirect_to(found, "review")


@page("/mod/quiz/review.php")
def review(visit: PageRequest) -> Response | str:
    """Each question with the response, the correct answers and the feedback."""
    activity, found = _own_attempt(visit)
    if found["state"] != attempts.FINISHED:
        return _redirect_to(found, "attempt")
    passed = passes(activity, found["grade"])
    return _render(visit, "review.html", activity, found, grade=found["grade"], passed=passed)


def _own_attempt(visit: PageRequest) -> tuple[sqlite3.Row, sqlite3.Row]:
    found = get(visit.db, "attempt", requested_id("attempt"))
    if found is None or found["userid"] != visit.learner["id"]:
        refuse(404, "You have no such attempt.")
    return open_activity(visit, "quiz", found["cmid"]), found


def _redirect_to(found: sqlite3.Row, where: str) -> Response:
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
        questions=attempts.attempt_questions(visit.db, found),
        **more,
    )
