"""Sentences about course content, files, forms, contact requests and tokens."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from bridge.web.committee.activity.told import Told, curriculum, file, fill, form, subject, who


def contact(told: Told) -> Markup:
    return fill(gettext("%(who)s marked a contact request as done."), who=who(told))


def curriculum_edited(told: Told) -> Markup:
    before, after = told.entry.before.get("file"), told.entry.after.get("file")
    if not before:
        template = gettext("%(who)s added the file %(file)s.")
    elif not after:
        template = gettext("%(who)s deleted the file %(file)s.")
    elif before != after:
        template = gettext("%(who)s renamed a file to %(file)s.")
    else:
        template = gettext("%(who)s edited the file %(file)s.")
    return fill(template, who=who(told), file=file(told))


def published(told: Told) -> Markup:
    template = gettext("%(who)s published “%(curriculum)s” to Moodle.")
    return fill(template, who=who(told), curriculum=curriculum(told))


def token_added(told: Told) -> Markup:
    template = gettext("%(who)s created the API token “%(name)s”.")
    return fill(template, who=who(told), name=told.value("name"))


def token_revoked(told: Told) -> Markup:
    template = gettext("%(who)s revoked the API token “%(name)s”.")
    return fill(template, who=who(told), name=told.value("name"))


def file_stored(told: Told) -> Markup:
    template = gettext("%(who)s uploaded the file “%(name)s”.")
    return fill(template, who=who(told), name=told.value("name"))


def file_read(told: Told) -> Markup:
    template = gettext("%(who)s downloaded the file “%(name)s” of %(person)s.")
    return fill(template, who=who(told), name=told.value("name"), person=subject(told))


def form_read(told: Told) -> Markup:
    template = gettext("%(who)s viewed the form “%(form)s” of %(person)s.")
    return fill(template, who=who(told), form=form(told), person=subject(told))


def form_sent(told: Told) -> Markup:
    return fill(gettext("%(who)s sent the form “%(form)s”."), who=who(told), form=form(told))


def form_withdrawn(told: Told) -> Markup:
    template = gettext("%(who)s withdrew the form “%(form)s”.")
    return fill(template, who=who(told), form=form(told))
