"""The answers that a page posts. Depends on its arguments only.

Points are numbered as in the draft: `choice-0`, `comment-0`; `rank-1` to `rank-3` name a point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from bridge.consultations.drafts import Draft
from bridge.consultations.rules import CHOICES, RANKS, Answer, Choice
from bridge.printable_text import remove_unprintable


def read_answers(draft: Draft, fields: Mapping[str, str]) -> list[Answer]:
    """An answer for each point of the draft, perhaps an empty one.

    A point that is named twice among what matters most keeps its first place.
    """
    ranks: dict[str, int] = {}
    for rank in range(1, RANKS + 1):
        if point := fields.get(f"rank-{rank}", ""):
            ranks.setdefault(point, rank)
    return [
        Answer(
            key,
            _choice(fields.get(f"choice-{number}", "")),
            _tidy(fields.get(f"comment-{number}", "")),
            ranks.get(key),
        )
        for number, key in enumerate(draft.keys)
    ]


def _tidy(comment: str) -> str:
    """Browsers post other line ends, and count them differently. Pages and programs for writing
    add characters without width, which nobody can see and delete.
    """
    lines = comment.replace("\r\n", "\n").replace("\r", "\n")
    return remove_unprintable(lines, lines=True).strip()


def _choice(posted: str) -> Choice:
    return cast(Choice, posted if posted in CHOICES else "")
