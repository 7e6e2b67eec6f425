"""Words that people type for `true`, `right` and the like -> ours, for suggestions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

_OURS: Mapping[str, tuple[str, ...]] = {
    "vrai": ("true",),
    "faux": ("false",),
    "oui": ("yes",),
    "non": ("no",),
    "y": ("yes",),
    "n": ("no",),
    "t": ("true",),
    "f": ("false",),
    "on": ("yes",),
    "off": ("no",),
    "1": ("true",),
    "0": ("false",),
    "correct": ("right", "true"),
    "correcte": ("right", "true"),
    "bon": ("right",),
    "bonne": ("right",),
    "juste": ("right",),
    "incorrect": ("wrong", "false"),
    "incorrecte": ("wrong", "false"),
    "mauvais": ("wrong",),
    "mauvaise": ("wrong",),
}


def word_for(typed: str, valid: Collection[str]) -> str:
    """Our word for one that means the same; '' if there is none. `valid`: the allowed words."""
    return next((word for word in _OURS.get(typed.strip().lower(), ()) if word in valid), "")
