"""A simulated learner who takes quizzes, for the demo and tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bridge.moodle.sandbox.database import Database, get
from bridge.moodle.sandbox.quiz import attempts
from bridge.moodle.sandbox.quiz.attempts import RenderedQuestion
from bridge.moodle.sandbox.quiz.responses import MoodleResponse, to_moodle


def take_quiz(
    state: Path, quiz: str, userid: int, now: Callable[[], float], *, unknown: int = 0
) -> float:
    """Take the quiz with this idnumber. The first `unknown` questions are left unanswered, all
    others are answered correctly. Return the grade in per cent.

    Raises LookupError if there is no such quiz.
    """
    with Database(state).transaction() as db:
        activity = get(db, "activity", quiz, by="idnumber")
        if activity is None:
            raise LookupError(quiz)
        attempt = attempts.begin(db, activity["cmid"], userid, int(now()))
        questions = attempts.attempt_questions(db, attempt)
        known = questions[unknown:]
        attempts.answer(db, attempt, {one.slot: right_response(one) for one in known})
        return float(attempts.finish(db, attempt["id"], int(now()))["grade"])


def right_response(question: RenderedQuestion) -> MoodleResponse:
    """The form fields of the correct answer to a question."""
    return to_moodle(question.fields, question.question.right_response(question.seed))
