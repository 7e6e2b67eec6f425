"""Sentences about consultations."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from bridge.web.committee.activity.names import number_in
from bridge.web.committee.activity.told import Told, fill, link, person, who


def changed(told: Told) -> Markup:
    return _about(_change(told), told)


def _change(told: Told) -> str:
    before, after = told.entry.before, told.entry.after
    if state := told.text_after("state"):
        return _new_state(state, is_new=not before)
    if "group" in after:
        return str(gettext("%(who)s added a group to the consultation %(title)s."))
    if "group" in before and "degree" in after:
        return str(gettext("%(who)s ended that a group decides in the consultation %(title)s."))
    if "group" in before:
        return str(gettext("%(who)s removed a group from the consultation %(title)s."))
    if "decision" in after:
        return str(gettext("%(who)s responded to a point of the consultation %(title)s."))
    if "decision" in before:
        return str(gettext("%(who)s withdrew a response of the consultation %(title)s."))
    if "responses" in after:
        return str(gettext("%(who)s sent the responses of the consultation %(title)s."))
    return str(gettext("%(who)s changed the consultation %(title)s."))


def _new_state(state: str, *, is_new: bool) -> str:
    match state:
        case "open" if is_new:
            return str(gettext("%(who)s opened the consultation %(title)s."))
        case "open":
            return str(gettext("%(who)s reopened the consultation %(title)s."))
        case "closed":
            return str(gettext("%(who)s closed the consultation %(title)s."))
        case "finished":
            return str(gettext("%(who)s finished the consultation %(title)s."))
        case _:
            return str(gettext("%(who)s changed the consultation %(title)s."))


def invitation(told: Told) -> Markup:
    if told.text_after("state") == "withdrawn":
        template = gettext(
            "%(who)s withdrew the invitation of %(person)s to the consultation %(title)s."
        )
    else:
        template = gettext("%(who)s invited %(person)s to the consultation %(title)s.")
    return _about(template, told)


def answers(told: Told) -> Markup:
    """Someone's own answers, or those that the committee enters for them."""
    if told.entry.actor.startswith("person:"):
        template = gettext("%(who)s answered the consultation %(title)s.")
    else:
        template = gettext(
            "%(who)s entered the answers of %(person)s to the consultation %(title)s."
        )
    return _about(template, told)


def approval(told: Told) -> Markup:
    match told.text_after("approval"):
        case "approved":
            template = gettext("%(who)s approved the text of the consultation %(title)s.")
        case "refused":
            template = gettext("%(who)s refused the text of the consultation %(title)s.")
        case _:
            template = gettext(
                "%(who)s took back their decision about the text of the consultation %(title)s."
            )
    return _about(template, told)


def _about(template: str, told: Told) -> Markup:
    return fill(template, who=who(told), person=person(told), title=_consultation(told))


def _consultation(told: Told) -> str:
    """The title of a consultation, linked to its page."""
    number = number_in(told.entry.after, "consultation")
    title = told.names.consultations.get(number)
    if title is None:
        return str(gettext("(deleted)"))
    return link(title, url_for("committee_consultations.show", number=number))
