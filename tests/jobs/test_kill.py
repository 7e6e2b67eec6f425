"""SIGKILL at any moment of any job, then again: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest
from standin import standing

from bridge.jobs.quizzes import count_quizzes
from bridge.moodle.site import connect
from bridge.plan import Plan

from . import victim
from .house import House, people, person

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["jobs.victim", "bridge.moodle.sandbox.app"])
STRIDE = {"apply": 3, "rename": 3, "deliver": 5, "pull": 1, "quizzes": 1, "sign-up": 1,
          "digest": 5}  # fmt: skip
"""Odd, so that the moments tried are now before a request, now after an answer."""
PATIENCE_SECONDS = 120
FIRST_TRIES = "SELECT quiz, grade, count(*) FROM first_try GROUP BY quiz, grade"
Prepare = Callable[[House], None]
Check = Callable[[House], None]


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Start the server that children are forked from, with all that they need imported.

    Python 3.11 does not hand it the path that modules are found by.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.ensure_running()


def die(job: str, folder: Path, url: str, moment: int) -> bool:
    """Whether the process was killed; False if the job ended before that moment came."""
    process = FORKS.Process(target=victim.run, args=(job, str(folder), url, moment))
    process.start()
    process.join(PATIENCE_SECONDS)
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL), code
    return code != 0


@contextmanager
def copy_of(template: Path, folder: Path) -> Iterator[House]:
    shutil.copytree(template, folder)
    with standing(folder / "moodle.db") as site:
        house = House(folder, site)
        yield house
        house.close()


def killed_at_every_moment(
    job: str, template: Path, tmp_path: Path, finish: Prepare, check: Check
) -> int:
    """Returns how often it was killed; the moments tried are every STRIDE-th."""
    moment, kills = 1, 0
    while True:
        with copy_of(template, tmp_path / f"{job}-{moment}") as house:
            if not die(job, house.folder, house.site.url, moment):
                return kills
            house.later()
            finish(house)
            check(house)
        kills += 1
        moment += STRIDE[job]


@pytest.fixture
def template(tmp_path: Path, empty_store: Path) -> Callable[[Prepare], Path]:
    def make(prepare: Prepare) -> Path:
        folder = tmp_path / "template"
        folder.mkdir()
        shutil.copy(empty_store, folder / "store.db")
        with standing(folder / "moodle.db") as site:
            house = House(folder, site)
            prepare(house)
            house.close()
        return folder

    return make


Template = Callable[[Prepare], Path]
TABLES = ("course", "section", "activity", "questioncategory", "entry", "slot", "cohort",
          "competency", "template", "templatecompetency")  # fmt: skip


def sizes(house: House, *tables: str) -> dict[str, int]:
    return {table: house.site.one(f"SELECT count(*) FROM {table}") for table in tables}


def nothing(_house: House) -> None:
    """A site as it is when it is new."""


def apply_(house: House) -> None:
    house.apply()


def test_apply(template: Template, tmp_path: Path) -> None:
    start = template(nothing)
    with copy_of(start, tmp_path / "whole") as house:
        house.apply()
        wanted = sizes(house, *TABLES, "question", "badge")

    def check(house: House) -> None:
        assert sizes(house, *TABLES, "question", "badge") == wanted
        assert house.apply()[0].plan == Plan()

    assert killed_at_every_moment("apply", start, tmp_path, apply_, check) > 10


def test_a_rename(template: Template, tmp_path: Path) -> None:
    def attempted(house: House) -> None:
        house.apply()
        house.site.finish(house.site.account("kim"), "stewardpath:path:check", 100.0)

    start = template(attempted)
    with copy_of(start, tmp_path / "whole") as house:
        wanted = sizes(house, *TABLES, "attempt")

    def again(house: House) -> None:
        house.curricula = [victim.RENAMED]
        house.apply()

    def check(house: House) -> None:
        assert sizes(house, *TABLES, "attempt") == wanted
        assert house.apply()[0].plan == Plan()
        names = house.site.rows("SELECT idnumber FROM questioncategory ORDER BY id")
        assert ("stewardpath:path:test",) in names

    assert killed_at_every_moment("rename", start, tmp_path, again, check) > 8


def test_sign_up(template: Template, tmp_path: Path) -> None:
    def again(house: House) -> None:
        house.sign_up(*people(3))

    def check(house: House) -> None:
        assert house.rows("SELECT count(*) FROM member") == [(3,)]
        kinds = dict(house.rows("SELECT kind, count(*) FROM delivery GROUP BY kind"))  # type: ignore[arg-type]
        assert kinds == dict.fromkeys(["account", "enrol", "notice", "plan", "welcome"], 3)

    assert killed_at_every_moment("sign-up", template(nothing), tmp_path, again, check) == 1


def test_pull(template: Template, tmp_path: Path) -> None:
    def passed(house: House) -> None:
        _enrolled(house)
        for number in (1, 2, 3):
            house.finish(f"N{number}", "check", 100.0)

    def again(house: House) -> None:
        house.pull()

    def check(house: House) -> None:
        assert house.awards() == [(f"N{n}", "first") for n in (1, 2, 3)]
        assert house.states("mail") == house.states("message") == {"owed": 3}
        assert house.rows(FIRST_TRIES) == [("check", 100.0, 3)]

    assert killed_at_every_moment("pull", template(passed), tmp_path, again, check) >= 3


def test_counting_quizzes(template: Template, tmp_path: Path) -> None:
    def lost(house: House) -> None:
        """Tries that only Moodle's own tables still know of."""
        _enrolled(house)
        for number in (1, 2, 3):
            house.finish(f"N{number}", "check", 40.0)
        house.site.do("DELETE FROM change WHERE kind = 'attempt'")
        house.pull()

    def again(house: House) -> None:
        site = connect(house.moodle)
        count_quizzes(
            house.database, house.moodle, site, house.curricula, house.time, everything=True
        )

    def check(house: House) -> None:
        assert house.rows(FIRST_TRIES) == [("check", 40.0, 3)]
        assert house.rows("SELECT quiz, tries, failed FROM quiz_figure") == [("check", 3, 3)]
        asked = "SELECT question, asked, wrong FROM question_figure ORDER BY 1"
        assert house.rows(asked) == [("one", 3, 3), ("two", 3, 3)]

    assert killed_at_every_moment("quizzes", template(lost), tmp_path, again, check) > 8


def _enrolled(house: House) -> None:
    house.apply()
    house.sign_up(*people(3))
    house.deliver()


def test_deliver_accounts_and_enrolments(template: Template, tmp_path: Path) -> None:
    def signed_up(house: House) -> None:
        house.apply()
        house.sign_up(*people(3))

    _delivered(template(signed_up), tmp_path, user=3 + 3, enrolment=3, plan=3)


def test_deliver_acknowledgements(template: Template, tmp_path: Path) -> None:
    def awarded(house: House) -> None:
        _enrolled(house)
        for number in (1, 2):
            house.finish(f"N{number}", "check", 100.0)
        house.pull()

    start = template(awarded)
    effects = {"message": 2, "badgeissued": 2, "cohortmember": 2, "usercompetency": 2}
    _delivered(start, tmp_path, enrolment=3 + 2, **effects)


def _delivered(start: Path, tmp_path: Path, **wanted: Any) -> None:
    def again(house: House) -> None:
        house.deliver()

    def check(house: House) -> None:
        assert sizes(house, *wanted) == wanted
        assert house.states().keys() == {"done"}
        owed = "SELECT count(*) FROM delivery WHERE kind IN ('welcome', 'mail')"
        ((letters,),) = house.rows(owed)
        notices = [mail for mail in house.mails() if mail["To"] == "chair@union.example"]
        assert len(house.mails()) - len(notices) == letters
        assert len(notices) == 1
        graded = house.site.faults.calls["core_competency_grade_competency"]
        assert graded <= wanted.get("usercompetency", 0)

    assert killed_at_every_moment("deliver", start, tmp_path, again, check) >= 5


def test_digest(template: Template, tmp_path: Path) -> None:
    """Killed between any two lines: each chair has the week once."""

    def signed_up(house: House) -> None:
        house.sign_up(person(1), person(2, region="south"))

    def again(house: House) -> None:
        for minutes in (11, 12):
            victim.tell(house.database, house.config, victim.MONDAY + timedelta(minutes=minutes))

    def check(house: House) -> None:
        letters = house.rows("SELECT email, state FROM letter ORDER BY email")
        assert letters == [(address, "done") for address in victim.CHAIRS]
        assert sorted(str(mail["To"]) for mail in house.mails()) == list(victim.CHAIRS)

    assert killed_at_every_moment("digest", template(signed_up), tmp_path, again, check) > 15
