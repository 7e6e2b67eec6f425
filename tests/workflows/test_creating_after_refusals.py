"""What Moodle refused once, or a proxy sent twice, leaves nothing twice and nobody behind."""

from __future__ import annotations

import pytest

from bridge.curriculum.model import Curriculum
from tests.support.job_environment import JobEnvironment, people
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sample_curricula import curriculum, milestone, page, quiz, section
from tests.support.sandbox_server import SandboxServer


@pytest.fixture(params=["companion", "core"])
def site(
    request: pytest.FixtureRequest, build: BuildEnvironment, sandbox_server: SandboxServer,
    bare_sandbox_server: SandboxServer,
) -> JobEnvironment:  # fmt: skip
    return build(sandbox_server if request.param == "companion" else bare_sandbox_server)


@pytest.mark.parametrize("refused", ["competency_framework", "competency", "template"])
def test_one_refusal_leaves_one_template(site: JobEnvironment, refused: str) -> None:
    name = "core_competency_create_" + refused
    site.site.fail("exception", name, code="invalidparameter")
    for _ in range(2):
        site.apply()
    counts = [site.site.one(f"SELECT count(*) FROM {t}") for t in ("template", "framework")]
    assert counts == [1, 1]
    assert site.site.one("SELECT count(*) FROM templatecompetency") == 2


def test_a_template_that_an_earlier_attempt_created_is_used(site: JobEnvironment) -> None:
    site.apply()
    site.site.do("DELETE FROM framework")
    site.site.do("DELETE FROM competency")
    site.apply()
    assert site.site.one("SELECT count(*) FROM template") == 1


@pytest.mark.parametrize("emails_confirmed", [True, False])
def test_accounts_of_a_batch_that_was_sent_twice_are_known(
    site: JobEnvironment, emails_confirmed: bool
) -> None:
    site.apply()
    site.site.switch("emailchangeconfirmation", on=emails_confirmed)
    site.sign_up(*people(5))
    site.site.fail("after-write", "core_user_create_users")
    site.deliver()
    assert site.states("account") == {"done": 5}, site.errors()


def test_an_account_that_someone_else_made_meanwhile_is_not_taken(site: JobEnvironment) -> None:
    site.apply()
    site.site.switch("emailchangeconfirmation", on=False)
    site.sign_up(*people(1))
    site.site.account("stranger", "m1@example.org")
    site.deliver()
    assert site.states("account")["done"] == (1 if not site_knows_setting(site) else 0)


def site_knows_setting(env: JobEnvironment) -> bool:
    """Core functions don't show whether emails are confirmed: Moodle's default is yes."""
    return any("local_stewardpath" in name for name in env.moodle.calls)


def renamed() -> Curriculum:
    first = milestone("begun", section("start", page("hello"), quiz("check")), previously="first")
    return curriculum(first)


def test_a_renamed_milestone_keeps_its_badge(applied: JobEnvironment) -> None:
    badge = "SELECT id, idnumber FROM badge WHERE name = 'Badge first' OR name = 'Badge begun'"
    before = applied.site.rows(badge)
    applied.curricula = (renamed(),)
    applied.apply()
    assert applied.site.rows(badge) == [(before[0][0], "stewardpath:path:begun")]
    applied.site.faults.clear()
    applied.apply()
    assert applied.site.writes == []


def test_an_old_plugin_gives_a_renamed_milestone_a_new_badge(applied: JobEnvironment) -> None:
    applied.site.fail("exception", "local_stewardpath_rename", code="unknowncourse")
    applied.curricula = (renamed(),)
    applied.apply()
    names = {name for (name,) in applied.site.rows("SELECT idnumber FROM badge")}
    assert {"stewardpath:path:first", "stewardpath:path:begun"} <= names
