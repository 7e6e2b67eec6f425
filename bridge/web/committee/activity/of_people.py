"""Sentences about persons, whether members or not."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from bridge.web.committee.activity.told import Told, fill, member, person, who


def looked(told: Told) -> Markup:
    return _about(gettext("%(who)s viewed the entry of %(person)s."), told)


def exported(told: Told) -> Markup:
    return _about(gettext("%(who)s exported the data of %(person)s."), told)


def added(told: Told) -> Markup:
    return _about(gettext("%(who)s added %(person)s."), told)


def changed(told: Told) -> Markup:
    return _about(gettext("%(who)s changed the entry of %(person)s."), told)


def confirmed(told: Told) -> Markup:
    return fill(gettext("%(person)s confirmed their email address."), person=person(told))


def linked(told: Told) -> Markup:
    if told.entry.after.get("member_id"):
        template = gettext("%(who)s linked the entry of %(person)s to the record of %(member)s.")
    else:
        template = gettext(
            "%(who)s unlinked the entry of %(person)s from the record of %(member)s."
        )
    return fill(template, who=who(told), person=person(told), member=member(told))


def merged(told: Told) -> Markup:
    return _about(gettext("%(who)s merged two entries of %(person)s."), told)


def erased(told: Told) -> Markup:
    return fill(gettext("%(who)s erased a person."), who=who(told))


def _about(template: str, told: Told) -> Markup:
    return fill(template, who=who(told), person=person(told))
