"""Sentences about roles in Stewardpath itself."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from bridge.access.roles import ROLES
from bridge.web.committee.activity.told import Told, fill, person, who
from bridge.web.layout.formatting import key_as_words
from bridge.web.layout.translation import translated_text


def given(told: Told) -> Markup:
    return _about(gettext("%(who)s gave %(person)s the role “%(role)s” in Stewardpath."), told)


def confirmed(told: Told) -> Markup:
    template = gettext("%(who)s confirmed the role “%(role)s” of %(person)s in Stewardpath.")
    return _about(template, told)


def invited_again(told: Told) -> Markup:
    template = gettext("%(who)s sent %(person)s the invitation to the role “%(role)s” again.")
    return _about(template, told)


def accepted(told: Told) -> Markup:
    return _about(gettext("%(person)s accepted the role “%(role)s” in Stewardpath."), told)


def removed(told: Told) -> Markup:
    return _about(gettext("%(who)s ended the role “%(role)s” of %(person)s in Stewardpath."), told)


def _about(template: str, told: Told) -> Markup:
    key = told.value("role")
    titles = {str(role): translated_text(data.title) for role, data in ROLES.items()}
    someone = person(told) if told.entry.person_id else told.value("email")
    role = titles.get(key) or key_as_words(key)
    return fill(template, who=who(told), person=someone, role=role)
