"""Mail against a real SMTP server on loopback: what is accepted, and what each refusal means."""

from __future__ import annotations

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

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PASSWORD = "a-password-of-the-test"


class Inbox:
    """Keeps what it is given; refuses as the tests ask it to."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.connections: set[object] = set()
        self.answers: dict[str, str] = {}

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections.add(session.peer)
        if answer := self.answers.get("RCPT"):
            return answer.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if answer := self.answers.get("DATA"):
            return answer
        self.envelopes.append(envelope)
        return "250 OK"


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


@contextmanager
def serving(inbox: Inbox, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
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
    with serving(inbox) as port:
        yield port


@contextmanager
def mailing(
    port: int, tls: ssl.SSLContext | None = None, **changes: object
) -> Iterator[SmtpMailer]:
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "timeout": 5, **changes}
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


def test_a_mail_arrives_whole(inbox: Inbox, port: int) -> None:
    with mailing(port) as mailer:
        mailer.send(message())
    (envelope,) = inbox.envelopes
    assert envelope.mail_from == "stewardpath@union.example"
    assert envelope.rcpt_tos == ["kim@member.example"]
    content = envelope.content
    assert isinstance(content, bytes)
    assert b"Message-ID: <delivery-7@union.example>" in content


def test_a_batch_shares_one_connection(inbox: Inbox, port: int) -> None:
    with mailing(port) as mailer:
        for number in range(5):
            mailer.send(message(number=number))
    assert len(inbox.envelopes) == 5
    assert len(inbox.connections) == 1


@pytest.mark.parametrize(
    ("step", "answer", "again", "numbers"),
    [
        ("RCPT", "550 5.1.1 <{address}> unknown here", False, "550 5.1.1"),
        ("RCPT", "450 4.2.1 <{address}> is over quota", True, "450 4.2.1"),
        ("RCPT", "421 <{address}>: closing", True, "421"),
        ("DATA", "554 5.7.1 looks like spam", False, "554 5.7.1"),
        ("DATA", "451 4.3.0 later please", True, "451 4.3.0"),
        ("MAIL", "451 4.3.2 busy", True, "451 4.3.2"),
    ],
)
def test_refusals_are_for_now_or_for_ever(
    inbox: Inbox, port: int, step: str, answer: str, again: bool, numbers: str
) -> None:
    inbox.answers[step] = answer
    with mailing(port) as mailer:
        with pytest.raises(MailError) as caught:
            mailer.send(message())
        assert caught.value.again is again
        assert f"({numbers})" in str(caught.value)
        assert "kim" not in str(caught.value)
        inbox.answers.clear()
        mailer.send(message())
    assert len(inbox.envelopes) == 1


def test_a_refused_sender_names_the_setting(inbox: Inbox, port: int) -> None:
    inbox.answers["MAIL"] = "550 5.7.1 not yours"
    with mailing(port) as mailer, pytest.raises(ConfigError, match=r"mail\.sender"):
        mailer.send(message())


def test_no_server_is_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with mailing(taken.getsockname()[1]) as mailer, pytest.raises(MailError) as caught:
            mailer.send(message())
    assert caught.value.again


def test_a_connection_that_broke_is_opened_again(inbox: Inbox, port: int) -> None:
    with mailing(port) as mailer:
        mailer.send(message(number=1))
        mailer._connection.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        with pytest.raises(MailError) as caught:
            mailer.send(message(number=2))
        assert caught.value.again
        mailer.send(message(number=2))
    assert len(inbox.envelopes) == 2


def test_an_address_with_accents_needs_a_server_that_takes_it(inbox: Inbox) -> None:
    with serving(inbox, enable_SMTPUTF8=False) as port, mailing(port) as mailer:
        with pytest.raises(MailError, match="accents") as caught:
            mailer.send(message("élan@member.example"))
        assert not caught.value.again
    with serving(inbox, enable_SMTPUTF8=True) as port, mailing(port) as mailer:
        mailer.send(message("élan@member.example"))
    assert inbox.envelopes[0].rcpt_tos == ["élan@member.example"]


# --- login


@pytest.fixture
def guarded(inbox: Inbox) -> Iterator[int]:
    options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    with serving(inbox, **options) as port:
        yield port


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_right_password_opens(inbox: Inbox, guarded: int) -> None:
    with mailing(guarded, username="bridge", password=PASSWORD) as mailer:
        mailer.send(message())
    assert len(inbox.envelopes) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("password", ["wrong-password", ""])
def test_a_wrong_password_names_its_variable(inbox: Inbox, guarded: int, password: str) -> None:
    with (
        mailing(guarded, username="bridge", password=password) as mailer,
        pytest.raises(ConfigError, match="STEWARDPATH_SMTP_PASSWORD") as caught,
    ):
        mailer.send(message())
    assert "wrong-password" not in str(caught.value)
    assert inbox.envelopes == []


def test_a_server_without_login_is_a_setting_to_correct(inbox: Inbox, port: int) -> None:
    with (
        mailing(port, username="bridge", password=PASSWORD) as mailer,
        pytest.raises(ConfigError, match=r"mail\.username"),
    ):
        mailer.send(message())


def test_no_password_goes_unencrypted_over_a_network() -> None:
    host = "mail.union.example"
    with (
        mailing(25, host=host, username="bridge", password=PASSWORD) as mailer,
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
    with serving(inbox, **{name: server_side(certificate)}) as port:
        yield request.param, port


def test_a_self_signed_certificate_is_not_trusted(inbox: Inbox, encrypted: tuple[str, int]) -> None:
    security, port = encrypted
    with (
        mailing(port, security=security) as mailer,
        pytest.raises(ConfigError, match="certificate cannot be trusted"),
    ):
        mailer.send(message())
    assert inbox.envelopes == []


def test_a_trusted_certificate_carries_the_mail(
    inbox: Inbox, encrypted: tuple[str, int], certificate: tuple[Path, Path]
) -> None:
    security, port = encrypted
    trusting = ssl.create_default_context(cafile=certificate[0])
    with mailing(port, trusting, security=security) as mailer:
        mailer.send(message())
    assert len(inbox.envelopes) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_without_encryption_is_never_used_in_the_clear(
    inbox: Inbox, port: int, security: str
) -> None:
    with (
        mailing(port, security=security) as mailer,
        pytest.raises(ConfigError, match=r"mail\.security"),
    ):
        mailer.send(message())
    assert inbox.envelopes == []
