"""Other words for roles that people write in curriculum files, such as `délégué`."""

from __future__ import annotations

from bridge.membership.known_roles import ROLE_WORDS
from bridge.membership.values import as_word

_SHORT = {"delegue": "steward", "deleguee": "steward", "delegue-e": "steward"}


def role_meant(text: str) -> str:
    """The common role that a French label is for; '' if it is none."""
    word = as_word(text)
    return ROLE_WORDS.get(word) or _SHORT.get(word, "")
