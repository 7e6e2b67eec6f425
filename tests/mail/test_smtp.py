"""Sending to a real SMTP server on loopback: what it accepts, and what each refusal means."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bridge.config import MailSettings
from bridge.errors import ConfigError, MailError
from bridge.mail import Email, SmtpMailer, compose
from tests.support.ports import free_port
from tests.support.waiting import HANG_SECONDS, wait_until

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PASSWORD = "a-test-password"


class Inbox:
    """Stores the messages it receives, or refuses them with the replies in `replies`."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.connections: set[object] = set()
        self.replies: dict[str, str] = {}

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.replies.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections.add(session.peer)
        if reply := self.replies.get("RCPT"):
            return reply.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if reply := self.replies.get("DATA"):
            return reply
        self.envelopes.append(envelope)
        return "250 OK"


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


@contextmanager
def smtp_server(inbox: Inbox, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(
        inbox, hostname="127.0.0.1", port=port, ready_timeout=HANG_SECONDS, **options
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    with smtp_server(inbox) as port:
        yield port


@contextmanager
def open_smtp_mailer(
    port: int, tls: ssl.SSLContext | None = None, **changes: object
) -> Iterator[SmtpMailer]:
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "timeout": HANG_SECONDS,
        **changes,
    }
    password = str(settings.pop("password", ""))
    mailer = SmtpMailer(MailSettings.model_validate(settings), password, tls)
    try:
        yield mailer
    finally:
        mailer.close()


def message(to: str = "kim@member.example", number: int = 7) -> EmailMessage:
    return compose(
        Email("Élan", "Plain ᐃᓄ\n", "<p>Rich</p>"),
        to=to,
        sender="stewardpath@union.example",
        message_id=f"delivery-{number}@union.example",
        date=NOON,
    )


def test_an_email_arrives_complete(inbox: Inbox, port: int) -> None:
    with open_smtp_mailer(port) as mailer:
        mailer.send(message())
    (envelope,) = inbox.envelopes
    assert envelope.mail_from == "stewardpath@union.example"
    assert envelope.rcpt_tos == ["kim@member.example"]
    content = envelope.content
    assert isinstance(content, bytes)
    assert b"Message-ID: <delivery-7@union.example>" in content


def test_a_batch_shares_one_connection(inbox: Inbox, port: int) -> None:
    with open_smtp_mailer(port) as mailer:
        for number in range(5):
            mailer.send(message(number=number))
    assert len(inbox.envelopes) == 5
    assert len(inbox.connections) == 1


@pytest.mark.parametrize(
    ("step", "reply", "again", "codes"),
    [
        ("RCPT", "550 5.1.1 <{address}> unknown here", False, "550 5.1.1"),
        ("RCPT", "450 4.2.1 <{address}> is over quota", True, "450 4.2.1"),
        ("RCPT", "421 <{address}>: closing", True, "421"),
        ("DATA", "554 5.7.1 looks like spam", False, "554 5.7.1"),
        ("DATA", "451 4.3.0 later please", True, "451 4.3.0"),
        ("MAIL", "451 4.3.2 busy", True, "451 4.3.2"),
    ],
)
def test_a_refusal_is_temporary_or_permanent(
    inbox: Inbox, port: int, step: str, reply: str, again: bool, codes: str
) -> None:
    inbox.replies[step] = reply
    with open_smtp_mailer(port) as mailer:
        with pytest.raises(MailError) as caught:
            mailer.send(message())
        assert caught.value.again is again
        assert f"({codes})" in str(caught.value)
        assert "kim" not in str(caught.value)
        inbox.replies.clear()
        mailer.send(message())
    assert len(inbox.envelopes) == 1


def test_a_refused_sender_names_the_setting(inbox: Inbox, port: int) -> None:
    inbox.replies["MAIL"] = "550 5.7.1 not yours"
    with open_smtp_mailer(port) as mailer, pytest.raises(ConfigError, match=r"mail\.sender"):
        mailer.send(message())


def test_an_unreachable_server_is_retried() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with open_smtp_mailer(taken.getsockname()[1]) as mailer, pytest.raises(MailError) as caught:
            mailer.send(message())
    assert caught.value.again


def test_a_broken_connection_is_reopened(inbox: Inbox, port: int) -> None:
    with open_smtp_mailer(port) as mailer:
        mailer.send(message(number=1))
        mailer._connection.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        with pytest.raises(MailError) as caught:
            mailer.send(message(number=2))
        assert caught.value.again
        mailer.send(message(number=2))
    assert len(inbox.envelopes) == 2


def test_an_address_with_accents_needs_a_server_that_supports_it(inbox: Inbox) -> None:
    with smtp_server(inbox, enable_SMTPUTF8=False) as port, open_smtp_mailer(port) as mailer:
        with pytest.raises(MailError, match="accents") as caught:
            mailer.send(message("élan@member.example"))
        assert not caught.value.again
    with smtp_server(inbox, enable_SMTPUTF8=True) as port, open_smtp_mailer(port) as mailer:
        mailer.send(message("élan@member.example"))
    assert inbox.envelopes[0].rcpt_tos == ["élan@member.example"]


def test_the_reply_to_a_complete_message_has_ten_minutes() -> None:
    class Observer(Inbox):
        waiting: float | None = None

        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            await asyncio.to_thread(wait_until, lambda: self.timeout() != 180)
            self.waiting = self.timeout()
            return "250 OK"

        def timeout(self) -> float | None:
            return mailer._connection.sock.gettimeout()  # type: ignore[union-attr]

    inbox = Observer()
    with smtp_server(inbox) as port, open_smtp_mailer(port, timeout=5) as mailer:
        mailer.send(message())
        assert inbox.waiting == 600
        assert inbox.timeout() == 5


# --- login


@pytest.fixture
def login_port(inbox: Inbox) -> Iterator[int]:
    options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    with smtp_server(inbox, **options) as port:
        yield port


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_right_password_logs_in(inbox: Inbox, login_port: int) -> None:
    with open_smtp_mailer(login_port, username="bridge", password=PASSWORD) as mailer:
        mailer.send(message())
    assert len(inbox.envelopes) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("password", ["wrong-password", ""])
def test_a_wrong_password_names_its_variable(inbox: Inbox, login_port: int, password: str) -> None:
    with (
        open_smtp_mailer(login_port, username="bridge", password=password) as mailer,
        pytest.raises(ConfigError, match="STEWARDPATH_SMTP_PASSWORD") as caught,
    ):
        mailer.send(message())
    assert "wrong-password" not in str(caught.value)
    assert inbox.envelopes == []


def test_a_server_without_login_names_the_setting(inbox: Inbox, port: int) -> None:
    with (
        open_smtp_mailer(port, username="bridge", password=PASSWORD) as mailer,
        pytest.raises(ConfigError, match=r"mail\.username"),
    ):
        mailer.send(message())


def test_a_password_is_never_sent_unencrypted() -> None:
    host = "mail.union.example"
    with (
        open_smtp_mailer(25, host=host, username="bridge", password=PASSWORD) as mailer,
        pytest.raises(ConfigError, match=r"mail\.security"),
    ):
        mailer.send(message())


# --- encryption


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def server_side(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture(params=["starttls", "tls"])
def encrypted(
    request: pytest.FixtureRequest, inbox: Inbox, certificate: tuple[Path, Path]
) -> Iterator[tuple[str, int]]:
    name = "tls_context" if request.param == "starttls" else "ssl_context"
    with smtp_server(inbox, **{name: server_side(certificate)}) as port:
        yield request.param, port


def test_a_self_signed_certificate_is_not_trusted(inbox: Inbox, encrypted: tuple[str, int]) -> None:
    security, port = encrypted
    with (
        open_smtp_mailer(port, security=security) as mailer,
        pytest.raises(ConfigError, match="certificate cannot be trusted"),
    ):
        mailer.send(message())
    assert inbox.envelopes == []


def test_an_email_is_sent_with_a_trusted_certificate(
    inbox: Inbox, encrypted: tuple[str, int], certificate: tuple[Path, Path]
) -> None:
    security, port = encrypted
    trusting = ssl.create_default_context(cafile=certificate[0])
    with open_smtp_mailer(port, trusting, security=security) as mailer:
        mailer.send(message())
    assert len(inbox.envelopes) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_without_encryption_is_not_used(inbox: Inbox, port: int, security: str) -> None:
    with (
        open_smtp_mailer(port, security=security) as mailer,
        pytest.raises(ConfigError, match=r"mail\.security"),
    ):
        mailer.send(message())
    assert inbox.envelopes == []
