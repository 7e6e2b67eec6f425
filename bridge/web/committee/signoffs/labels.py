"""The states of the entries of a list, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext, ngettext

from bridge.workflows.signoffs.preview import Line, State

STATES: Mapping[State, Callable[[int], str]] = {
    "new": lambda count: ngettext("%(num)s new", "%(num)s new", count),
    "already": lambda count: ngettext(
        "%(num)s already signed off", "%(num)s already signed off", count
    ),
    "not-found": lambda count: ngettext("%(num)s not found", "%(num)s not found", count),
    "ambiguous": lambda count: ngettext("%(num)s unclear", "%(num)s unclear", count),
    "left": lambda count: ngettext(
        "%(num)s has left the union", "%(num)s have left the union", count
    ),
    "own": lambda count: ngettext("%(num)s is yourself", "%(num)s are yourself", count),
    "twice": lambda count: ngettext(
        "%(num)s is in the list twice", "%(num)s are in the list twice", count
    ),
}
"""How many there are, in words."""


def state_in_words(line: Line) -> str:
    """What is the matter with an entry."""
    match line.state:
        case "new":
            return str(gettext("new"))
        case "already":
            return str(gettext("already signed off"))
        case "not-found":
            return str(gettext("not found"))
        case "ambiguous":
            return str(gettext("several members are meant"))
        case "left":
            return str(gettext("has left the union"))
        case "own":
            return str(gettext("yourself: someone else must sign off for you"))
        case "twice":
            return str(gettext("in the list twice"))


def entry_in_words(line: Line) -> str:
    """What was typed, and what is the matter with it."""
    return f"{line.text} ({state_in_words(line)})"
