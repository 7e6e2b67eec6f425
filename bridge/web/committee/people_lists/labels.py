"""The states of the entries of a list, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import flash
from flask_babel import gettext, lazy_gettext, ngettext

from bridge.workflows.people_lists.people import Line, Preview, State, T

MAX_TOLD = 20
"""How many entries that weren't recorded a message names."""
SILENT = ("new", "already", "twice")
"""Nobody needs to be told about these."""

Counted = Mapping[State, Callable[[int], str]]
Words = Mapping[State, str]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the states are called: `counted` for how many there are, `words` for one."""

    counted: Counted
    words: Words


COUNTED: Counted = {
    "new": lambda count: ngettext("%(num)s new", "%(num)s new", count),
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
WORDS: Words = {
    "new": lazy_gettext("new"),
    "not-found": lazy_gettext("not found"),
    "ambiguous": lazy_gettext("several members are meant"),
    "left": lazy_gettext("has left the union"),
    "twice": lazy_gettext("in the list twice"),
}


def tell_left_out(found: Preview[T], words: Words) -> None:
    """Name the entries that weren't recorded, in a message, with the reason."""
    left = [each for each in found.lines if each.state not in SILENT]
    if not left:
        return
    named = "; ".join(_in_words(each, words) for each in left[:MAX_TOLD])
    more = len(left) - MAX_TOLD
    if more > 0:
        named += "; " + ngettext("%(num)s more", "%(num)s more", more)
    flash(gettext("Not recorded: %(entries)s", entries=named), "warning")


def _in_words(line: Line[T], words: Words) -> str:
    """What was typed, and what is the matter with it."""
    return f"{line.text} ({words[line.state]})"
