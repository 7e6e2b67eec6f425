"""Mail: a Letter is rendered from templates, composed into a message, and sent by a Mailer."""

from bridge.mail.letters import Kind, Letter, render
from bridge.mail.message import compose
from bridge.mail.send import FolderMailer, Mailer, open_mailer
from bridge.mail.smtp import SmtpMailer

__all__ = [
    "FolderMailer",
    "Kind",
    "Letter",
    "Mailer",
    "SmtpMailer",
    "compose",
    "open_mailer",
    "render",
]
