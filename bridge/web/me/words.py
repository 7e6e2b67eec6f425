"""Requirements in the visitor's words."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from bridge.curriculum.model import (
    Activity,
    ActivityDone,
    AtLeast,
    HasRole,
    Link,
    Page,
    Quiz,
    Requirement,
    SignedOff,
)


def of(requirement: Requirement, activity: Activity | None, language: str) -> str:
    """What a requirement asks for. `activity` is the one it names, if the curriculum has it."""
    match requirement:
        case ActivityDone(key):
            return _activity(activity, language) if activity else key
        case SignedOff(key, title):
            return str(gettext("Signed off: %(what)s", what=title.pick(language) or key))
        case HasRole(name):
            return role(name)
        case AtLeast(count, parts):
            if count == len(parts):
                return str(gettext("All of these"))
            return str(ngettext("At least %(num)s of these", "At least %(num)s of these", count))


def _activity(activity: Activity, language: str) -> str:
    title = activity.title.pick(language)
    match activity:
        case Quiz():
            return str(gettext("Pass the quiz “%(title)s”", title=title))
        case Page():
            return str(gettext("Read the page “%(title)s”", title=title))
        case Link():
            return str(gettext("Open the link “%(title)s”", title=title))


def role(name: str) -> str:
    """That a role is held."""
    return str(gettext("Your union has you as: %(role)s", role=name))


def reach(title: str) -> str:
    """That a milestone comes first."""
    return str(gettext("Reach “%(title)s”", title=title))
