"""Quiz attempts: start, answer, finish. No time limit, unlimited attempts, the best one counts."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from bridge.curriculum.question_types.question import FormField, Marking, Question
from bridge.moodle.sandbox.database import get, insert, rows, update
from bridge.moodle.sandbox.events import attempt_finished
from bridge.moodle.sandbox.quiz.responses import MoodleResponse, from_moodle
from bridge.moodle.sandbox.quiz.stored_questions import restore, with_addresses

FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class RenderedQuestion:
    """One question of an attempt: its version, and the response so far."""

    slot: int
    questionid: int
    question: Question
    seed: str
    response: MoodleResponse
    language: str = "en"
    """The learner's when the attempt began: Moodle reads numbers in it."""

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The fields of its form."""
        return self.question.form(self.seed)

    @property
    def marking(self) -> Marking:
        """The response, marked as in Moodle's deferred feedback: without penalties."""
        response = from_moodle(self.fields, self.response)
        return self.question.mark(response, self.seed, language=self.language)

    @property
    def fraction(self) -> float:
        """The mark of the response, from 0.0 to 1.0."""
        return self.marking.fraction


def attempts(db: sqlite3.Connection, cmid: int, userid: int) -> list[sqlite3.Row]:
    """All attempts of one user at one quiz, oldest first."""
    sql = "SELECT * FROM attempt WHERE cmid = ? AND userid = ? ORDER BY number"
    return rows(db, sql, cmid, userid)


def begin(
    db: sqlite3.Connection, cmid: int, userid: int, now: int, language: str = ""
) -> sqlite3.Row:
    """Start an attempt with the latest versions, or return the open one.

    `language`: in which the learner sees the site; if empty, that of their profile.
    """
    before = attempts(db, cmid, userid)
    for attempt in before:
        if attempt["state"] != FINISHED:
            return attempt
    learner = get(db, "user", userid)
    key = insert(
        db,
        "attempt",
        cmid=cmid,
        userid=userid,
        number=len(before) + 1,
        timestart=now,
        questions=json.dumps(questions(db, cmid)),
        lang=language or (learner["lang"] if learner else "en"),
    )
    return _attempt(db, key)


_LATEST = (
    "SELECT max(version), question.id FROM slot JOIN question ON question.entryid = slot.entryid"
    " WHERE cmid = ? GROUP BY slot ORDER BY slot"
)


def questions(db: sqlite3.Connection, cmid: int) -> list[int]:
    """The latest versions of a quiz's questions, in order."""
    return [row["id"] for row in rows(db, _LATEST, cmid)]


def attempt_questions(db: sqlite3.Connection, attempt: sqlite3.Row) -> list[RenderedQuestion]:
    """The questions of an attempt, in order, with the responses so far."""
    responses, keys = json.loads(attempt["responses"]), json.loads(attempt["questions"])
    return render_questions(db, keys, str(attempt["id"]), responses, attempt["lang"])


def render_questions(
    db: sqlite3.Connection,
    keys: list[int],
    seed: str,
    responses: dict[str, MoodleResponse],
    language: str,
) -> list[RenderedQuestion]:
    """The questions with these ids; the order of their answers depends only on `seed`."""
    found = []
    for slot, key in enumerate(keys, 1):
        row = get(db, "question", key)
        if row is not None:
            question = restore(with_addresses(row["definition"], row["id"]))
            response = responses.get(str(slot), {})
            own = f"{seed}:{slot}"
            found.append(RenderedQuestion(slot, key, question, own, response, language))
    return found


def grade(questions: list[RenderedQuestion]) -> float:
    """The grade in per cent, to five decimals as in Moodle; all questions have the same weight."""
    return round(100 * sum(q.fraction for q in questions) / max(1, len(questions)), 5)


def answer(
    db: sqlite3.Connection, attempt: sqlite3.Row, responses: dict[int, MoodleResponse]
) -> None:
    """Save the responses; other slots keep theirs."""
    kept = json.loads(attempt["responses"])
    kept |= {str(slot): response for slot, response in responses.items()}
    update(db, "attempt", attempt["id"], {"responses": json.dumps(kept)})


def finish(db: sqlite3.Connection, key: int, now: int) -> sqlite3.Row:
    """Mark the attempt, save its grade in per cent, and report it to the feed."""
    attempt = _attempt(db, key)
    result = grade(attempt_questions(db, attempt))
    ended = {"state": FINISHED, "timefinish": now, "grade": result}
    update(db, "attempt", key, ended)
    attempt = _attempt(db, key)
    activity = get(db, "activity", attempt["cmid"], by="cmid")
    if activity is not None:
        attempt_finished(db, activity, attempt, now)
    return attempt


def _attempt(db: sqlite3.Connection, key: int) -> sqlite3.Row:
    attempt = get(db, "attempt", key)
    if attempt is None:
        raise LookupError(key)
    return attempt
