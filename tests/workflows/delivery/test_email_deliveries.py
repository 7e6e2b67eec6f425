"""Which emails are sent, to which address, and only once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bridge.config import MailSettings
from tests.support.job_environment import JobEnvironment, config_for, people, person
from tests.support.ports import free_port


def subjects_to(env: JobEnvironment, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in env.emails() if mail["To"] == address]


@pytest.fixture
def ready(applied: JobEnvironment) -> JobEnvironment:
    return applied


def test_the_welcome_has_the_landing_page_and_the_contact(ready: JobEnvironment) -> None:
    ready.sign_up(person(1))
    ready.deliver()
    (mail,) = [mail for mail in ready.emails() if mail["To"] == "m1@example.org"]
    body = mail.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert "/path/path/first" in words
    assert "Pat" in words


def test_a_region_gets_one_notice_about_all_signups(ready: JobEnvironment) -> None:
    ready.sign_up(*people(3), person(4, region="south"), person(5, region=""))
    ready.deliver()
    (mail,) = [mail for mail in ready.emails() if mail["To"] == "chair@union.example"]
    body = mail.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    for number in (1, 2, 3):
        assert f"First{number} Last{number}" in words
        assert f"N{number}" in words
    assert "First4" not in words
    assert "@example.org" not in words


def test_only_the_notice_has_an_unsubscribe_header(
    ready: JobEnvironment,
) -> None:
    ready.sign_up(person(1))
    ready.deliver()
    mails = {str(mail["To"]): mail for mail in ready.emails()}
    way = mails["chair@union.example"]["List-Unsubscribe"]
    link, address = str(way).split(", ")
    assert address == "<mailto:stewardpath@example.org?subject=unsubscribe>"
    assert link.startswith(f"<{ready.config.service.url}/unsubscribe/")
    assert link[1:-1] in mails["chair@union.example"].get_body(("plain",)).get_content()
    assert mails["m1@example.org"]["List-Unsubscribe"] is None


def test_a_chair_can_opt_out_of_notices(ready: JobEnvironment) -> None:
    mail = MailSettings(folder=Path("mail"), no_notice=("Chair@union.example",))
    ready.config = config_for(ready.folder, ready.site.url, mail=mail)
    ready.sign_up(person(1))
    ready.deliver()
    assert subjects_to(ready, "chair@union.example") == []
    assert ready.states("notice") == {"done": 1}


def test_a_milestone_email_is_sent_once(ready: JobEnvironment) -> None:
    ready.sign_up(person(1))
    ready.deliver()
    ready.finish("N1", "check", 100.0)
    for _ in range(2):
        ready.pull()
        ready.deliver()
    subjects = subjects_to(ready, "m1@example.org")
    assert len(subjects) == 2
    assert sum("Milestone first" in subject for subject in subjects) == 1


def test_a_removed_curriculum_does_not_stop_other_emails(ready: JobEnvironment) -> None:
    other = replace(ready.curricula[0], key="another")
    ready.curricula = [other, *ready.curricula]
    ready.sign_up(person(1))
    ready.curricula = ready.curricula[1:]
    ready.deliver()
    assert len(subjects_to(ready, "m1@example.org")) == 1
    assert ready.rows("SELECT reason FROM delivery WHERE state = 'owed' AND kind = 'enrol'") == [
        ("configuration",)
    ]


class SmtpServer:
    """A mail server that can refuse recipients, and go silent after it accepted an email."""

    def __init__(self) -> None:
        self.refused: dict[str, str] = {}
        self.received: list[tuple[str, str]] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.refused.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = bytes(envelope.content or b"").decode()
        (message_id,) = (x for x in content.splitlines() if x.startswith("Message-ID"))
        self.received += [(address, message_id) for address in envelope.rcpt_tos]
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[SmtpServer, dict[str, Any]]]:
    box = SmtpServer()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, {"mail": MailSettings(host="127.0.0.1", port=port, security="none")}
    controller.stop()


def test_a_refused_and_a_busy_recipient_do_not_stop_the_others(
    env: JobEnvironment, inbox: tuple[SmtpServer, dict[str, Any]]
) -> None:
    box, settings = inbox
    env.config = config_for(env.folder, env.site.url, **settings)
    box.refused = {"m2@example.org": "550 5.1.1 no", "m3@example.org": "451 4.3.0 later"}
    env.apply()
    env.sign_up(*(person(n, region="") for n in range(1, 6)))
    env.deliver()
    assert env.states("welcome") == {"done": 3, "failed": 1, "owed": 1}
    assert "550 5.1.1" in env.errors()["N2"]
    box.refused = {}
    env.advance_time()
    env.deliver()
    assert env.states("welcome") == {"done": 4, "failed": 1}
    addresses = [address for address, _ in box.received]
    assert sorted(addresses) == [f"m{n}@example.org" for n in (1, 3, 4, 5)]
    assert len({message_id for _, message_id in box.received}) == 4


def test_without_a_mail_server_emails_are_retried(env: JobEnvironment) -> None:
    settings = {"mail": MailSettings(host="127.0.0.1", port=1, security="none")}
    env.config = config_for(env.folder, env.site.url, **settings)
    env.sign_up(*people(2))
    env.deliver()
    assert env.states("welcome") == {"owed": 2}
    assert env.states("notice") == {"owed": 2}
