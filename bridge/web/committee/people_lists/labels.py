"""The states of the entries of a list, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from flask import flash
from flask_babel import gettext, lazy_gettext, ngettext

from bridge.workflows.people_lists.people import Line, Preview, S, T, UnclearState

K = TypeVar("K", bound=str)

MAX_TOLD = 20
"""How many entries that weren't recorded a message names."""
SILENT = ("new", "already", "twice")
"""Nobody needs to be told about these."""

Count = Callable[[int], str]
"""Says how many entries are in a state."""


@dataclass(frozen=True, slots=True)
class Labels(Generic[K]):
    """What the states are called: `counted` for how many there are, `words` for one."""

    counted: Mapping[K, Count]
    words: Mapping[K, str]


COUNTED: Mapping[Literal["new", "left", "own"] | UnclearState, Count] = {
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
WORDS: Mapping[Literal["new", "left"] | UnclearState, str] = {
    "new": lazy_gettext("new"),
    "not-found": lazy_gettext("not found"),
    "ambiguous": lazy_gettext("several members are meant"),
    "left": lazy_gettext("has left the union"),
    "twice": lazy_gettext("in the list twice"),
}
"""What all kinds of lists call their states; each adds its own."""


def tell_left_out(found: Preview[S, T], words: Mapping[K, str]) -> None:
    """Name the entries that weren't recorded, in a message, with the reason."""
    left = [each for each in found.lines if each.state not in SILENT]
    if not left:
        return
    known = {str(state): word for state, word in words.items()}
    named = "; ".join(_in_words(each, known) for each in left[:MAX_TOLD])
    more = len(left) - MAX_TOLD
    if more > 0:
        named += "; " + ngettext("%(num)s more", "%(num)s more", more)
    flash(gettext("Not recorded: %(entries)s", entries=named), "warning")


def _in_words(line: Line[S, T], words: Mapping[str, str]) -> str:
    """What was typed, and what is the matter with it."""
    return f"{line.text} ({words[line.state]})"
