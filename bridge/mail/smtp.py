"""Send emails by SMTP: one verified connection per batch; errors say whether to retry."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from functools import cached_property
from typing import assert_never

from bridge.config import MailSettings
from bridge.mail.smtp_connection import (
    CarefulSmtp,
    CarefulSmtpOverTls,
    NoFinalReply,
)
from bridge.mail.smtp_errors import misconfigured, not_connected, not_sent, outcome_unknown

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SmtpMailer:
    """Sends over one connection, opened with the first email and reopened if it breaks.

    `tls`: how to check the server's certificate; by default with the system's authorities.
    """

    def __init__(
        self,
        settings: MailSettings,
        password: str,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._password = password
        self._given_tls = tls
        self._connection: CarefulSmtp | CarefulSmtpOverTls | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand one message to the server.

        Raises MailOutcomeUnknown if the server may have accepted it, else MailError (`again` for
        4xx replies and broken connections, not for 5xx replies) and ConfigError if only a changed
        setting helps: login, certificate, sender.
        """
        connection = self._open()
        try:
            connection.send_message(message)
        except NoFinalReply as error:
            connection.close()
            self._connection = None
            raise outcome_unknown(str(error), self._server) from None
        except (smtplib.SMTPException, OSError) as error:
            if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
                self.close()
            raise not_sent(error, self._server) from None

    def close(self) -> None:
        """Close the connection; one that is already broken is not an error."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Reading the system's authorities takes longer than sending many emails."""
        return self._given_tls or ssl.create_default_context()

    @property
    def _server(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _open(self) -> CarefulSmtp | CarefulSmtpOverTls:
        if self._connection is not None and self._connection.sock is not None:
            return self._connection
        self._refuse_insecure_password()
        try:
            self._connection = self._connect()
            self._secure(self._connection)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise not_connected(error, self._server) from None
        return self._connection

    def _connect(self) -> CarefulSmtp | CarefulSmtpOverTls:
        mail = self._settings
        match mail.security:
            case "tls":
                return CarefulSmtpOverTls(
                    mail.host, mail.port, timeout=mail.timeout, context=self._tls
                )
            case "starttls" | "none":
                return CarefulSmtp(mail.host, mail.port, timeout=mail.timeout)
            case _:
                assert_never(mail.security)

    def _secure(self, connection: smtplib.SMTP) -> None:
        if self._settings.security == "starttls":
            connection.starttls(context=self._tls)
        if self._settings.username:
            connection.login(self._settings.username, self._password)

    def _refuse_insecure_password(self) -> None:
        mail = self._settings
        if mail.username and not self._password:
            raise misconfigured(
                "the mail server's password is not set", "STEWARDPATH_SMTP_PASSWORD", self._server
            )
        if mail.username and mail.security == "none" and mail.host not in LOOPBACK:
            raise misconfigured(
                "the SMTP password would be sent unencrypted", "mail.security", self._server
            )
