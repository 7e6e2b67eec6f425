"""Everything is handed out, and nothing stays of a person who is forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.roster import MemberRecord
from bridge.store import (
    account_questions,
    address_change,
    api_tokens,
    awards,
    contacts,
    deliveries,
    joins,
    outgoing,
    rechecks,
    sessions,
    signins,
    versions,
)
from bridge.store.account_questions import Question
from bridge.store.awards import AwardRecord
from bridge.store.completions import CompletionRecord, upsert_completions
from bridge.store.contacts import Asked
from bridge.store.database import Database
from bridge.store.deliveries import DeliveryRecord
from bridge.store.enrolments import want
from bridge.store.first_tries import FirstTryRecord, keep_first
from bridge.store.intake import upsert_members
from bridge.store.joins import Joining
from bridge.store.members import record_signoff, set_role
from bridge.store.privacy import BY_EMAIL, PERSONAL, export_member, forget_member
from bridge.store.tables import Audit, Base

from .people import BEN, LATER, NOW, add

ZOE = MemberRecord("Z-4711", "zoe.quill@example.org", "Zoélie", "Quillfeather", "north", "fr",
                   "steward", date(2025, 2, 3), moodle_user_id=987654)  # fmt: skip
TRACES = ("z-4711", "zoe.quill", "zoélie", "quillfeather", "zo\\u00e9lie", "987654", "zq@")


def live_a_life(db: Database) -> list[int]:
    """Something of Zoé in every table; returns her id and Ben's."""
    with db.transaction() as session:
        zoe, ben = add(session, [ZOE, BEN])
        upsert_members(session, [replace(ZOE, email="zq@example.org")], NOW, who="Z-4711")
        set_role(session, zoe, "chief", None, "zq@example.org", NOW)
        for one in (zoe, ben):
            want(session, [(one, "path", "welcome")], NOW)
            upsert_completions(session, [CompletionRecord(one, "path", "q", True, 90.0, NOW)])
            keep_first(session, [FirstTryRecord(one, "path", "q", 40.0, NOW, 1)])
            record_signoff(session, one, "basic", "Chair", "for Zoélie", "chair", NOW)
            [(award, _)] = awards.grant(session, [AwardRecord(one, "path", "m", "r", {}, NOW)])
            owed = [DeliveryRecord(one, "mail", "m", {}, award)]
            deliveries.owe(session, owed, NOW)
        visit_pages(session, zoe, "zq@example.org")
        visit_pages(session, ben, BEN.email)
        doubt(session, zoe, ben)
        [claimed, _] = deliveries.claim(session, "mail", "w", NOW, LATER - NOW, 5)
        deliveries.fail(session, claimed.id, "w", "zq@example.org does not exist")
    return [zoe, ben]


def visit_pages(session: Session, member_id: int, email: str) -> None:
    """Something in each table behind the pages."""
    sessions.start(session, f"session-{email}", email, member_id, NOW)
    rechecks.ask(session, member_id, NOW)
    address_change.ask(session, f"wish-{email}", member_id, f"new-{email}", NOW)
    words = {"link": f"new-{email}"}
    outgoing.owe(session, "new-address", f"new-{email}", "en", words, NOW, member_id=member_id)
    signins.ask(session, f"link-{email}", "nonce", email, "/me", NOW)
    outgoing.owe(session, "sign-in", email, "en", {"link": email}, NOW)
    outgoing.owe(session, "contact", "chair@example.org", "en", {"email": email.upper()}, NOW)
    asked = Asked(email, email, "", "north", "path:m", f"I am {email}", "en")
    request = contacts.ask(session, asked, NOW)
    contacts.handle(session, request, None, email, NOW)
    joins.ask(session, f"join-{email}", Joining(email, email, email, "", "", "en", ""), NOW)
    api_tokens.add(session, f"token-{email}", "reports", ["members"], email, NOW)
    versions.keep(session, "path", "curriculum.yaml", "key: path", "", email, NOW)


def doubt(session: Session, zoe: int, ben: int) -> None:
    """Zoé's account stands beside Ben's record, a stranger's beside hers; she answered one."""
    asked = [
        Question(zoe, 61, "why", "stranger@example.org", "S-1"),
        Question(ben, 62, "why", "ZQ@example.org", ""),
        Question(ben, 63, "why", "", "Z-4711"),
        Question(ben, 64, "why"),
    ]
    account_questions.ask(session, asked, NOW)
    found = account_questions.open_questions(session, 9)
    [hers] = [one.id for one in found if one.moodle_user_id == 64]
    account_questions.answer(session, [hers], "different", "zq@example.org", NOW)


def everything(db: Database) -> str:
    with db.reading() as session:
        rows = [
            (table.name, [tuple(row) for row in session.execute(select(table))])
            for table in Base.metadata.sorted_tables
        ]
    return json.dumps(rows, default=str, ensure_ascii=False).lower()


def test_every_table_about_members_is_known_here() -> None:
    pointing = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table.name == "member" for key in table.foreign_keys)
    }
    assert pointing == set(PERSONAL)


def test_nothing_personal_stays(db: Database) -> None:
    zoe, ben = live_a_life(db)
    with db.transaction() as session:
        session.execute(Base.metadata.tables["signoff"].update().values(note=""))
        before = awards.counts(session)
    assert all(any(trace in everything(db) for trace in pair) for pair in
               (("z-4711",), ("quillfeather",), ("zq@",)))  # fmt: skip
    with db.transaction() as session:
        forget_member(session, zoe, "Z-4711", LATER)
    left = everything(db)
    assert [trace for trace in TRACES if trace in left] == []
    with db.reading() as session:
        assert awards.counts(session) == before == {("path", "m"): 2}
        lines = session.scalars(select(Audit).where(Audit.member_id == zoe)).all()
        assert [line.action for line in lines] == ["member", "role", "sign-off", "forgot"]
        assert export_member(session, ben)["member"]["number"] == "1002"  # type: ignore[index]


def test_the_tally_adds_up_over_people(db: Database) -> None:
    for person in live_a_life(db):
        with db.transaction() as session:
            forget_member(session, person, "chair", LATER)
    with db.reading() as session:
        assert awards.counts(session) == {("path", "m"): 2}


def test_the_id_of_a_forgotten_member_is_not_given_again(db: Database) -> None:
    with db.transaction() as session:
        [ben] = add(session, [BEN])
        forget_member(session, ben, "chair", NOW)
        [again] = add(session, [BEN])
    assert again != ben


def test_the_file_itself_forgets(tmp_path: Path, sqlite_template: Path) -> None:
    from bridge.store.database import open_database

    file = tmp_path / "store.db"
    file.write_bytes(sqlite_template.read_bytes())
    db = open_database(f"sqlite:///{file}")
    zoe, _ = live_a_life(db)
    with db.transaction() as session:
        forget_member(session, zoe, "chair", LATER)
    db.close()
    content = b"".join(part.read_bytes() for part in tmp_path.glob("store.db*")).lower()
    for trace in (b"z-4711", b"zoe.quill", b"zq@", b"quillfeather"):
        assert trace not in content


def test_the_export_has_everything_and_json_carries_it(db: Database) -> None:
    zoe, _ = live_a_life(db)
    with db.reading() as session:
        held = export_member(session, zoe)
    assert set(held) == {"member", "audit", *PERSONAL, *BY_EMAIL}
    assert all(held.values())
    assert held["member"] | {"id": zoe} == held["member"]  # type: ignore[operator]
    assert held["member"]["role"] == "chief"  # type: ignore[index]
    text = json.dumps(held, ensure_ascii=False).lower()
    for trace in ("z-4711", "zq@example.org", "zoélie", "987654", "welcome", "basic", "90.0"):
        assert trace in text
    for anothers in ("bouchard", "stranger@", "s-1"):
        assert anothers not in text


def test_nobody_to_forget_or_export(db: Database) -> None:
    with db.transaction() as session:
        with pytest.raises(MemberError, match="member 999: there is no such member"):
            forget_member(session, 999, "chair", NOW)
        with pytest.raises(MemberError, match="no such member"):
            export_member(session, 999)
