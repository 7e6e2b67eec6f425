"""Sentences about emails to many members."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from bridge.web.committee.activity.names import number_in
from bridge.web.committee.activity.told import Told, fill, link, who


def to_members(told: Told) -> Markup:
    """An email to many members was sent, stopped, and so on."""
    return fill(_template(told), who=who(told), email=_email(told), members=_members(told))


def _template(told: Told) -> str:
    match told.text_after("state"):
        case "sending" if "count" in told.entry.after:
            return str(gettext("%(who)s sent %(email)s to %(members)s."))
        case "sending":
            return str(gettext("%(who)s went on sending %(email)s."))
        case "stopped":
            return str(gettext("%(who)s stopped %(email)s before %(members)s got it."))
        case "retried":
            return str(gettext("%(who)s sent %(email)s again to %(members)s: it had failed."))
        case _:
            return str(gettext("%(who)s deleted the draft of an email to members."))


def _email(told: Told) -> str:
    number = number_in(told.entry.after, "email")
    words = str(gettext("an email"))
    return link(words, url_for("member_emails.show", number=number)) if number else words


def _members(told: Told) -> str:
    count = number_in(told.entry.after, "count")
    return str(ngettext("%(num)s member", "%(num)s members", count))
