"""Renames are remembered from the first pull, and stay so once they were applied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.curriculum.library.renames import with_known_renames
from bridge.curriculum.model import Curriculum, Milestone
from bridge.errors import MoodleRefused
from bridge.moodle.site.connection import connect
from bridge.plan import Action, Change, Plan, Resource
from bridge.store.curricula.former_keys import known_renames
from bridge.store.database import Database
from bridge.workflows.awards import assess
from bridge.workflows.renames import confirm_renames, remember_renames
from bridge.workflows.site_sync import ApplyResult, make_plan
from tests.store.conftest import db as db
from tests.store.conftest import url as url
from tests.store.sample_members import LATER, NOW
from tests.support.job_environment import JobEnvironment, person
from tests.support.sample_curricula import curriculum, milestone, page, quiz, section, small

DONE = ApplyResult(Plan(()))
KEY = ("path", "milestone", "first")


def files(key: str, previously: str = "") -> Curriculum:
    return curriculum(milestone(key, section("start", page(f"p-{key}")), previously=previously))


def remembered(db: Database, *read: Curriculum) -> str | None:
    """What the first milestone is called after pulls with these files, if its rename is known."""
    for each in read:
        with db.reading() as session:
            known = known_renames(session)
        remember_renames(db, with_known_renames([each], known), NOW)
    with db.reading() as session:
        return known_renames(session).steps.get(KEY)


def test_a_rename_that_was_only_read_is_forgotten_with_its_line(db: Database) -> None:
    assert remembered(db, files("other", "first")) == "other"
    assert remembered(db, files("other", "first")) == "other"
    assert remembered(db, files("other")) is None


def test_a_rename_is_forgotten_when_its_file_is_restored(db: Database) -> None:
    """The new key is gone with the line, and the former one is there again."""
    assert remembered(db, files("other", "first"), files("first")) is None
    assert remembered(db, files("other", "first"), files("third")) == "other"


def test_a_rename_that_was_applied_stays(db: Database) -> None:
    assert remembered(db, files("other", "first")) == "other"
    confirm_renames(db, files("other", "first"), DONE, LATER)
    assert remembered(db, files("other")) == "other"
    assert remembered(db, files("wrong", "first"), files("wrong")) == "other"


def test_a_chain_that_was_never_applied_stays(db: Database) -> None:
    remembered(db, files("second", "first"), files("third", "second"))
    with db.reading() as session:
        (found,) = with_known_renames([files("third", "second")], known_renames(session))
    assert (found.milestones[0].previously, found.milestones[0].earlier) == ("second", ("first",))


@pytest.mark.parametrize(("action", "left"), [("rename", None), ("change", "other")])
def test_a_rename_that_moodle_refused_was_not_applied(
    db: Database, action: Action, left: str | None
) -> None:
    refused = Change(action, Resource("course", "stewardpath:path:other", "Other", {}))
    result = ApplyResult(Plan((refused,)), refused=[(refused, MoodleRefused("no"))])
    confirm_renames(db, files("other", "first"), result, NOW)
    assert remembered(db, files("other", "first"), files("other")) == left


def test_what_a_wrong_rename_gave_is_gone_with_it(applied: JobEnvironment) -> None:
    applied.sign_up(person(1))
    applied.deliver()
    applied.finish("N1", "check", 100.0)
    applied.pull()
    assert applied.awards() == [("N1", "first")]
    other = milestone("other", section("start", page("more"), quiz("hard")))
    for former in ("first", ""):
        use_files(applied, replace(other, previously=former))
    still_open = "SELECT milestone FROM enrolment WHERE earned_at IS NULL ORDER BY milestone"
    assert applied.rows(still_open) == [("other",), ("second",)]
    assert applied.rows("SELECT former FROM former_key") == []
    plan = make_plan(connect(applied.moodle), applied.curricula[0], 1.0)
    assert "rename" not in {each.action for each in plan.changes}


def use_files(env: JobEnvironment, changed: Milestone) -> None:
    """Replace the milestones in the files, and evaluate the member again, as a pull does."""
    with env.database.reading() as session:
        known = known_renames(session)
    env.curricula = with_known_renames([replace(small(), milestones=(changed,))], known)
    remember_renames(env.database, env.curricula, env.time)
    with env.database.transaction() as session:
        assess(session, env.curricula, [1], env.time)
