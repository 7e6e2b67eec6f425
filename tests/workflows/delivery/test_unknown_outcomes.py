"""A mail server that accepts an email and loses its reply gets it twice at most."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.config import Config, MailSettings
from bridge.jobs.tasks import run_outbox
from bridge.mail import smtp_connection
from bridge.store.delivery import delivery_queries, failed_deliveries, failed_emails, outbox
from bridge.store.delivery.unknown_outcomes import SENDING
from tests.support.job_environment import NOON, JobEnvironment, config_for, people
from tests.support.unreliable_smtp import CLOSE, RESET, SILENT, unreliable_smtp

REFUSED = [
    {"greeting": CLOSE}, {"greeting": b"554 no"}, {"greeting": b"421 later"},
    {"greeting": b"what?"}, {"EHLO": CLOSE}, {"MAIL": b"451 later"}, {"MAIL": b"550 no"},
    {"MAIL": CLOSE}, {"RCPT": b"450 later"}, {"RCPT": b"550 no"}, {"RCPT": b"421 later"},
    {"RCPT": CLOSE}, {"DATA": b"451 later"}, {"DATA": b"554 no"}, {"DATA": CLOSE},
    {"DATA": b"what?"}, {"dot": b"451 later"}, {"dot": b"554 no"}, {"dot": b"421 later"},
]  # fmt: skip
ACCEPTED = [{}, {"QUIT": CLOSE}, {"QUIT": b"what?"}, {"dot": b"251 ok"}]
UNKNOWN = [
    {"dot": CLOSE}, {"dot": RESET}, {"dot": SILENT}, {"dot": b"what?"}, {"dot": b"250-more"},
    {"dot": b"354 what?"}, {"dot": b"2" * 9000},
]  # fmt: skip


def label(replies: dict[str, bytes]) -> str:
    return ",".join(f"{step}-{reply[:9].decode()}" for step, reply in replies.items()) or "good"


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_connection, "FINAL_REPLY_TIMEOUT_SECONDS", 0.2)


def config_with(env: JobEnvironment, port: int) -> Config:
    mail = MailSettings(host="127.0.0.1", port=port, security="none", timeout=10)
    return config_for(env.folder, env.site.url, mail=mail)


def run_often(env: JobEnvironment, config: Config) -> None:
    for _ in range(8):
        run_outbox(env.database, config, env.clock)
        env.time += timedelta(hours=7)


def queue(env: JobEnvironment) -> None:
    with env.database.transaction() as session:
        words = {"link": "x", "minutes": 15}
        outbox.enqueue(session, "sign-in", "kim@member.example", "en", words, NOON)


def outcome(env: JobEnvironment) -> tuple[str, str, int]:
    ((state, reason, count),) = env.rows("SELECT state, reason, unknown_outcomes FROM outbox_email")
    return state, reason, count


@pytest.mark.parametrize("replies", REFUSED, ids=label)
def test_an_email_that_was_refused_is_not_counted(
    env: JobEnvironment, replies: dict[str, bytes]
) -> None:
    queue(env)
    with unreliable_smtp(**replies) as server:
        run_often(env, config_with(env, server.port))
    assert server.connections > 0
    assert server.accepted == []
    _, reason, count = outcome(env)
    assert reason in ("later", "never", "configuration")
    assert count <= (reason == "never")


@pytest.mark.parametrize("replies", ACCEPTED, ids=label)
def test_an_email_that_was_accepted_is_sent_once(
    env: JobEnvironment, replies: dict[str, bytes]
) -> None:
    queue(env)
    with unreliable_smtp(**replies) as server:
        run_often(env, config_with(env, server.port))
    assert len(server.accepted) == 1
    assert outcome(env)[:2] == ("done", "")


@pytest.mark.parametrize("replies", UNKNOWN, ids=label)
def test_an_email_that_may_have_been_sent_is_sent_twice_at_most(
    env: JobEnvironment, replies: dict[str, bytes]
) -> None:
    queue(env)
    with unreliable_smtp(**replies) as server:
        run_often(env, config_with(env, server.port))
    assert len(server.accepted) == 2
    assert len(set(server.accepted)) == 1
    assert outcome(env) == ("failed", "unknown", 2)


def test_a_member_and_a_chair_get_an_email_twice_at_most(applied: JobEnvironment) -> None:
    applied.sign_up(*people(2))
    with unreliable_smtp(dot=CLOSE) as server:
        applied.config = config_with(applied, server.port)
        for _ in range(8):
            applied.deliver()
            applied.time += timedelta(hours=7)
    assert len(server.accepted) == 2 * (2 + 1)
    assert len(set(server.accepted)) == 2 + 1
    rows = "SELECT DISTINCT kind, state, reason, unknown_outcomes FROM delivery WHERE kind IN "
    assert sorted(applied.rows(rows + "('welcome', 'notice')")) == [
        ("notice", "failed", "unknown", 2), ("welcome", "failed", "unknown", 2),
    ]  # fmt: skip


def test_a_person_decides_about_each_email_that_may_have_been_sent(applied: JobEnvironment) -> None:
    applied.sign_up(*people(2))
    queue(applied)
    with unreliable_smtp(dot=CLOSE) as server:
        applied.config = config_with(applied, server.port)
        for _ in range(8):
            applied.deliver()
            run_outbox(applied.database, applied.config, applied.clock)
            applied.time += timedelta(hours=7)
    database, now = applied.database, applied.time
    with database.transaction() as session:
        assert delivery_queries.retry(session, now) == 0
        assert failed_emails.retry(session, now) == []
        welcome, other, *notices = failed_deliveries.list_failed_deliveries(session, 9)
        (email,) = failed_emails.failed_emails(session, 9)
        assert {each.reason for each in (welcome, other, *notices, email)} == {"unknown"}
        assert delivery_queries.retry(session, now, [welcome.id]) == 1
        assert delivery_queries.treat_as_sent(session, now, [other.id]) == [other.id]
        assert failed_emails.treat_as_sent(session, now) == [email.id]
    with unreliable_smtp() as server:
        applied.config = config_with(applied, server.port)
        applied.deliver()
        run_outbox(database, applied.config, applied.clock)
    assert len(server.accepted) == 1
    with database.reading() as session:
        left = failed_deliveries.list_failed_deliveries(session, 9)
    assert {each.id for each in left} == {each.id for each in notices}
    assert applied.rows("SELECT payload FROM outbox_email") == [("{}",)]


def test_a_process_killed_while_sending_counts_as_unknown(env: JobEnvironment) -> None:
    queue(env)
    for killed in range(2):
        with env.database.transaction() as session:
            (email,) = outbox.claim(session, f"w{killed}", env.time, timedelta(minutes=10), 9)
        with env.database.transaction() as session:
            assert outbox.begin_sending(session, email.id, f"w{killed}", env.time + SENDING)
        with env.database.transaction() as session:
            assert outbox.claim(session, "other", env.time, timedelta(minutes=10), 9) == []
        env.time += SENDING
    assert run_outbox(env.database, env.config, env.clock) == {}
    assert outcome(env) == ("failed", "unknown", 2)
    ((error,),) = env.rows("SELECT last_error FROM outbox_email")
    assert "may have been sent" in error


def test_an_email_that_another_worker_has_claimed_is_not_sent(env: JobEnvironment) -> None:
    queue(env)
    lease = timedelta(minutes=10)
    with env.database.transaction() as session:
        (email,) = outbox.claim(session, "slow", env.time, lease, 9)
        outbox.claim(session, "quick", env.time + lease, lease, 9)
        assert not outbox.begin_sending(session, email.id, "slow", env.time + lease + SENDING)


def test_a_message_that_was_cut_off_may_have_been_sent(env: JobEnvironment) -> None:
    queue(env)
    with unreliable_smtp(body=CLOSE) as server:
        run_often(env, config_with(env, server.port))
    assert server.accepted == []
    assert outcome(env)[:2] == ("failed", "unknown")
