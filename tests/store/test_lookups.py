"""Lists stay quick: names are found however they are written, and each list by its index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from bridge.store import migrations
from bridge.store.database import Database, open_database
from bridge.store.delivery.delivery_queries import retried
from bridge.store.delivery.failed_deliveries import list_failed_deliveries
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.learning.enrolments import mark_earned, request_enrolments
from bridge.store.learning.waiting_members import waiting_members
from bridge.store.members.matching import name_key
from bridge.store.members.profile import Details, update_details
from bridge.store.members.search import MemberFilter, search
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.learning import Enrolment
from bridge.store.tables.members import Member
from tests.store.sample_members import ANNA, LATER, NOW, add, member

PATH = {("path", "first"): ""}


def keys(db: Database) -> list[tuple[str, str]]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(select(Member.first_key, Member.last_key))]


@pytest.mark.parametrize(
    ("name", "key"),
    [("Zoélie", "zoelie"), ("ÉMILE", "emile"), ("Strauß", "strauss"), ("ﬃ" * 40, "ffi" * 33 + "f")],
)
def test_a_name_is_folded_and_fits_its_column(name: str, key: str) -> None:
    assert name_key(name) == key


def test_the_keys_of_names_follow_every_change(db: Database) -> None:
    with db.transaction() as session:
        [one] = add(session, [replace(ANNA, first_name="Émile", last_name="Zola")])
    assert keys(db) == [("emile", "zola")]
    with db.transaction() as session:
        upsert_members(session, [replace(ANNA, first_name="Émilie", last_name="Çelik")], LATER)
    assert keys(db) == [("emilie", "celik")]
    with db.transaction() as session:
        update_details(session, one, Details("Noël", "Ångström", "fr", "north"), LATER)
    assert keys(db) == [("noel", "angstrom")]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("emi", [1]),
        ("ÉMILIE", [1]),
        ("zola emilie", [1]),
        ("emilie emilie", [1]),
        ("e", [1, 2]),
        ("o", [2]),
        ("'", []),
        ("%", []),
        ("\u0301", []),
        ("emilie o'neil", []),
    ],
)
def test_names_are_found_without_their_accents(db: Database, words: str, found: list[int]) -> None:
    people = [
        member(1, first_name="Émilie", last_name="Zola"),
        member(2, first_name="Ezra", last_name="O'Neil"),
    ]
    with db.transaction() as session:
        ids = add(session, people)
        shown = search(session, MemberFilter(words), 9)
    assert [one.id for one in shown] == [ids[place - 1] for place in found]


def test_a_migration_folds_the_names_that_are_there_and_closes_what_was_earned(
    tmp_path: Path,
) -> None:
    database = open_database(f"sqlite:///{tmp_path}/store.db")
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    with database._engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(text(
            "INSERT INTO member (id, email, email_key, first_name, last_name, region, language,"
            " role, source, created_at, updated_at) VALUES (1, 'a', 'a', 'Zoélie', 'Çelik', '',"
            " '', '', '', '2026-03-01', '2026-03-01')"
        ))  # fmt: skip
        for milestone in ("first", "second"):
            connection.execute(text(
                "INSERT INTO enrolment (member_id, curriculum, milestone, wanted_at)"
                f" VALUES (1, 'path', '{milestone}', '2026-03-01')"
            ))  # fmt: skip
        connection.execute(text(
            "INSERT INTO award (member_id, curriculum, milestone, revision, evidence, at)"
            " VALUES (1, 'path', 'first', '', '{}', '2026-03-02 00:00:00.000000')"
        ))  # fmt: skip
    database.migrate()
    assert keys(database) == [("zoelie", "celik")]
    with database.reading() as session:
        rows = session.execute(select(Enrolment.milestone, Enrolment.earned_at)).all()
    assert [(key, at is not None) for key, at in rows] == [("first", True), ("second", False)]
    database.close()


def opened(db: Database) -> list[str]:
    query = select(Enrolment.milestone).where(Enrolment.earned_at.is_(None))
    with db.reading() as session:
        return sorted(session.scalars(query))


def test_an_enrolment_is_closed_by_an_award_under_whatever_key(
    db: Database, queries: list[str]
) -> None:
    with db.transaction() as session:
        anna, ben = add(session, [member(1), member(2)])
        request_enrolments(session, [(anna, "path", key) for key in ("now", "other")], NOW)
        request_enrolments(session, [(ben, "path", "now")], NOW)
        grant(session, [AwardRecord(anna, "path", "before", "r", {}, LATER)])
        mark_earned(session, [anna, ben], {})
    assert opened(db) == ["now", "now", "other"]
    with db.transaction() as session:
        queries.clear()
        mark_earned(session, [anna, ben], {("path", "before"): "now"})
        assert len(queries) == 1
    assert opened(db) == ["now", "other"]
    with db.reading() as session:
        assert [
            one.member_id for one in waiting_members(session, {("path", "now"): ""}, None, 9)
        ] == [ben]


BOTH = PATH | {("path", "second"): ""}
LISTS: dict[str, tuple[Callable[[Session], object], str]] = {
    "who waits": (lambda s: waiting_members(s, BOTH, None, 9), "ix_enrolment_open "),
    "who waits, region": (
        lambda s: waiting_members(s, PATH, ["north"], 9), "ix_enrolment_open_milestone "
    ),
    "who waits, step": (
        lambda s: waiting_members(s, PATH, None, 9),
        "ix_enrolment_open_milestone ",
    ),
    "deliveries": (lambda s: list_failed_deliveries(s, 9, 3), "ix_delivery_needs_attention "),
    "retried": (retried, "ix_delivery_state_kind_next_try "),
    "deliveries, region": (
        lambda s: list_failed_deliveries(s, 9, regions=["north"], targets=["t"]),
        "ix_delivery_needs_attention ",
    ),
    "name": (lambda s: search(s, MemberFilter("anna"), 9), "ix_member_first_key "),
    "last name": (lambda s: search(s, MemberFilter("anna b"), 9), "ix_member_last_key "),
    "number": (lambda s: search(s, MemberFilter("1001"), 9), "(number=?)"),
    "region": (lambda s: search(s, MemberFilter(regions=["north"]), 9), "ix_member_region_id "),
    "milestone": (
        lambda s: search(s, MemberFilter(curriculum="path", milestones=["first"]), 9),
        "ix_award_curriculum_milestone_member_id ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_by_its_index(tmp_path: Path, sqlite_template: Path, name: str) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(sqlite_template.read_bytes())
    db, plans = open_database(f"sqlite:///{file}"), []

    def explain(_c: object, cursor: object, statement: str, given: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            with db._engine.connect() as connection:
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)  # type: ignore[call-overload]
                plans.append("\n".join(row[3] for row in rows))

    event.listen(db._engine, "before_cursor_execute", explain)
    ask, index = LISTS[name]
    with db.reading() as session:
        ask(session)
    db.close()
    assert len(plans) == 1
    assert index in plans[0]
    assert "SCAN" not in plans[0]
