"""Pages of a quiz: its attempts and best grade, a new attempt, the preview."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from flask import Response, redirect, render_template, request, session

from bridge.moodle.sandbox.database import get
from bridge.moodle.sandbox.events import best_grade, passes
from bridge.moodle.sandbox.pages.form_fields import read
from bridge.moodle.sandbox.pages.request_context import (
    PageRequest,
    open_activity,
    page,
    requested_id,
)
from bridge.moodle.sandbox.quiz import attempts
from bridge.moodle.sandbox.quiz.attempts import RenderedQuestion


@page("/mod/quiz/view.php")
def quiz(visit: PageRequest) -> str:
    """Attempts and best grade so far, and the button for the next attempt."""
    activity = open_activity(visit, "quiz", requested_id("id"))
    userid = visit.user["id"] if visit.user else 0
    best = best_grade(visit.db, activity["cmid"], userid)
    return render_template(
        "quiz.html",
        activity=activity,
        course=get(visit.db, "course", activity["courseid"]),
        attempts=attempts.attempts(visit.db, activity["cmid"], userid),
        best=best,
        passed=best is not None and passes(activity, best),
        count=len(attempts.questions(visit.db, activity["cmid"])),
    )


@page("/mod/quiz/startattempt.php", "POST")
def start(visit: PageRequest) -> Response | str:
    """Start an attempt, or continue the open one."""
    activity = open_activity(visit, "quiz", requested_id("id"))
    learner, language = visit.learner["id"], str(session["lang"])
    attempt = attempts.begin(visit.db, activity["cmid"], learner, visit.now, language)
    answer: Response = redirect(f"/mod/quiz/attempt.php?attempt={attempt['id']}", 303)  # type: ignore[assignment]
    return answer


@page("/mod/quiz/preview.php")
def trial(visit: PageRequest) -> str:
    """The questions, to try without saving anything."""
    activity = open_activity(visit, "quiz", requested_id("id"))
    return _render(visit, "attempt.html", activity, _preview_questions(visit, activity))


@page("/mod/quiz/preview.php", "POST")
def trial_result(visit: PageRequest) -> str:
    """The result of a trial; nothing is saved."""
    activity = open_activity(visit, "quiz", requested_id("id"))
    given = read(request.form)
    questions = [
        replace(q, response=given.get(q.slot, {})) for q in _preview_questions(visit, activity)
    ]
    grade = attempts.grade(questions)
    return _render(
        visit, "review.html", activity, questions, grade=grade, passed=passes(activity, grade)
    )


def _preview_questions(visit: PageRequest, activity: sqlite3.Row) -> list[RenderedQuestion]:
    keys = attempts.questions(visit.db, activity["cmid"])
    seed = f"preview:{activity['cmid']}"
    return attempts.render_questions(visit.db, keys, seed, {}, str(session["lang"]))


def _render(
    visit: PageRequest,
    template: str,
    activity: sqlite3.Row,
    questions: list[RenderedQuestion],
    **more: object,
) -> str:
    course = get(visit.db, "course", activity["courseid"])
    return render_template(
        template, activity=activity, course=course, questions=questions, attempt=None, **more
    )
