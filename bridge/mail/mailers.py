"""Mailers send a message: by SMTP, or into a folder if no SMTP host is set."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from bridge.config import Config
from bridge.errors import MailError
from bridge.mail.mime import validated_message_id
from bridge.mail.smtp import SmtpMailer


class Mailer(Protocol):
    """Sends one message, or raises MailError (`again`: whether a retry may work)."""

    def send(self, message: EmailMessage) -> None: ...


class FolderMailer:
    """Writes each message to `<Message-ID>.eml`, so the same email sent twice is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the file completely or not at all. Raises MailError (again) if writing fails."""
        target = self._folder / f"{validated_message_id(str(message['Message-ID']))}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write_atomically(target, message.as_bytes())
        except OSError as error:
            raise MailError(
                f"the email cannot be written ({error.strerror}).",
                again=True,
                where=str(self._folder),
                todo="Check `mail.folder` and its permissions.",
            ) from None


def _write_atomically(target: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as file:
        try:
            file.write(content)
            file.close()
            os.replace(file.name, target)
        except BaseException:
            os.unlink(file.name)
            raise


@contextmanager
def open_mailer(config: Config) -> Iterator[Mailer]:
    """Open the configured mailer for one batch; all emails in it share one SMTP connection."""
    if not config.mail.host:
        yield FolderMailer(config.path(config.mail.folder))
        return
    secret = config.smtp_password
    mailer = SmtpMailer(config.mail, secret.get_secret_value() if secret else "")
    try:
        yield mailer
    finally:
        mailer.close()
