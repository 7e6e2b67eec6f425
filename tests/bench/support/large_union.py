"""Fills our database with a large union that has used Stewardpath for years. Always the same.

Members joined one after the other over three years, and the first ones have got furthest. Three in
a hundred live in a small region.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice, product

from sqlalchemy import JSON, Select, String, case, cast, insert, literal, null, select
from sqlalchemy.orm import aliased

from bridge.curriculum.model import Curriculum, idnumber
from bridge.store.database import Database
from bridge.store.members.matching import email_key, name_key
from bridge.store.operations import runs
from bridge.store.tables.accounts import AccountQuestion, MoodleDifference
from bridge.store.tables.base import Base
from bridge.store.tables.delivery import Delivery, OutboxEmail
from bridge.store.tables.learning import Award, Completion, Enrolment
from bridge.store.tables.members import ContactRequest, Member, MemberRole
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import Person
from tests.bench.support.large_union_sessions import fill_sessions
from tests.bench.support.stored_members import INSERT_BATCH_SIZE, batches

YEARS = timedelta(days=3 * 365)
SHARES = (0.95, 0.80, 0.60, 0.40, 0.20, 0.05)
"""Share of members that have reached each milestone: 300,000 awards for 100,000 members."""
REGIONS = ("north", "east", "south", "west", "coast", "island")
BOUNDS = (40, 65, 80, 90, 97, 100)
"""Upper bound of each region in a hundred members."""
SYLLABLES = ("ba", "do", "ka", "li", "mo", "na", "pe", "ro", "sa", "tu", "vé", "zi")
NAMES = tuple("".join(each).title() for each in product(SYLLABLES, repeat=3))
KINDS = ("cohort", "competency", "message", "mail", "badge")
REFUSED = 2_000
"""Members with a failed delivery for the last milestone."""


def fill(
    database: Database, path: Curriculum, members: int, now: datetime, *, sessions: bool = True
) -> None:
    """Store the members with all their completions, awards and deliveries in an empty database.

    `sessions`: also the live sessions, and who took part.
    """
    for batch in batches(
        (_member(n, members, now) for n in range(1, members + 1)), INSERT_BATCH_SIZE
    ):
        with database.transaction() as session:
            session.execute(insert(Member), batch)
    for table, names, rows in _rest(path, members, now):
        with database.transaction() as session:
            session.execute(insert(table).from_select(names, rows))
    if sessions:
        fill_sessions(database, path, members, now)
    with database.transaction() as session:
        run = runs.start_run(session, "pull", "bench", now)
        runs.finish_run(session, run, True, {}, now)


def region(n: int) -> str:
    """The member's region."""
    return next(
        name for name, bound in zip(REGIONS, BOUNDS, strict=True) if (n * 7919) % 100 < bound
    )


def _member(n: int, members: int, now: datetime) -> dict[str, object]:
    first, last = NAMES[(n * 31) % len(NAMES)], NAMES[(n * 977 + n // 1728) % len(NAMES)]
    joined = now - YEARS + YEARS * (n / (members + 1))
    return {
        "id": n, "number": f"M{n:07}", "email": f"m{n}@union.example",
        "email_key": email_key(f"m{n}@union.example"), "first_name": first, "last_name": last,
        "first_key": name_key(first), "last_key": name_key(last),
        "region": region(n), "language": "en", "moodle_user_id": n + 10, "source": "csv",
        "created_at": joined, "updated_at": joined,
    }  # fmt: skip


Rows = tuple[type[Base], Sequence[str], Select[tuple[object, ...]]]


def _rest(path: Curriculum, members: int, now: datetime) -> Iterator[Rows]:
    reached = [0, *(int(members * share) for share in SHARES)]
    completed: set[str] = set()
    for place, milestone in enumerate(path.milestones):
        people = reached[place + 1]
        yield _enrolments(path, milestone.key, reached[place] or members, people, members, place)
        yield _awards(path, milestone.key, people, members, place)
        for activity in islice(milestone.course.activities, 4):
            if activity.key not in completed:
                yield _completions(path, activity.key, people, members, place)
        completed |= {each.key for each in milestone.course.activities}
        target = idnumber(path.key, milestone.key)
        for kind in KINDS:
            yield _deliveries(kind, target, people)
        yield _deliveries("enrol", target, reached[place] or members)
    yield _deliveries("welcome", "welcome", members)
    yield _failed(path, members)
    yield _stewards()
    yield from _written(members, now)


def _columns(table: type[Base]) -> list[str]:
    """Its columns without the id that it gives itself."""
    return [each.name for each in table.__table__.columns if each.name != "id"]


def _moment(members: int, place: int) -> tuple[type[Member], object]:
    """Some time within the three years: when another member joined."""
    other = aliased(Member)
    return other, other.id == (Member.id * 37 + place * 9_001) % members + 1


def _stewards() -> Rows:
    """Every fortieth member is a steward."""
    columns = ["member_id", "role", "region", "unit", "program", "source"]
    texts = (literal(text) for text in ("steward", "", "", "", "csv"))
    return MemberRole, columns, select(Member.id, *texts).where(Member.id % 40 == 0)


def _enrolments(
    path: Curriculum, milestone: str, people: int, earned: int, members: int, place: int
) -> Rows:
    other, at = _moment(members, place)
    earned_at = case((Member.id <= earned, other.created_at))
    rows = select(
        Member.id, literal(path.key), literal(milestone), other.created_at, other.created_at,
        earned_at,
    )  # fmt: skip
    return Enrolment, _columns(Enrolment), rows.join(other, at).where(Member.id <= people)


def _awards(path: Curriculum, milestone: str, people: int, members: int, place: int) -> Rows:
    other, at = _moment(members, place + 3)
    evidence = literal({"activities": ["a-quiz"], "signoffs": [], "role": []}, JSON)
    rows = select(
        Member.id, literal(path.key), literal(milestone), literal("0" * 64), evidence,
        other.created_at,
    )  # fmt: skip
    return Award, _columns(Award)[:6], rows.join(other, at).where(Member.id <= people)


def _completions(path: Curriculum, activity: str, people: int, members: int, place: int) -> Rows:
    other, at = _moment(members, place + 5)
    rows = select(
        Member.id, literal(path.key), literal(activity), literal(True), literal(90.0),
        other.created_at, Member.id,
    )  # fmt: skip
    return Completion, _columns(Completion), rows.join(other, at).where(Member.id <= people)


def _delivery(kind: str, target: str, state: str, reason: str) -> Select[tuple[object, ...]]:
    error = "The server refused it." if reason else ""
    return select(
        Member.id, null(), literal(kind), literal(target), literal({}, JSON), literal(state),
        literal(reason), literal(1), literal(0), Member.created_at, null(), literal(""),
        literal(error), Member.created_at, Member.created_at, null(), null(),
    )  # fmt: skip


def _deliveries(kind: str, target: str, people: int) -> Rows:
    rows = _delivery(kind, target, "done", "").where(Member.id <= people)
    return Delivery, _columns(Delivery), rows


def _failed(path: Curriculum, members: int) -> Rows:
    target = idnumber(path.key, path.milestones[-1].key)
    rows = _delivery("again", target, "failed", "never")
    return Delivery, _columns(Delivery), rows.where(Member.id > members - REFUSED)


def _written(members: int, now: datetime) -> Iterator[Rows]:
    """The audit log, and what people wrote."""
    changed, email = literal({"region": "north"}, JSON), cast(Member.email, String)
    for action, who in (("member", "csv"), ("looked", "committee@union.example")):
        line = select(Member.created_at, literal(who), literal(action), Member.id, null(), changed,
                      changed, literal(""))  # fmt: skip
        yield AuditEntry, _columns(AuditEntry), line
    person = select(
        Member.first_name, Member.first_key, email, Member.email_key, literal("en"),
        literal("membership"), Member.created_at, Member.id, literal("email"), literal("member"),
        null(), Member.created_at, Member.created_at,
    )  # fmt: skip
    yield Person, _columns(Person), person.where(Member.id % 5 == 0)
    wrote = select(
        Member.first_name, email, literal(""), Member.region, literal("path:step"),
        literal("Who is my steward?"), literal("en"), Member.created_at, null(), literal(""),
    )  # fmt: skip
    yield ContactRequest, _columns(ContactRequest), wrote.where(Member.id % 20 == 0)
    letter = select(
        literal("sign-in"), email, literal("en"), literal({}, JSON), literal("done"), literal(""),
        literal(1), literal(0), Member.created_at, null(), null(), literal(""), literal(""),
        Member.created_at, Member.created_at, null(), null(), literal(""), literal(0), literal(""),
        literal(""), null(), literal(""),
    )  # fmt: skip
    doubt = select(
        Member.id, Member.id + 10_000_000, literal("The email address is another."), email,
        Member.number, Member.created_at, literal(""), literal(""), null(), null(),
    )  # fmt: skip
    yield AccountQuestion, _columns(AccountQuestion), doubt.where(Member.id % 50 == 0)
    differs = select(
        Member.id, Member.id, literal("enrol"), literal("stewardpath:path:step"),
        literal("unenrolled"), Member.created_at, literal(""), literal(""), null(),
    )  # fmt: skip
    yield MoodleDifference, _columns(MoodleDifference), differs.where(Member.id % 2 == 0)
    yield OutboxEmail, _columns(OutboxEmail), letter.where(Member.id % 5 == 0)
