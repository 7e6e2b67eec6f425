"""Members with long names and years of history: sample data for everything that pages show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum, idnumber
from bridge.foundations.forms import submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from bridge.member_records import MemberRecord
from bridge.store.accounts import questions as account_questions
from bridge.store.curricula import file_versions
from bridge.store.database import Database
from bridge.store.delivery import deliveries, outbox
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.learning import awards
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.enrolments import request_enrolments
from bridge.store.learning.signoffs import record_signoff
from bridge.store.members import contact_requests, number_questions
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.members.number_questions import NewNumberQuestion
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import audit_log, runs
from bridge.store.statistics import first_attempts, quiz_statistics
from bridge.store.statistics.first_attempts import FirstAttemptRecord, save_first_attempts
from bridge.store.statistics.quiz_statistics import QuestionCount
from bridge.workflows.quiz_statistics import pass_marks
from bridge.workflows.statistics import update_statistics

LONG = MemberRecord(
    "NORTH-0000-1234-5678",
    "maximilienne-theodora.vandenberghe-oppenheimer@mail.union.example",
    "Maximilienne-Théodora",
    "Vandenberghe-Oppenheimer Featherstonehaugh",
    region="north",
    language="fr",
    role="steward",
)
EDITOR = "committee@union.example"
OWNER, LEASE = "test", timedelta(minutes=1)
FIRST = ("Kim", "Robin", "Alex", "Noor", "Inès", "Sam", "Jo", "Toni", "Ariel")
LAST = ("Birch", "Cedar", "Dale", "Elm", "Fern", "Grove", "Hazel", "Larch")
REGIONS = ("north", "south")
SHARES = (75, 48, 30, 18, 9, 4)
"""How many of a hundred members have reached each milestone."""
WEEK = timedelta(weeks=1)
MOST = 120
"""More members than fit on one page of the list."""
FILLED_IN = {
    "topic": ["Unvorhergesehenes und Betriebsvereinbarungsverhandlungen"],
    "why": ["Two cases last year.\n\nhttps://union.example/" + "a-long-address" * 10],
    "format": ["online"],
    "days": ["monday", "saturday"],
    "taught-before": ["no"],
    "from": ["2027-03-01"],
    "hours": ["2.5"],
    "rules": ["agreed"],
}
"""Answers to the form in forms.yaml."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """`member`: LONG's id; `path`: the curriculum; `version`: the name of a kept copy of `file`."""

    member: int
    path: Curriculum
    version: str
    file: str = "new-member.yaml"


def settle(database: Database, path: Curriculum, clock: Callable[[], datetime]) -> Crowd:
    """Fill an empty store and count the statistics."""
    now = clock()
    with database.transaction() as session:
        ids = [_join(session, LONG, now)]
        ids += [_join(session, _other(n), now - n % 40 * WEEK) for n in range(1, MOST)]
        for n, one in enumerate(ids):
            request_enrolments(
                session, [(one, path.key, path.milestones[0].key)], now - n % 40 * WEEK
            )
        _learn(session, ids, path, now)
        _try(session, ids, path, now)
        _owe(session, ids[:3], idnumber(path.key, path.milestones[0].key), now)
        _doubt(session, ids, now)
        _write(session, ids[0], path, now)
        _send_form(session, ids[0], path, now)
        pull = runs.start_run(session, "pull", "test", now)
        runs.finish_run(session, pull, True, {}, now)
        text = "milestone: new-member\n"
        file_versions.save_version(session, path.key, "once-there.yaml", text, "Old", EDITOR, now)
        copy = file_versions.save_version(
            session, path.key, "new-member.yaml", text, "Old", EDITOR, now
        )
    update_statistics(database, [path], clock)
    return Crowd(ids[0], path, f"copy-{copy}")


def _other(n: int) -> MemberRecord:
    first, last = FIRST[n % len(FIRST)], LAST[n * 3 % len(LAST)]
    region = REGIONS[n * 7 % 10 % len(REGIONS)]
    role = "steward" if n % 9 == 0 else ""
    email = f"member.{n}@union.example"
    return MemberRecord(f"{4000 + n}", email, first, last, region=region, language="en", role=role)


def _join(session: Session, record: MemberRecord, at: datetime) -> int:
    [one] = upsert_members(session, [record], at).ids
    assert one is not None
    return one


def _learn(session: Session, ids: Sequence[int], path: Curriculum, now: datetime) -> None:
    """The first member is at the second milestone; fewer of the others reach each further one."""
    first, second = path.milestones[:2]
    for place, activity in enumerate((*first.course.activities, *second.course.activities)):
        grade = 100.0 - 50 * (place % 2)
        done = CompletionRecord(ids[0], path.key, activity.key, grade > 70, grade, now)
        upsert_completions(session, [done])
    note = "A long evening, well led, with forty people in the room."
    record_signoff(session, ids[0], path.key, "helped-with-event", "Théodora", note, "chair", now)
    proof: dict[str, object] = {"activities": [each.key for each in first.course.quizzes]}
    for place, one in enumerate(ids):
        reached = sum(place * 7 % 100 < share for share in SHARES) if place else 1
        earned = [
            AwardRecord(one, path.key, step.key, path.revision, proof, now - place * 3 % 30 * WEEK)
            for step in path.milestones[:reached]
        ]
        awards.grant(session, earned)


def _try(session: Session, ids: Sequence[int], path: Curriculum, now: datetime) -> None:
    """First attempts at every quiz, some failed, with results for each question."""
    quizzes = [quiz for milestone in path.milestones for quiz in milestone.course.quizzes]
    tries = [
        FirstAttemptRecord(one, path.key, quiz.key, 100.0 * (n % (2 + place) > 0), now, n)
        for place, quiz in enumerate(quizzes)
        for n, one in enumerate(ids)
    ]
    for start in range(0, len(tries), 1000):
        save_first_attempts(session, tries[start : start + 1000])
    year, lately = now - timedelta(days=365), now - timedelta(weeks=12)
    counted = first_attempts.count_first_attempts(session, pass_marks([path]), year, lately)
    quiz_statistics.save_quizzes(session, counted, now)
    asked = [
        QuestionCount(path.key, quiz.key, question.key, 60, 9 * n % 40, n % 3)
        for quiz in quizzes[1:]
        for n, question in enumerate(quiz.questions)
    ]
    quiz_statistics.save_questions(session, asked, now)


def _owe(session: Session, ids: Sequence[int], target: str, now: datetime) -> None:
    """Refused emails, and badges that wait for a setting."""
    owed = [DeliveryRecord(one, kind, target, {}) for one in ids for kind in ("mail", "badge")]
    deliveries.enqueue(session, owed, now)
    for one in deliveries.claim(session, "mail", OWNER, now, LEASE, len(ids)):
        deliveries.mark_failed(
            session, one.id, OWNER, "550 5.1.1 <no-such-mailbox> is unknown here"
        )
    for one in deliveries.claim(session, "badge", OWNER, now, LEASE, len(ids)):
        deliveries.retry_later(session, one.id, OWNER, "badges are off", now, "configuration")
    outbox.enqueue(session, "sign-in", "kim@union.example", "en", {"link": "", "minutes": 15}, now)
    for letter in outbox.claim(session, OWNER, now, LEASE, 1):
        outbox.mark_failed(session, letter.id, OWNER, "550 5.1.1 <no-such-mailbox> is unknown here")


def _doubt(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Account questions, one of them answered, and a number question."""
    why, number = account_questions.NUMBER_FROM_MOODLE, LONG.number or ""
    asked = [
        account_questions.NewQuestion(one, 900 + n, why, "k.birch@elsewhere.example", number)
        for n, one in enumerate(ids[:4])
    ]
    account_questions.add_questions(session, asked, now)
    *_, last = account_questions.open_questions(session, len(asked))
    account_questions.answer(session, [last.id], "different", EDITOR, now)
    number_questions.add_questions(
        session,
        [
            NewNumberQuestion(
                ids[0], f"00{LONG.number}", number_questions.SPELLING, "k.birch@elsewhere.example",
                LONG.first_name, LONG.last_name, "csv",
            )
        ],
        now,
    )  # fmt: skip


def _write(session: Session, member: int, path: Curriculum, now: datetime) -> None:
    about = f"{path.key}:{path.milestones[0].key}"
    words = "Whom do I ask about overtime?\nI work nights."
    asked = ContactMessage("Kim", "kim@union.example", "+1 555 0100", "north", about, words, "en")
    contact_requests.add_request(session, asked, now)
    contact_requests.handle(
        session, contact_requests.add_request(session, asked, now), None, EDITOR, now
    )
    role = {"role": "steward", "since": "2026-01-31"}
    audit_log.write(session, EDITOR, "role", member, {"role": ""}, role, now)
    file = {"file": "a-path/new-member.yaml", "sha256": "0" * 64}
    audit_log.write(session, EDITOR, "curriculum", None, file, {**file, "note": "Words"}, now)
    seen = {"list": "members", "region": "north", "milestone": about, "searched": False}
    audit_log.write(session, EDITOR, "listed", None, {}, seen, now)
    walk = {"curriculum": path.key, "requirement": "helped-with-event", "count": 23}
    audit_log.write(session, EDITOR, "sign-offs", None, {}, walk, now)
    moved, to = {"region": "south"}, {"region": "north"}
    audit_log.write(session, f"member:{member}", "member", member, moved, to, now)
    failed = {"state": "failed", "reason": "never", "attempts": 3}
    again = {"delivery": 1, "kind": "notice", "target": "north", "state": "owed"}
    audit_log.write(session, EDITOR, "retry", member, failed, again, now)


def _send_form(session: Session, member: int, path: Curriculum, now: datetime) -> None:
    """Send a form that is no longer offered, withdraw it, and send it again."""
    place = FormPlace(Owner(member), (f"{path.key}/no-longer-offered",))
    for token in ("the-first-token-of-this", "the-second-token-of-this"):
        sent = submissions.submit(session, place, path.forms[0], FILLED_IN, token, now)
        if token.startswith("the-first"):
            submissions.withdraw(session, sent, Owner(member), now)
