"""Sentences about deliveries, emails, and questions about accounts and numbers."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from bridge.web.committee.activity.told import Told, delivery, fill, member, who


def retried(told: Told) -> Markup:
    if told.entry.member_id:
        return _about_delivery(gettext("%(who)s retried “%(what)s” for %(member)s."), told)
    if told.value("kind"):
        template = gettext("%(who)s retried the email “%(what)s”.")
        return fill(template, who=who(told), what=delivery(told))
    return fill(gettext("%(who)s sent again what may have been sent."), who=who(told))


def treated_as_sent(told: Told) -> Markup:
    if told.entry.member_id:
        return _about_delivery(gettext("%(who)s treated “%(what)s” for %(member)s as sent."), told)
    return fill(gettext("%(who)s treated as sent what may have been sent."), who=who(told))


def _about_delivery(template: str, told: Told) -> Markup:
    return fill(template, who=who(told), what=delivery(told), member=member(told))


def account_answered(told: Told) -> Markup:
    match told.entry.after.get("answer"):
        case "same":
            template = gettext("%(who)s confirmed that a Moodle account belongs to %(member)s.")
        case "different":
            template = gettext("%(who)s said that a Moodle account isn't that of %(member)s.")
        case _:
            template = gettext("%(who)s withdrew an answer about the account of %(member)s.")
    return fill(template, who=who(told), member=member(told))


def number_answered(told: Told) -> Markup:
    match told.entry.after.get("answer"):
        case "same":
            template = gettext("%(who)s confirmed that a member number belongs to %(member)s.")
        case "different":
            template = gettext("%(who)s said that a member number isn't that of %(member)s.")
        case _:
            template = gettext("%(who)s withdrew an answer about the number of %(member)s.")
    return fill(template, who=who(told), member=member(told))


def difference_answered(told: Told) -> Markup:
    match told.entry.after.get("answer"):
        case "again":
            template = gettext("%(who)s had something restored in Moodle for %(member)s.")
        case "leave":
            template = gettext("%(who)s left a difference in Moodle as it is for %(member)s.")
        case _:
            template = gettext("%(who)s withdrew a decision about Moodle for %(member)s.")
    return fill(template, who=who(told), member=member(told))
