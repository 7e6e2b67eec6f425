"""One award brings one email by default. What Moodle would email itself is noted by the sandbox."""

from __future__ import annotations

from collections import Counter
from types import NoneType

import pytest

from bridge.cli.moodle.plugin import COMPANION
from tests.support.job_environment import JobEnvironment, people
from tests.support.sample_curricula import curriculum, link, milestone, page, quiz, section


def award(env: JobEnvironment, *, in_moodle: bool) -> list[str]:
    """A member earns the first milestone. Returns the subjects of the emails we send for it."""
    env.curricula = [
        curriculum(
            milestone("first", section("start", page("hello"), quiz("check")), in_moodle=in_moodle),
            milestone("second", section("on", link("read"), quiz("deep")), after=("first",)),
        )
    ]
    env.apply()
    env.sign_up(*people(1))
    env.deliver()
    before = Counter(email["Subject"] for email in env.emails())
    env.finish("N1", "check", 100.0)
    env.pull()
    env.deliver()
    assert set(env.states()) == {"done"}
    return list((Counter(email["Subject"] for email in env.emails()) - before).elements())


def sent_by_moodle(env: JobEnvironment) -> list[str]:
    return [about for (about,) in env.site.rows("SELECT about FROM email")]


def test_by_default_one_award_brings_one_email(env: JobEnvironment) -> None:
    assert award(env, in_moodle=False) == ["Milestone reached: Milestone first"]
    assert sent_by_moodle(env) == []
    assert env.site.one("SELECT count(*) FROM badgeissued") == 1


def test_the_message_is_also_sent_in_moodle_if_the_curriculum_says_so(env: JobEnvironment) -> None:
    assert award(env, in_moodle=True) == ["Milestone reached: Milestone first"]
    assert sent_by_moodle(env) == ["message"]


def test_the_sandbox_notes_the_email_about_an_enrolment_in_another_course(
    env: JobEnvironment,
) -> None:
    user = env.site.account("kim")
    with env.moodle as moodle:
        row = {"roleid": 5, "userid": user, "courseid": 1}
        for _ in range(2):
            moodle.call("enrol_manual_enrol_users", {"enrolments": [row]}, NoneType)
    assert sent_by_moodle(env) == ["enrolment"]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("classes/badge_giver.php", "$badge->issue($userid, true);"),
        ("db/events.php", "'\\local_stewardpath\\course_welcome::method_added'"),
        ("db/upgrade.php", "\\local_stewardpath\\course_welcome::turn_off();"),
    ],
)
def test_the_plugin_keeps_moodle_from_sending_its_own(file: str, line: str) -> None:
    """The effect of these lines is only visible on a real Moodle, in its mail."""
    assert line in (COMPANION / file).read_text(encoding="utf-8")
