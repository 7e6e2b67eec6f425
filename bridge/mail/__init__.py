"""Mail: a Letter is rendered from templates, composed into a message, and sent by a Mailer."""

from bridge.mail.mailers import FolderMailer, Mailer, open_mailer
from bridge.mail.mime import compose
from bridge.mail.rendering import Email, EmailKind, render
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
