"""Emails: render one from templates, compose a message from it, and send it with a mailer."""

from bridge.mail.kinds import EmailKind
from bridge.mail.mailers import FolderMailer, Mailer, open_mailer
from bridge.mail.mime import compose
from bridge.mail.rendering import Email, render
from bridge.mail.smtp import SmtpMailer

__all__ = [
    "Email",
    "EmailKind",
    "FolderMailer",
    "Mailer",
    "SmtpMailer",
    "compose",
    "open_mailer",
    "render",
]
