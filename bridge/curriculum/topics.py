"""The topics of live sessions: what is taught. When it is taught is no part of a curriculum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bridge.curriculum.audience import MEMBERS, Audience
from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.text import NO_TEXT, Text

TopicCredit = Literal["all-parts", "any-part", "none"]
"""What earns the credit of a topic."""

DEFAULT_MINUTES = 120
DEFAULT_ATTEND = 75
WHOLE = ""
"""What stands for the part of a topic that has no parts."""


@dataclass(frozen=True, slots=True)
class TopicPart:
    """One part of a series."""

    key: str
    title: Text
    previously: str = ""
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """What a live session teaches, in one session or in a series of parts.

    `minutes`: how long one session takes. `attend`: the per cent of its time that count as
    attended.
    """

    key: str
    title: Text
    description: Text = NO_TEXT
    audience: Audience = MEMBERS
    minutes: int = DEFAULT_MINUTES
    parts: tuple[TopicPart, ...] = ()
    credit: TopicCredit = "all-parts"
    attend: int = DEFAULT_ATTEND
    previously: str = ""
    earlier: tuple[str, ...] = ()

    def part(self, key: str) -> TopicPart | None:
        """The part with this key, or with this former key."""
        return next((each for each in self.parts if key in names_of(each)), None)


def names_of(item: Topic | TopicPart) -> tuple[str, ...]:
    """The key of a topic or part, and its former keys if it was renamed."""
    return all_keys(item)


def credit_titles(topics: Iterable[Topic]) -> dict[str, Text]:
    """Evidence key -> title of the credits for attending and for leading each topic."""
    return {
        f"{kind}:{key}": topic.title
        for topic in topics
        for key in names_of(topic)
        for kind in ("session", "led")
    }
