"""Sentences about saved filters and reports by email."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from bridge.web.committee.activity.told import Told, fill, person, who
from bridge.web.committee.saved.words import page_title


def saved(told: Told) -> Markup:
    return _about(gettext("%(who)s saved a filter of the list “%(list)s”."), told)


def changed(told: Told) -> Markup:
    return _about(gettext("%(who)s changed a saved filter of the list “%(list)s”."), told)


def deleted(told: Told) -> Markup:
    return _about(gettext("%(who)s deleted a saved filter of the list “%(list)s”."), told)


def emailed(told: Told) -> Markup:
    return _about(gettext("%(who)s emailed %(person)s the report “%(list)s”."), told)


def stopped(told: Told) -> Markup:
    return _about(gettext("%(who)s stopped the emails with the report “%(list)s”."), told)


def _about(template: str, told: Told) -> Markup:
    someone = person(told) if told.entry.person_id else ""
    return fill(template, who=who(told), person=someone, list=page_title(told.value("page")))
