"""Sentences about live sessions."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from bridge.web.committee.activity.told import Told, fill, person, session, who


def changed(told: Told) -> Markup:
    before, after = told.entry.before, told.entry.after
    if "materials" in after and "state" not in after and set(after) <= {"session", "materials"}:
        template = gettext("%(who)s changed the materials of the session %(session)s.")
    else:
        template = _new_state(str(after.get("state", "")), is_new=not before)
    return fill(template, who=who(told), session=session(told))


def _new_state(state: str, *, is_new: bool) -> str:
    match state:
        case "draft" if is_new:
            return str(gettext("%(who)s scheduled the session %(session)s."))
        case "open":
            return str(gettext("%(who)s opened the registration for the session %(session)s."))
        case "postponed":
            return str(gettext("%(who)s postponed the session %(session)s."))
        case "cancelled":
            return str(gettext("%(who)s cancelled the session %(session)s."))
        case _:
            return str(gettext("%(who)s changed the session %(session)s."))


def leaders_named(told: Told) -> Markup:
    template = gettext("%(who)s named the leaders of the session %(session)s.")
    return fill(template, who=who(told), session=session(told))


def attendance(told: Told) -> Markup:
    template = _attended(told.entry.after.get("attended"))
    return fill(template, who=who(told), person=person(told), session=session(told))


def _attended(said: object) -> str:
    if said is None:
        return str(gettext("%(who)s took back the attendance of %(person)s at %(session)s."))
    if said:
        return str(gettext("%(who)s recorded that %(person)s attended %(session)s."))
    return str(gettext("%(who)s recorded that %(person)s didn't attend %(session)s."))
