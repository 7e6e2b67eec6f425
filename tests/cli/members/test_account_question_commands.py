"""`members questions`, `members answer` and `members check-accounts`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from bridge.member_records import MemberRecord
from bridge.store.accounts.questions import NUMBER_FROM_MOODLE, NewQuestion, add_questions
from bridge.store.database import Database, open_database
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import runs
from tests.cli.command_runner import Folder, free_port
from tests.support.sandbox_server import TOKEN, running_sandbox

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANN = MemberRecord("1001", "ann@example.org", "Ann", "Example", "north", source="csv")
KIM = MemberRecord("7777", "kim@example.org", "Kim", "Doe", source="moodle", moodle_user_id=900)


@contextmanager
def opened(folder: Folder) -> Iterator[Database]:
    (folder.path / "var").mkdir(exist_ok=True)
    with closing(open_database(f"sqlite:///{folder.path}/var/stewardpath.db")) as database:
        database.migrate()
        yield database


def create_questions(folder: Folder, *accounts: int) -> int:
    """Create questions about Ann and these accounts, with IDs from 1; returns her record's ID."""
    with opened(folder) as database, database.transaction() as session:
        [ann] = upsert_members(session, [ANN], NOW).created
        why = "The number fits, the address does not."
        add_questions(
            session, [NewQuestion(ann, one, why, "x@example.org", "1001") for one in accounts], NOW
        )
    return ann


def test_questions_are_listed_answered_and_withdrawn(folder: Folder) -> None:
    create_questions(folder, 41, 42, 43)
    printed = folder.run("members", "questions").out
    assert "1: Does Moodle account 41 (x@example.org, ID number 1001)" in printed
    assert "member 1001, Ann Example <ann@example.org>?" in printed
    assert "The number fits" in printed
    assert "2 questions answered." in folder.run("members", "answer", "different", "2", "3").out
    assert "1 question answered." in folder.run("members", "answer", "same", "1").out
    assert "No questions." in folder.run("members", "questions").out
    listed = folder.run("members", "questions", "--answered", "--format", "json").data
    found = [(row["answer"], row["account_email"], row["answered_by"])
             for row in listed["questions"]]  # type: ignore[attr-defined]  # fmt: skip
    assert found == [
        ("same", "", "cli:tester"), ("different", "", "cli:tester"), ("different", "", "cli:tester")
    ]  # fmt: skip
    assert "Answered “same” by cli:tester" in folder.run("members", "questions", "--answered").out
    assert "1 question unchanged." in folder.run("members", "answer", "same", "1").out
    assert "1 question withdrawn." in folder.run("members", "answer", "withdraw", "1").out
    assert "1: Does Moodle account 41" in folder.run("members", "questions").out


def test_a_refused_answer_gives_the_reason_and_exit_code_1(folder: Folder) -> None:
    create_questions(folder, 41, 42)
    ran = folder.run("members", "answer", "same", "1", "2", "99", code=1)
    assert "1: A member has one Moodle account." in ran.err
    assert "99: There is no such question." in ran.err
    folder.run("members", "answer", "perhaps", "1", code=2)
    folder.run("members", "answer", "same", code=2)
    folder.run("members", "answer", "same", "0", code=2)


def test_an_account_that_moves_names_the_record_to_erase(folder: Folder) -> None:
    create_questions(folder, 41)
    with opened(folder) as database, database.transaction() as session:
        own = replace(KIM, number=None, moodle_user_id=41)
        [kim] = upsert_members(session, [own], NOW).created
    printed = folder.run("members", "answer", "same", "1").out
    assert f"1: the account came from record {kim}, which you can erase." in printed
    assert f"from record {kim}" in folder.run("members", "questions", "--answered").out


def test_suspicious_accounts_are_reported_and_become_questions(folder: Folder) -> None:
    with opened(folder) as database, database.transaction() as session:
        # The sandbox's own users 1 and 2: guest and admin.
        upsert_members(session, [replace(ANN, moodle_user_id=2), KIM], NOW)
    printed = folder.run("members", "check-accounts", code=1).out
    assert "Member 1001, Ann Example <ann@example.org>" in printed
    assert "The account has another email address than the member." in printed
    assert "Member 7777, Kim Doe" in printed
    assert "2 accounts checked, 2 suspicious." in printed
    assert "No questions." in folder.run("members", "questions").out
    found = folder.run("members", "check-accounts", "--ask", "--format", "json", code=1).data
    assert found["checked"] == 2
    assert [row["moodle_user_id"] for row in found["suspicious"]] == [2, 900]  # type: ignore[attr-defined]
    assert "Does Moodle account 900" in folder.run("members", "questions").out
    assert "To answer: `stewardpath" in folder.run("members", "check-accounts", "--ask", code=1).out
    assert "1 question answered." in folder.run("members", "answer", "same", "1").out
    assert "1 suspicious" in folder.run("members", "check-accounts", code=1).out


def test_nothing_suspicious_gives_exit_code_0(folder: Folder) -> None:
    assert "0 accounts checked, 0 suspicious." in folder.run("members", "check-accounts").out


def test_an_unreachable_site_is_an_error_not_a_suspicion(folder: Folder) -> None:
    with opened(folder) as database, database.transaction() as session:
        upsert_members(session, [replace(ANN, moodle_user_id=2)], NOW)
    file = folder.path / "config.yaml"
    moodle = f"moodle: {{url: 'http://127.0.0.1:{free_port()}'}}\n"
    file.write_text(file.read_text() + moodle)
    ran = folder.run(
        "members", "check-accounts", "--ask", code=1, STEWARDPATH_MOODLE_TOKEN="a-token"
    )
    assert ran.err.startswith("Error: ")
    assert ran.out == ""
    assert "No questions." in folder.run("members", "questions").out


def test_doctor_counts_unproven_member_numbers(folder: Folder) -> None:
    assert "member number" not in folder.run("doctor", code=0).out
    with opened(folder) as database, database.transaction() as session:
        upsert_members(session, [KIM], NOW)
    printed = folder.run("doctor", code=0).out
    assert "1 member number from a Moodle profile" in printed
    assert "check-accounts --ask" in printed
    assert NUMBER_FROM_MOODLE in folder.run("members", "check-accounts", code=1).out


def test_doctor_counts_no_number_that_is_trusted(folder: Folder) -> None:
    with opened(folder) as database, database.transaction() as session:
        upsert_members(session, [KIM], NOW)
    with running_sandbox(folder.path / "moodle.db") as site:
        file = folder.path / "config.yaml"
        moodle = f"moodle: {{url: '{site.url}', trust_numbers: true}}\n"
        file.write_text(file.read_text() + moodle)
        folder.secrets = {"STEWARDPATH_MOODLE_TOKEN": TOKEN}
        assert "1 member number from a Moodle profile" in folder.run("doctor").out
        printed = folder.run("members", "check-accounts", "--ask", code=1).out
        assert NUMBER_FROM_MOODLE in printed
        assert "from a Moodle profile" not in folder.run("doctor").out
        printed = folder.run("members", "check-accounts", code=1).out
        assert NUMBER_FROM_MOODLE not in printed


def test_doctor_says_when_accounts_were_checked_and_what_is_open(folder: Folder) -> None:
    assert "not run yet; 0 account questions open." in folder.run("doctor").out
    with opened(folder) as database, database.transaction() as session:
        upsert_members(session, [KIM], NOW)
    folder.run("members", "check-accounts", "--ask", code=1)
    printed = folder.run("doctor").out
    assert re.search(
        r"! account check +last run 20[-\d]+ \d\d:\d\d UTC; 1 account question open", printed
    )
    assert "page Account questions" in printed


def test_a_failed_account_check_is_reported(folder: Folder) -> None:
    with opened(folder) as database, database.transaction() as session:
        run = runs.start_run(session, "check-accounts", "owner", datetime.now(UTC))
        runs.finish_run(session, run, False, {"error": "no rights"}, datetime.now(UTC))
    assert "not run yet, the latest attempt failed" in folder.run("doctor").out
    assert "no rights" in folder.run("status").out
