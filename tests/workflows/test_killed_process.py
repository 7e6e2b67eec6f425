"""After SIGKILL at any moment of any job, running it again loses and duplicates keep_empty."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest

from bridge.moodle.site.connection import connect
from bridge.plan import Plan
from bridge.workflows.quiz_statistics import update_quiz_statistics
from bridge.workflows.withdrawals import withdraw_award
from tests.support.job_environment import JobEnvironment, people, person
from tests.support.sandbox_server import running_sandbox
from tests.support.waiting import HANG_SECONDS
from tests.workflows import killed_process

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.workflows.killed_process", "bridge.moodle.sandbox.app"])
STRIDE = {"apply": 3, "rename": 3, "deliver": 5, "pull": 1, "quizzes": 1, "sign-up": 1,
          "digest": 5, "ordered": 13, "to-members": 31}  # fmt: skip
"""Odd, so that kills come both before requests and after answers."""
FIRST_TRIES = "SELECT quiz, grade, count(*) FROM first_attempt GROUP BY quiz, grade"
Prepare = Callable[[JobEnvironment], None]
Check = Callable[[JobEnvironment], None]


@pytest.fixture(scope="module", autouse=True)
def start_fork_server() -> None:
    """Start the server that children are forked from, with all that they need imported.

    Python 3.11 does not hand it the path that modules are found by.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.ensure_running()


def run_and_kill(job: str, folder: Path, url: str, moment: int) -> bool:
    """Returns whether the process was killed. False: the job ended before that moment."""
    process = FORKS.Process(target=killed_process.run, args=(job, str(folder), url, moment))
    process.start()
    process.join(HANG_SECONDS)
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL), code
    return code != 0


@contextmanager
def copy_of(template: Path, folder: Path) -> Iterator[JobEnvironment]:
    shutil.copytree(template, folder)
    with running_sandbox(folder / "moodle.db") as site:
        env = JobEnvironment(folder, site)
        yield env
        env.close()


def kill_at_every_moment(
    job: str, template: Path, tmp_path: Path, finish: Prepare, check: Check
) -> int:
    """Kill the job at every STRIDE-th moment. Returns how often it was killed."""
    moment, kills = 1, 0
    while True:
        with copy_of(template, tmp_path / f"{job}-{moment}") as env:
            if not run_and_kill(job, env.folder, env.site.url, moment):
                return kills
            env.advance_time()
            finish(env)
            check(env)
        kills += 1
        moment += STRIDE[job]


@pytest.fixture
def template(tmp_path: Path, empty_store: Path) -> Callable[[Prepare], Path]:
    def make(prepare: Prepare) -> Path:
        folder = tmp_path / "template"
        folder.mkdir()
        shutil.copy(empty_store, folder / "store.db")
        with running_sandbox(folder / "moodle.db") as site:
            env = JobEnvironment(folder, site)
            prepare(env)
            env.close()
        return folder

    return make


Template = Callable[[Prepare], Path]
TABLES = ("course", "section", "activity", "questioncategory", "entry", "slot", "cohort",
          "competency", "template", "templatecompetency")  # fmt: skip


def sizes(env: JobEnvironment, *tables: str) -> dict[str, int]:
    return {table: env.site.one(f"SELECT count(*) FROM {table}") for table in tables}


def keep_empty(_env: JobEnvironment) -> None:
    """Leave the site empty."""


def deliver(env: JobEnvironment) -> None:
    env.deliver()


def apply_(env: JobEnvironment) -> None:
    env.apply()


def test_apply(template: Template, tmp_path: Path) -> None:
    start = template(keep_empty)
    with copy_of(start, tmp_path / "whole") as env:
        env.apply()
        wanted = sizes(env, *TABLES, "question", "badge")

    def check(env: JobEnvironment) -> None:
        assert sizes(env, *TABLES, "question", "badge") == wanted
        assert env.apply()[0].plan == Plan()

    assert kill_at_every_moment("apply", start, tmp_path, apply_, check) > 10


def test_apply_with_a_rename(template: Template, tmp_path: Path) -> None:
    def attempted(env: JobEnvironment) -> None:
        env.apply()
        env.site.finish(env.site.account("kim"), "stewardpath:path:check", 100.0)

    start = template(attempted)
    with copy_of(start, tmp_path / "whole") as env:
        wanted = sizes(env, *TABLES, "attempt")

    def again(env: JobEnvironment) -> None:
        env.curricula = [killed_process.RENAMED]
        env.apply()

    def check(env: JobEnvironment) -> None:
        assert sizes(env, *TABLES, "attempt") == wanted
        assert env.apply()[0].plan == Plan()
        names = env.site.rows("SELECT idnumber FROM questioncategory ORDER BY id")
        assert ("stewardpath:path:test",) in names

    assert kill_at_every_moment("rename", start, tmp_path, again, check) > 8


def test_sign_up(template: Template, tmp_path: Path) -> None:
    def again(env: JobEnvironment) -> None:
        env.sign_up(*people(3))

    def check(env: JobEnvironment) -> None:
        assert env.rows("SELECT count(*) FROM member") == [(3,)]
        kinds = dict(env.rows("SELECT kind, count(*) FROM delivery GROUP BY kind"))  # type: ignore[arg-type]
        assert kinds == dict.fromkeys(["account", "enrol", "notice", "plan", "welcome"], 3)

    assert kill_at_every_moment("sign-up", template(keep_empty), tmp_path, again, check) == 1


def test_pull(template: Template, tmp_path: Path) -> None:
    def passed(env: JobEnvironment) -> None:
        _enrolled(env)
        for number in (1, 2, 3):
            env.finish(f"N{number}", "check", 100.0)

    def again(env: JobEnvironment) -> None:
        env.pull()

    def check(env: JobEnvironment) -> None:
        assert env.awards() == [(f"N{n}", "first") for n in (1, 2, 3)]
        assert env.states("mail") == env.states("message") == {"owed": 3}
        assert env.rows(FIRST_TRIES) == [("check", 100.0, 3)]

    assert kill_at_every_moment("pull", template(passed), tmp_path, again, check) >= 3


def test_quiz_statistics(template: Template, tmp_path: Path) -> None:
    def lose_feed_rows(env: JobEnvironment) -> None:
        """Attempts that are only in Moodle's own tables."""
        _enrolled(env)
        for number in (1, 2, 3):
            env.finish(f"N{number}", "check", 40.0)
        env.site.do("DELETE FROM change WHERE kind = 'attempt'")
        env.pull()

    def again(env: JobEnvironment) -> None:
        site = connect(env.moodle)
        update_quiz_statistics(
            env.database, env.moodle, site, env.curricula, env.time, everything=True
        )

    def check(env: JobEnvironment) -> None:
        assert env.rows(FIRST_TRIES) == [("check", 40.0, 3)]
        assert env.rows("SELECT quiz, tries, failed FROM quiz_statistic") == [("check", 3, 3)]
        asked = "SELECT question, asked, wrong FROM question_statistic ORDER BY 1"
        assert env.rows(asked) == [("one", 3, 3), ("two", 3, 3)]

    assert kill_at_every_moment("quizzes", template(lose_feed_rows), tmp_path, again, check) > 8


def _enrolled(env: JobEnvironment) -> None:
    env.apply()
    env.sign_up(*people(3))
    env.deliver()


def test_deliver_accounts_and_enrolments(template: Template, tmp_path: Path) -> None:
    def signed_up(env: JobEnvironment) -> None:
        env.apply()
        env.sign_up(*people(3))

    assert_delivered(template(signed_up), tmp_path, user=3 + 3, enrolment=3, plan=3)


def test_deliver_acknowledgements(template: Template, tmp_path: Path) -> None:
    def awarded(env: JobEnvironment) -> None:
        _enrolled(env)
        for number in (1, 2):
            env.finish(f"N{number}", "check", 100.0)
        env.pull()

    start = template(awarded)
    effects = {"message": 2, "badgeissued": 2, "cohortmember": 2, "usercompetency": 2}
    assert_delivered(start, tmp_path, enrolment=3 + 2, **effects)


def test_deliver_withdrawals(template: Template, tmp_path: Path) -> None:
    def withdrawn(env: JobEnvironment) -> None:
        _enrolled(env)
        for number in (1, 2):
            env.finish(f"N{number}", "check", 100.0)
        env.pull()
        env.advance_time()
        env.deliver()
        with env.database.transaction() as session:
            for award in (1, 2):
                withdraw_award(session, env.curricula, award, "Why", "chair", env.time)

    def check(env: JobEnvironment) -> None:
        assert sizes(env, "badgeissued", "cohortmember", "enrolment") == {
            "badgeissued": 0, "cohortmember": 0, "enrolment": 3 + 2,
        }  # fmt: skip
        assert env.states("withdrawal") == env.states("badge-revoke") == {"done": 2}
        told = [mail for mail in env.emails() if "withdrawn" in str(mail["Subject"]).lower()]
        assert len(told) == 2, [str(mail["Subject"]) for mail in env.emails()]

    start = template(withdrawn)
    assert kill_at_every_moment("deliver", start, tmp_path, deliver, check) >= 2


def assert_delivered(start: Path, tmp_path: Path, **wanted: Any) -> None:
    def check(env: JobEnvironment) -> None:
        assert sizes(env, *wanted) == wanted
        assert env.states().keys() == {"done"}
        sql = "SELECT count(*) FROM delivery WHERE kind IN ('welcome', 'mail')"
        ((email_count,),) = env.rows(sql)
        notices = [mail for mail in env.emails() if mail["To"] == "chair@union.example"]
        assert len(env.emails()) - len(notices) == email_count
        assert len(notices) == 1
        graded = env.site.faults.calls["core_competency_grade_competency"]
        assert graded <= wanted.get("usercompetency", 0)

    assert kill_at_every_moment("deliver", start, tmp_path, deliver, check) >= 5


def test_digest(template: Template, tmp_path: Path) -> None:
    """After a kill between any two lines, each chair gets the digest once."""

    def signed_up(env: JobEnvironment) -> None:
        env.sign_up(person(1), person(2, region="south"))

    def again(env: JobEnvironment) -> None:
        for minutes in (16, 32):
            killed_process.queue_and_send_digests(
                env.database, env.config, killed_process.MONDAY + timedelta(minutes=minutes)
            )

    def check(env: JobEnvironment) -> None:
        emails = env.rows("SELECT email, state FROM outbox_email ORDER BY email")
        assert emails == [(address, "done") for address in killed_process.CHAIRS]
        assert sorted(str(mail["To"]) for mail in env.emails()) == list(killed_process.CHAIRS)

    assert kill_at_every_moment("digest", template(signed_up), tmp_path, again, check) > 15


def test_ordered_emails(template: Template, tmp_path: Path) -> None:
    """After a kill between any two lines, each email is sent, and in order for each subject."""

    def again(env: JobEnvironment) -> None:
        for minutes in (16, 32):
            killed_process.queue_and_send_in_order(
                env.database, env.config, killed_process.MONDAY + timedelta(minutes=minutes)
            )

    def check(env: JobEnvironment) -> None:
        assert env.rows("SELECT state, count(*) FROM outbox_email GROUP BY state") == [("done", 4)]
        sent_at = {_name(mail): mail["Date"].datetime for mail in env.emails()}
        assert len(sent_at) == 4
        for subject in killed_process.SUBJECTS:
            assert sent_at[f"{subject}-1"] < sent_at[f"{subject}-2"]

    assert kill_at_every_moment("ordered", template(keep_empty), tmp_path, again, check) > 15


def test_emails_to_members(template: Template, tmp_path: Path) -> None:
    """After a kill between any two lines, each member gets the email once."""

    def sent(env: JobEnvironment) -> None:
        env.sign_up(person(1), person(2), person(3))
        killed_process.write_to_members(env.database, env.config)

    def again(env: JobEnvironment) -> None:
        for minutes in (16, 32):
            killed_process.hand_over_and_send(
                env.database, env.config, killed_process.MONDAY + timedelta(minutes=minutes)
            )

    def check(env: JobEnvironment) -> None:
        query = "SELECT state, count(*) FROM outbox_email WHERE kind = 'member-email' GROUP BY 1"
        assert env.rows(query) == [("done", 3)]
        assert len({str(mail["To"]) for mail in env.emails()}) == len(env.emails()) == 3

    assert kill_at_every_moment("to-members", template(sent), tmp_path, again, check) > 10


def _name(mail: EmailMessage) -> str:
    """The name in the salutation."""
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return str(text).partition(",")[0].removeprefix("Hello ")
