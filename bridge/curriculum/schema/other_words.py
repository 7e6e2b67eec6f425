"""Words that people type for our keys and values -> ours, for suggestions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bridge.messages import NOTHING, Message

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
    "true": ("yes",),
    "false": ("no",),
    "public": ("everyone",),
    "tous": ("everyone",),
    "membres": ("members",),
    "délégués": ("stewards",),
    "déléguées": ("stewards",),
    "name": ("title", "label"),
    "nom": ("title", "label"),
    "text": ("body",),
    "texte": ("text", "body"),
    "content": ("body",),
    "contents": ("body",),
    "contenu": ("body",),
    "description": ("intro", "summary", "introduction"),
    "website": ("link",),
    "adresse": ("url",),
    "address": ("url",),
    "href": ("url",),
    "maxlength": ("characters",),
    "email": ("short-text",),
    "courriel": ("short-text",),
    "phone": ("short-text",),
}
_LENGTHS = ("duration", "durée", "length", "hours", "heures", "time-needed")
_TIMES = ("date", "dates", "day", "time", "when", "start", "starts", "begins", "heure", "quand")
_BEFORE = (
    "requires", "require", "needs", "prerequisite", "prerequisites", "préalable", "préalables",
    "after", "depends-on",
)  # fmt: skip
_ENDS = ("expires", "expiry", "valid", "valid-for", "validity", "until", "renew")
_SCHEDULED = Message("delete this line: sessions get their dates on the page Schedule")
_IN_MINUTES = Message("write `minutes`, and how long it takes in minutes")
_IN_ENTRY = Message("write it below `entry:`, as `after:`")
_NO_END = Message("delete this line: it does not end once it is given")
_WITHIN = Message("write `within`, such as `within: 36 months`")
_CREDITS = ("session", "led", "mentoring", "certificate", "program", "credit")
_ADVICE: Mapping[str, Mapping[str, Message]] = {
    "topic": dict.fromkeys(_LENGTHS, _IN_MINUTES) | dict.fromkeys(_TIMES, _SCHEDULED),
    "part": dict.fromkeys(_LENGTHS, _IN_MINUTES) | dict.fromkeys(_TIMES, _SCHEDULED),
    "milestone": dict.fromkeys(_BEFORE, _IN_ENTRY) | dict.fromkeys(_ENDS, _NO_END),
    "signoff": dict.fromkeys(_ENDS, _NO_END),
    **{f"{kind}-requirement": dict.fromkeys(_ENDS, _WITHIN) for kind in _CREDITS},
}
"""Records -> keys that people type in them -> what to do instead."""


def advice_for(record: str, typed: str) -> Message:
    """What to do instead of a key that a record can't have; NOTHING if it isn't known."""
    return _ADVICE.get(record, {}).get(typed.strip().lower().replace("_", "-"), NOTHING)


def word_for(typed: str, valid: Collection[str]) -> str:
    """Our word for one that means the same; '' if there is none. `valid`: the allowed words."""
    return next((word for word in _OURS.get(_plain(typed), ()) if word in valid), "")


def _plain(typed: str) -> str:
    return typed.strip().lower().replace("-", "").replace("_", "")
