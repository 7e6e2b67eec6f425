"""What a visitor wants to see of the sessions, as the addresses of the list and the month say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from bridge.access.visitor import Visitor
from bridge.curriculum.text import Language
from bridge.sessions.rules import Format, Status
from bridge.web.sessions.shown_sessions import ShownSession

STATUSES: tuple[Status, ...] = ("open", "held", "postponed", "cancelled")
"""The ones that lists show: drafts are on the page *Schedule*."""
YES = "1"


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """`topic`: as `<curriculum>/<topic>`. `how`: online or room. '' and False show everything.

    `mine`: only those that the visitor is registered for. `free`: only those with a free seat.
    """

    topic: str = ""
    how: str = ""
    mine: bool = False
    free: bool = False
    state: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str], visitor: Visitor) -> SessionFilter:
        """The filter in an address. What it doesn't know, or the visitor hasn't, is ignored."""
        how, state = parameters.get("how", ""), parameters.get("state", "")
        return cls(
            topic=parameters.get("topic", ""),
            how=how if how in get_args(Format) else "",
            mine=parameters.get("mine") == YES and visitor.member_id is not None,
            free=parameters.get("free") == YES,
            state=state if state in STATUSES and visitor.may("sessions") else "",
        )

    @property
    def parameters(self) -> dict[str, str]:
        """What to write into an address, to keep it."""
        values = {
            "topic": self.topic, "how": self.how, "mine": YES if self.mine else "",
            "free": YES if self.free else "", "state": self.state,
        }  # fmt: skip
        return {name: value for name, value in values.items() if value}

    def __bool__(self) -> bool:
        return bool(self.parameters)

    def keeps(self, each: ShownSession) -> bool:
        """Whether a session is to be shown."""
        return (
            self.topic in ("", topic_key(each))
            and (not self.how or self.how in each.free)
            and (not self.mine or each.state is not None)
            and (not self.free or (each.status == "open" and not self._is_full(each)))
            and self.state in ("", each.status)
        )

    def _is_full(self, each: ShownSession) -> bool:
        """Whether no seat is free, in the way that was chosen."""
        free = [seats for how, seats in each.free.items() if self.how in ("", how)]
        return all(seats == 0 for seats in free)


@dataclass(frozen=True, slots=True)
class Filtered:
    """The sessions that a page shows, and what one can choose. `topics`: key → title, by title."""

    chosen: SessionFilter
    sessions: list[ShownSession]
    topics: dict[str, str]


def filtered(shown: Sequence[ShownSession], chosen: SessionFilter, language: Language) -> Filtered:
    """Filter what the visitor may see. One can choose the topics that it has."""
    titles = {topic_key(each): each.topic.title.shown(language) for each in shown}
    topics = dict(sorted(titles.items(), key=lambda each: each[1].casefold()))
    return Filtered(chosen, [each for each in shown if chosen.keeps(each)], topics)


def topic_key(each: ShownSession) -> str:
    """The topic of a session, as a filter names it."""
    return f"{each.live.curriculum}/{each.topic.key}"
