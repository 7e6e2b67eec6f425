"""Somebody gets an email when the jobs have failed for a while, once a day at most."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.config import MailSettings, ServiceSettings
from bridge.jobs.tasks import run_outbox, run_pull
from bridge.store.delivery import outbox
from bridge.workflows.alerts import send_alert
from tests.support.job_environment import JobEnvironment, config_for, person
from tests.support.unreliable_smtp import unreliable_smtp

HOUR = timedelta(hours=1)


def configure(env: JobEnvironment, **mail: object) -> None:
    settings = {"folder": "mail", **mail}
    env.config = config_for(
        env.folder, env.site.url, service=ServiceSettings(alert_after=7200),
        committee=("chair@union.example",), operators=("it@union.example",),
        mail=MailSettings.model_validate(settings),
    )  # fmt: skip


def alerts(env: JobEnvironment) -> list[tuple[str]]:
    return env.rows("SELECT email FROM outbox_email WHERE kind = 'alert'")


def alert(env: JobEnvironment) -> list[str]:
    return [*send_alert(env.database, env.config, env.time)]


def test_late_pulls_are_reported_once_a_day(applied: JobEnvironment) -> None:
    configure(applied)
    run_pull(applied.database, applied.moodle, applied.config, applied.curricula, applied.clock)
    applied.time += 2 * HOUR
    assert alert(applied) == []
    applied.time += HOUR
    assert alert(applied) == alert(applied) == ["pull"]
    assert alerts(applied) == [("it@union.example",)]
    run_outbox(applied.database, applied.config, applied.clock)
    (mail,) = [mail for mail in applied.emails() if mail["To"] == "it@union.example"]
    assert "Reading results" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    applied.time += timedelta(days=1)
    alert(applied)
    assert len(alerts(applied)) == 2
    run_pull(applied.database, applied.moodle, applied.config, applied.curricula, applied.clock)
    assert alert(applied) == []


def test_deliveries_that_all_fail_are_reported(env: JobEnvironment) -> None:
    configure(env)
    env.sign_up(person(1))
    env.deliver()  # the courses don't exist
    env.time += 3 * HOUR
    assert alert(env) == ["deliver"]
    env.apply()
    env.deliver()
    assert alert(env) == []


@pytest.mark.parametrize("expires", [None, HOUR])
def test_emails_that_all_fail_are_reported(env: JobEnvironment, expires: timedelta | None) -> None:
    with unreliable_smtp(MAIL=b"451 later") as server:
        configure(env, host="127.0.0.1", port=server.port, security="none")
        with env.database.transaction() as session:
            words, end = {"link": "x", "minutes": 15}, expires and env.time + expires
            outbox.enqueue(session, "sign-in", "a@b.example", "en", words, env.time, expires_at=end)
        run_outbox(env.database, env.config, env.clock)
        assert alert(env) == []
        env.time += 2.5 * HOUR
        run_outbox(env.database, env.config, env.clock)
    assert alert(env) == ["email"]
