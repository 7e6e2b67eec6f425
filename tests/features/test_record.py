"""A member's record: every line once, newest first, whatever the size of a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.config import Config
from bridge.features import FEATURES
from bridge.features.record import RecordRow, as_data, read_record, read_whole_record, record_kinds
from bridge.foundations.feature import Context, Feature, RecordLine, RecordRequest, RecordSource
from bridge.messages import Message
from bridge.store.database import Database
from bridge.store.learning import awards, credits
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.credits import CreditRecord
from bridge.store.learning.signoffs import record_signoff
from tests.store.sample_members import NOW
from tests.web.sample_site import PATH

MANY = 10_000


def context(session: object, language: str = "en") -> Context:
    return Context(session, Config(), [PATH], language, NOW)  # type: ignore[arg-type]


def whole(db: Database, member: int, kind: str = "", language: str = "en") -> list[RecordRow]:
    with db.reading() as session:
        return list(read_whole_record(FEATURES, context(session, language), member, kind))


def titles(rows: Sequence[RecordRow]) -> list[str]:
    return [row.line.title for row in rows]


def certificate(member: int, number: int, on: date, **more: object) -> CreditRecord:
    return CreditRecord(
        member_id=member, curriculum="a-path", kind="certificate", key="first-aid",
        occurred_on=on, source="by-hand", source_id=f"{member}:{number}", recorded_by="committee",
        **more,
    )  # type: ignore[arg-type]  # fmt: skip


def completion(
    member: int, activity: str, at: datetime, *, done: bool = True, grade: float | None = None
) -> CompletionRecord:
    return CompletionRecord(member, "a-path", activity, done, grade, at)


@pytest.fixture
def anna(db: Database, two_members: list[int]) -> int:
    """A member with a line of every kind; Ben has one too."""
    anna, ben = two_members
    day = timedelta(days=1)
    with db.transaction() as session:
        results = [
            completion(anna, "a-quiz", NOW - 1 * day, grade=85),
            completion(anna, "gone", NOW - 2 * day, done=False, grade=40),
            completion(anna, "opened", NOW - 2 * day, done=False),
            completion(ben, "a-quiz", NOW),
        ]
        upsert_completions(session, results)
        awards.grant(
            session,
            [AwardRecord(anna, "a-path", key, "0" * 64, {}, NOW - 3 * day)
             for key in ("first", "removed")],
        )  # fmt: skip
        record_signoff(session, anna, "a-path", "helped", "Lee", "In May", "me", NOW - 4 * day)
        credits.record(session, certificate(anna, 1, date(1969, 5, 4)), NOW)
    return anna


def test_every_line_is_there_newest_first(db: Database, anna: int) -> None:
    rows = whole(db, anna)
    assert titles(rows) == [
        "A quiz", "gone", "removed", "First", "helped", "Certificate: first aid"
    ]  # fmt: skip
    quiz, failed, *_, signoff, old = (as_data(row.line) for row in rows)
    assert (quiz["result"], quiz["grade"]) == ("passed", 85)
    assert (failed["result"], failed["grade"]) == ("not passed yet", 40)
    assert (signoff["by"], signoff["note"], signoff["on"]) == ("Lee", "In May", "2026-02-25")
    assert old["on"] == "1969-05-04"


def test_titles_are_in_the_readers_language(db: Database, anna: int) -> None:
    assert "First (fr)" in titles(whole(db, anna, language="fr"))


def test_each_kind_can_be_read_alone(db: Database, anna: int) -> None:
    counts = {kind: len(whole(db, anna, kind)) for kind in record_kinds(FEATURES)}
    assert counts == {
        "signoff": 1, "session": 0, "led": 0, "mentoring": 0, "certificate": 1, "program": 0,
        "session-part": 0, "award": 2, "completion": 2,
    }  # fmt: skip


def test_what_was_withdrawn_says_why(db: Database, anna: int) -> None:
    with db.transaction() as session:
        award = awards.awards_of(session, anna)[0]
        awards.mark_withdrawn(session, award.id, "A wrong quiz", "me", NOW)
        credits.withdraw(session, credits.credits_of(session, anna)[0].id, "A typo", "me", NOW)
    withdrawn = [row.line for row in whole(db, anna) if row.line.withdrawn_on]
    assert [(each.kind, each.withdrawn_on, each.withdrawn_reason) for each in withdrawn] == [
        ("award", NOW, "A wrong quiz"),
        ("certificate", NOW, "A typo"),
    ]


def test_without_curricula_every_line_still_shows(db: Database, anna: int) -> None:
    with db.reading() as session:
        bare = Context(session, Config(), [], "en", NOW)
        rows = read_record(FEATURES, bare, anna, 100)
    assert titles(rows) == [
        "a quiz", "gone", "removed", "first", "helped", "Certificate: first aid"
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_join_to_the_whole_record_when_all_happened_at_once(
    db: Database, anna: int, size: int
) -> None:
    """An import gives many lines the same second; a day's lines all begin at midnight."""
    midnight = datetime(2026, 2, 25, tzinfo=UTC)
    with db.transaction() as session:
        upsert_completions(session, [completion(anna, f"q-{n}", midnight) for n in range(10)])
        for number in range(2, 12):
            credits.record(session, certificate(anna, number, midnight.date()), NOW)
    rows, after, read = whole(db, anna), 0, []
    assert len({row.id for row in rows}) == len(rows) == 26
    assert [row.id for row in rows] == sorted((row.id for row in rows), reverse=True)
    with db.reading() as session:
        while page := read_record(FEATURES, context(session), anna, size, after):
            assert not after or page[0].id < after, "the same page again"
            read += page
            after = page[-1].id
    assert read == rows


def test_a_new_line_does_not_move_the_next_page(db: Database, anna: int) -> None:
    with db.reading() as session:
        first = read_record(FEATURES, context(session), anna, 2)
    with db.transaction() as session:
        upsert_completions(session, [completion(anna, "later", NOW)])
    with db.reading() as session:
        following = read_record(FEATURES, context(session), anna, 2, first[-1].id)
    assert titles([*first, *following]) == ["A quiz", "gone", "removed", "First"]


@pytest.mark.parametrize("after", [1, 17, 2**40, 2**62, 2**63 - 1])
def test_an_id_that_no_row_has_fails_nothing(db: Database, anna: int, after: int) -> None:
    with db.reading() as session:
        assert len(read_record(FEATURES, context(session), anna, 3, after)) in (0, 3)


def test_the_queries_do_not_grow_with_the_lines(
    db: Database, two_members: list[int], queries: list[str]
) -> None:
    anna, ben = two_members
    with db.transaction() as session:
        for start in range(0, MANY, 1000):
            upsert_completions(
                session,
                [completion(anna, f"q-{n}", NOW - timedelta(minutes=n))
                 for n in range(start, start + 1000)],
            )  # fmt: skip
    sent = []
    for member, after in ((ben, 0), (anna, 0), (anna, whole(db, anna)[5_000].id)):
        queries.clear()
        with db.reading() as session:
            rows = read_record(FEATURES, context(session), member, 25, after)
        sent.append(len(queries))
    assert titles(rows)[0] == "q 5001"
    assert sent == [4, 4, 4], "a query for each source of lines"
    assert len(whole(db, anna)) == MANY


MOMENTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-01-01 00:00:04"),
    timezones=st.just(UTC),
)  # fmt: skip
LINES = st.lists(MOMENTS | st.dates(date(2025, 12, 31), date(2026, 1, 2)), max_size=30)


def source(kind: str, moments: Sequence[datetime | date]) -> RecordSource:
    lines = [RecordLine(kind, each, "", str(n), "") for n, each in enumerate(moments)]
    newest = sorted(lines, key=lambda line: line.at, reverse=True)

    def read(_context: Context, request: RecordRequest) -> Sequence[RecordLine]:
        return [each for each in newest if each.at < request.before][: request.limit]

    return RecordSource({kind: Message("Lines")}, read)


@given(LINES, LINES, st.integers(1, 9))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_page_size_gives_every_line_once(
    db: Database, one: list[datetime], other: list[datetime], size: int
) -> None:
    feature = Feature(name="lines", record=(source("one", one), source("other", other)))
    rows: list[RecordRow] = []
    with db.reading() as session:
        while page := read_record([feature], context(session), 1, size, rows[-1].id if rows else 0):
            assert not rows or page[0].id < rows[-1].id, "the same page again"
            rows += page
    assert len(rows) == len(one) + len(other)
    assert [row.line.at for row in rows] == sorted((r.line.at for r in rows), reverse=True)
    assert len({(row.line.kind, row.line.key) for row in rows}) == len(rows)
