"""Which roles are known, by which words, and what to say about others. Pure functions.

Any role is accepted: the membership system may have more than the curricula name. But one that
nothing names opens nothing, so it may be a typing mistake.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bridge.membership.values import as_word

ROLE_WORDS = {
    "delegue-e-syndical-e": "steward", "delegue-syndical": "steward",
    "deleguee-syndicale": "steward", "delegue-e-en-chef": "chief-steward",
    "delegue-en-chef": "chief-steward", "deleguee-en-chef": "chief-steward",
    "responsable-de-la-formation": "training-chair",
}  # fmt: skip
"""Other words for common roles, in lower case without accents."""


@dataclass(frozen=True, slots=True)
class KnownRoles:
    """`keys`: the roles that a curriculum, a setting or Stewardpath itself names.

    `labels`: how roles are shown, by key, in any language.
    """

    keys: frozenset[str] = frozenset()
    labels: Mapping[str, Iterable[str]] = field(default_factory=dict)

    def key(self, text: str) -> str:
        """The key of a role: `Chief Steward` and `délégué en chef` are `chief-steward`."""
        word = as_word(text)
        shown = {as_word(label): key for key, labels in self.labels.items() for label in labels}
        plain = "-".join(text.lower().split())
        known = plain if plain in self.keys else shown.get(word) or ROLE_WORDS.get(word)
        return known or plain

    def warning(self, key: str, *, quote: bool = True) -> str:
        """What to know about a role that nothing names, as a sentence; '' if it is known.

        `quote`: whether the sentence repeats the role.
        """
        if key in self.keys:
            return ""
        what = f"the role `{key}`" if quote else "one of the roles"
        near = self.nearest(key)
        hint = f" Did you mean {near}?" if near else ""
        return f"no curriculum and no setting names {what}, so it opens nothing.{hint}"

    def nearest(self, key: str) -> str:
        """The known role that is most similar, '' if none is."""
        return next(iter(difflib.get_close_matches(key[:60], sorted(self.keys), n=1)), "")


NO_KNOWN_ROLES = KnownRoles()
