"""Mail by SMTP: one verified connection for a batch, and errors that say whether to try again."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from bridge.config import MailSettings
from bridge.mail.smtp_errors import misconfigured, not_connected, not_sent

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SmtpMailer:
    """Sends over one connection, opened by the first mail and again after it broke.

    `tls`: how the server's certificate is checked; by default against the system's authorities.
    """

    def __init__(
        self, settings: MailSettings, password: str, tls: ssl.SSLContext | None = None
    ) -> None:
        self._settings = settings
        self._password = password
        self._tls = tls or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand one message to the server.

        Raises MailError (`again` for 4xx answers and broken connections, not for 5xx ones) and
        ConfigError where only a change of settings helps: login, certificate, sender.
        """
        connection = self._open()
        try:
            connection.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
                self.close()
            raise not_sent(error, self._place) from None

    def close(self) -> None:
        """Say goodbye; a connection that is already gone is no error."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    @property
    def _place(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _open(self) -> smtplib.SMTP:
        if self._connection is not None and self._connection.sock is not None:
            return self._connection
        self._refuse_readable_password()
        try:
            self._connection = self._connect()
            self._secure(self._connection)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise not_connected(error, self._place) from None
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        mail = self._settings
        if mail.security == "tls":
            return smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.timeout, context=self._tls)
        return smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout)

    def _secure(self, connection: smtplib.SMTP) -> None:
        if self._settings.security == "starttls":
            connection.starttls(context=self._tls)
        if self._settings.username:
            connection.login(self._settings.username, self._password)

    def _refuse_readable_password(self) -> None:
        mail = self._settings
        if mail.username and not self._password:
            raise misconfigured(
                "the mail server's password is not set", "STEWARDPATH_SMTP_PASSWORD", self._place
            )
        if mail.username and mail.security == "none" and mail.host not in LOOPBACK:
            raise misconfigured(
                "the SMTP password would cross the network readable", "mail.security", self._place
            )
