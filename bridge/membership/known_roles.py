"""Which roles are known, by which words, and what to say about others. Pure functions.

Any role is accepted: the membership system may have more than the curricula name. But one that
nothing names opens nothing, so it may be a typing mistake.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bridge.membership.values import as_word
from bridge.messages import Message

_DELEGATE = "(?:personnes?-)?delegue(?:-?e)?(?:-?s)?"
_UNION = "syndica(?:l|ux)(?:-?e)?(?:-?s)?"
ROLE_WORDS = {
    "steward": f"{_DELEGATE}-{_UNION}",
    "chief-steward": f"{_DELEGATE}(?:-{_UNION})?(?:-en)?-chef(?:-?fe)?s?",
    "training-chair": "responsables?(?:-de-la)?-formation",
}
"""Patterns of other words for common roles, in lower case without accents.

In French in every gender and number, such as `délégué(e)s syndicaux`.
"""
_SUGGESTED = {"steward": _DELEGATE}
"""As above, for words that may also mean something else, such as a delegate to a convention."""


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
        known = plain if plain in self.keys else shown.get(word) or _by_pattern(ROLE_WORDS, word)
        return known or plain

    def warning(self, key: str, *, quote: bool = True) -> str:
        """What to know about a role that nothing names, as a sentence; '' if it is known.

        `quote`: whether the sentence repeats the role.
        """
        if key in self.keys:
            return ""
        what = Message("the role `%(role)s`", role=key) if quote else Message("one of the roles")
        if near := self.nearest(key):
            return Message(
                "no curriculum and no setting names %(what)s, so it opens nothing. "
                "Did you mean %(near)s?",
                what=what, near=near,
            )  # fmt: skip
        return Message(
            "no curriculum and no setting names %(what)s, so it opens nothing.", what=what
        )

    def nearest(self, key: str) -> str:
        """The known role that is most similar, '' if none is."""
        if meant := self.meant(key):
            return meant
        return next(iter(difflib.get_close_matches(key[:60], sorted(self.keys), n=1)), "")

    def meant(self, text: str) -> str:
        """The known role that a text is for, by its key, its label or a French word; '' if none."""
        found = (self.key(text), _by_pattern(_SUGGESTED, as_word(text)))
        return next((key for key in found if key in self.keys), "")

    def joins_several(self, text: str) -> bool:
        """Whether a text is probably several roles without the `;` that separates them."""
        if self.key(text) in self.keys:
            return False
        if re.search(r"[,\n\r\t|]", text):
            return True
        parts = re.split(r"\s+(?:and|et)\s+|\s*[&+*]\s*", text, flags=re.IGNORECASE)
        return len(parts) > 1 and any(map(self.meant, parts))


def _by_pattern(patterns: Mapping[str, str], word: str) -> str:
    """The key whose pattern matches the word, '' if none does."""
    return next((key for key, pattern in patterns.items() if re.fullmatch(pattern, word)), "")


NO_KNOWN_ROLES = KnownRoles()
