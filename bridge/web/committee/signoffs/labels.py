"""The states of the entries of a list of sign-offs, in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext, ngettext

from bridge.web.committee.people_lists.labels import COUNTED, WORDS, Count, Labels
from bridge.workflows.signoffs.preview import SignoffState

COUNTED_SIGNOFFS: Mapping[SignoffState, Count] = {
    "new": COUNTED["new"],
    "already": lambda count: ngettext(
        "%(num)s already signed off", "%(num)s already signed off", count
    ),
    "not-found": COUNTED["not-found"],
    "ambiguous": COUNTED["ambiguous"],
    "left": COUNTED["left"],
    "own": COUNTED["own"],
    "twice": COUNTED["twice"],
}
SIGNOFF_WORDS: Mapping[SignoffState, str] = {
    "new": WORDS["new"],
    "already": lazy_gettext("already signed off"),
    "not-found": WORDS["not-found"],
    "ambiguous": WORDS["ambiguous"],
    "left": WORDS["left"],
    "own": lazy_gettext("yourself: someone else must sign off for you"),
    "twice": WORDS["twice"],
}
LABELS = Labels(COUNTED_SIGNOFFS, SIGNOFF_WORDS)
