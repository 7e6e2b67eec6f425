"""Sentences about notes, and about two records of a member that became one."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from bridge.web.committee.activity.told import Told, fill, member, who


def added(told: Told) -> Markup:
    return _about(gettext("%(who)s added a note about %(member)s."), told)


def changed(told: Told) -> Markup:
    return _about(gettext("%(who)s changed a note about %(member)s."), told)


def removed(told: Told) -> Markup:
    return _about(gettext("%(who)s removed a note about %(member)s."), told)


def merged(told: Told) -> Markup:
    return _about(gettext("%(who)s merged another record with that of %(member)s."), told)


def _about(template: str, told: Told) -> Markup:
    return fill(template, who=who(told), member=member(told))
