"""Emails that may have been sent: a person decides whether to send them again."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash
from flask_babel import gettext

from bridge.web.lists.columns import Button


def buttons_for(reason: str, about: str, retry: str, sent: str) -> list[Button]:
    """The buttons of a failed delivery or email.

    `about`: what it is, for screen readers. `retry` and `sent`: the addresses to post to; no
    `retry` if it can't be retried.
    """
    if reason != "unknown":
        again = (retry, gettext("Retry"), gettext("Retry: %(about)s", about=about))
        return [again] if retry else []
    again = (retry, gettext("Send again"), gettext("Send again: %(about)s", about=about))
    settle = (sent, gettext("Treat as sent"), gettext("Treat as sent: %(about)s", about=about))
    return [again, settle] if retry else [settle]


def flash_treated_as_sent(settled: Sequence[int]) -> None:
    """Say whether the email was settled; someone else may have decided meanwhile."""
    if settled:
        flash(gettext("Treated as sent. It won't be sent again."), "success")
    else:
        flash(gettext("Nothing was changed: someone else has decided already."), "info")
