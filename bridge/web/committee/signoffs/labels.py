"""The states of the entries of a list of sign-offs, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext, ngettext

from bridge.web.committee.people_lists.labels import COUNTED, WORDS, Labels

LABELS = Labels(
    {
        **COUNTED,
        "already": lambda count: ngettext(
            "%(num)s already signed off", "%(num)s already signed off", count
        ),
    },
    {
        **WORDS,
        "already": lazy_gettext("already signed off"),
        "own": lazy_gettext("yourself: someone else must sign off for you"),
    },
)
