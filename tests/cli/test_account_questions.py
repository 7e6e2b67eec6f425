"""Questions about Moodle accounts at the command line, and the check that finds suspicious ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from bridge.member_records import MemberRecord
from bridge.store.accounts.questions import NUMBER_FROM_MOODLE, Question, ask
from bridge.store.database import Database, open_database
from bridge.store.members.upsert import upsert_members
from tests.cli.command_runner import Folder, free_port

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANN = MemberRecord("1001", "ann@example.org", "Ann", "Example", "north", source="csv")
KIM = MemberRecord("7777", "kim@example.org", "Kim", "Doe", source="moodle", moodle_user_id=900)


@contextmanager
def store(folder: Folder) -> Iterator[Database]:
    (folder.path / "var").mkdir(exist_ok=True)
    with closing(open_database(f"sqlite:///{folder.path}/var/stewardpath.db")) as database:
        database.migrate()
        yield database


def asked(folder: Folder, *accounts: int) -> int:
    """Questions about Ann and these accounts, numbered from 1; returns her id."""
    with store(folder) as database, database.transaction() as session:
        [ann] = upsert_members(session, [ANN], NOW).created
        why = "The number fits, the address does not."
        ask(session, [Question(ann, one, why, "x@example.org", "1001") for one in accounts], NOW)
    return ann


def test_questions_are_listed_answered_and_withdrawn(folder: Folder) -> None:
    asked(folder, 41, 42, 43)
    said = folder.run("members", "questions").out
    assert "1: is Moodle account 41 (x@example.org, ID number 1001)" in said
    assert "member 1001, Ann Example <ann@example.org>?" in said
    assert "The number fits" in said
    assert "2 questions answered." in folder.run("members", "answer", "different", "2", "3").out
    assert "1 question answered." in folder.run("members", "answer", "same", "1").out
    assert "There are no questions." in folder.run("members", "questions").out
    listed = folder.run("members", "questions", "--answered", "--format", "json").data
    found = [(row["answer"], row["account_email"], row["answered_by"])
             for row in listed["questions"]]  # type: ignore[attr-defined]  # fmt: skip
    assert found == [
        ("same", "", "cli:tester"), ("different", "", "cli:tester"), ("different", "", "cli:tester")
    ]  # fmt: skip
    assert "Answered “same” by cli:tester" in folder.run("members", "questions", "--answered").out
    assert "1 question unchanged." in folder.run("members", "answer", "same", "1").out
    assert "1 question withdrawn." in folder.run("members", "answer", "withdraw", "1").out
    assert "1: is Moodle account 41" in folder.run("members", "questions").out


def test_what_is_refused_says_why_and_is_1(folder: Folder) -> None:
    asked(folder, 41, 42)
    ran = folder.run("members", "answer", "same", "1", "2", "99", code=1)
    assert "1: A member has one Moodle account." in ran.err
    assert "99: There is no such question." in ran.err
    folder.run("members", "answer", "perhaps", "1", code=2)
    folder.run("members", "answer", "same", code=2)
    folder.run("members", "answer", "same", "0", code=2)


def test_an_account_that_moves_names_the_record_to_erase(folder: Folder) -> None:
    asked(folder, 41)
    with store(folder) as database, database.transaction() as session:
        own = replace(KIM, number=None, moodle_user_id=41)
        [kim] = upsert_members(session, [own], NOW).created
    said = folder.run("members", "answer", "same", "1").out
    assert f"1: the account came from record {kim}, which can be erased." in said
    assert f"from record {kim}" in folder.run("members", "questions", "--answered").out


def test_suspicious_accounts_are_reported_and_asked_about(folder: Folder) -> None:
    with store(folder) as database, database.transaction() as session:
        # The sandbox's own users 1 and 2: guest and admin.
        upsert_members(session, [replace(ANN, moodle_user_id=2), KIM], NOW)
    said = folder.run("members", "check-accounts", code=1).out
    assert "Member 1001, Ann Example <ann@example.org>" in said
    assert "The account has another email address than the member." in said
    assert "Member 7777, Kim Doe" in said
    assert "2 accounts checked, 2 suspicious." in said
    assert "There are no questions." in folder.run("members", "questions").out
    found = folder.run("members", "check-accounts", "--ask", "--format", "json", code=1).data
    assert found["checked"] == 2
    assert [row["moodle_user_id"] for row in found["suspicious"]] == [2, 900]  # type: ignore[attr-defined]
    assert "is Moodle account 900" in folder.run("members", "questions").out
    assert "Answer: `stewardpath" in folder.run("members", "check-accounts", "--ask", code=1).out
    assert "1 question answered." in folder.run("members", "answer", "same", "1").out
    assert "1 suspicious" in folder.run("members", "check-accounts", code=1).out


def test_nothing_suspicious_is_0(folder: Folder) -> None:
    assert "0 accounts checked, 0 suspicious." in folder.run("members", "check-accounts").out


def test_a_site_that_does_not_answer_is_an_error_and_no_suspicion(folder: Folder) -> None:
    with store(folder) as database, database.transaction() as session:
        upsert_members(session, [replace(ANN, moodle_user_id=2)], NOW)
    file = folder.path / "config.yaml"
    moodle = f"moodle: {{url: 'http://127.0.0.1:{free_port()}'}}\n"
    file.write_text(file.read_text() + moodle)
    ran = folder.run(
        "members", "check-accounts", "--ask", code=1, STEWARDPATH_MOODLE_TOKEN="a-token"
    )
    assert ran.err.startswith("Error: ")
    assert ran.out == ""
    assert "There are no questions." in folder.run("members", "questions").out


def test_the_doctor_counts_numbers_that_prove_nothing(folder: Folder) -> None:
    assert "member number" not in folder.run("doctor", code=0).out
    with store(folder) as database, database.transaction() as session:
        upsert_members(session, [KIM], NOW)
    said = folder.run("doctor", code=0).out
    assert "1 member number from a Moodle profile" in said
    assert "check-accounts --ask" in said
    assert NUMBER_FROM_MOODLE in folder.run("members", "check-accounts", code=1).out
