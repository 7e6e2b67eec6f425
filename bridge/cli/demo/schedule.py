"""The live sessions of the demo: what is taught, when, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bridge.sessions.rules import Format

What = Literal["draft", "open", "held", "postponed", "new-date", "cancelled"]
THURSDAY = 3

ROBIN, SASHA, TONI = "1001", "1002", "1003"
ALEX, JAMIE, MORGAN, NOOR, DEVON, RIVER = "1004", "1005", "1006", "1007", "1008", "1009"
STEWARDS = (TONI, ALEX, JAMIE, MORGAN, NOOR, DEVON, RIVER)
SPEAKER = "ada.speaker@example.org"
GUEST = "kim.guest@example.org"
UNCONFIRMED_GUEST = "lou.guest@example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSession:
    """A session of a shipped topic.

    `week`: on which Thursday evening, 0 for the next one; the past begins with -2. `what` becomes
    of it. `online` and `room` list, in this order, who registers for each; None if it isn't
    offered. People are member numbers or addresses. `absent`: who didn't attend. `confirmed`: who
    has confirmed the new date, `moved_to`.
    """

    key: str
    topic: str
    week: int
    what: What
    part: str = ""
    online: tuple[str, ...] | None = None
    room: tuple[str, ...] | None = None
    seats_online: int | None = None
    seats_room: int | None = None
    leaders: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    moved_to: int = 0
    region: str = ""
    reason: str = ""
    materials: str = ""

    @property
    def registered(self) -> list[tuple[str, Format]]:
        """Who registers, and how."""
        online: list[tuple[str, Format]] = [(each, "online") for each in self.online or ()]
        return [*online, *((each, "room") for each in self.room or ())]


def thursday(today: date, week: int) -> date:
    """The Thursday after `today` that many weeks later; before `today` if `week` is -2 or less."""
    ahead = (THURSDAY - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead, weeks=week)


SCHEDULE = (
    DemoSession(
        key="steward-basics-past", topic="steward-basics", week=-9, what="held",
        online=(TONI, ALEX, JAMIE), room=(MORGAN, NOOR, DEVON), seats_room=12, absent=(DEVON,),
        leaders=(SPEAKER,), materials="Bring your agreement.\n\n- Your first month: a list",
    ),
    DemoSession(
        key="mobilizing-members-past", topic="mobilizing-members", week=-5, what="held",
        online=(ALEX, JAMIE, MORGAN, RIVER), absent=(RIVER,), leaders=(TONI,),
    ),
    DemoSession(
        key="adverse-actions-1", topic="adverse-actions", part="preparing-the-case", week=-3,
        what="held", online=(TONI, ALEX), room=(NOOR, RIVER), seats_room=12, leaders=(SPEAKER,),
    ),
    DemoSession(
        key="shared-documents-past", topic="shared-documents", week=-2, what="held", region="north",
        room=(ROBIN, SASHA, ALEX), seats_room=10, absent=(SASHA,), leaders=(JAMIE,),
    ),
    DemoSession(
        key="disciplines-and-hearings-next", topic="disciplines-and-hearings", week=0, what="open",
        online=(TONI, ALEX, JAMIE), room=(DEVON,), seats_online=40, seats_room=12,
        leaders=(SPEAKER,),
    ),
    DemoSession(
        key="adverse-actions-2", topic="adverse-actions", part="the-hearing", week=1, what="open",
        online=(TONI, ALEX), room=(NOOR, RIVER), seats_room=12, leaders=(SPEAKER,),
    ),
    DemoSession(
        key="health-questions-next", topic="health-questions", week=1, what="open",
        online=(ROBIN, GUEST, UNCONFIRMED_GUEST), seats_online=200, leaders=(SPEAKER,),
    ),
    DemoSession(
        key="digital-organizing-full", topic="digital-organizing", week=2, what="open",
        online=(ALEX, JAMIE, MORGAN, TONI, NOOR, DEVON), seats_online=3, leaders=(RIVER,),
    ),
    DemoSession(
        key="workplace-bullying-postponed", topic="workplace-bullying", week=3, what="postponed",
        online=(TONI, DEVON), leaders=(SPEAKER,), reason="The speaker is ill.",
    ),
    DemoSession(
        key="shared-documents-next", topic="shared-documents", week=3, what="open", region="north",
        room=(SASHA, ROBIN), seats_room=2, leaders=(JAMIE,),
    ),
    DemoSession(
        key="grievance-review-moved", topic="grievance-review", week=2, what="new-date", moved_to=4,
        room=(TONI, MORGAN, JAMIE), seats_room=12, confirmed=(MORGAN,), leaders=(ALEX,),
    ),
    DemoSession(
        key="running-for-office-cancelled", topic="running-for-office", week=5, what="cancelled",
        online=(ROBIN, SASHA), room=(TONI,), seats_room=20, reason="The hall is closed that week.",
    ),
    DemoSession(
        key="office-software-next", topic="office-software", part="spreadsheets", week=6,
        what="open", online=(SASHA,), room=(ROBIN,), seats_online=30, seats_room=8,
        leaders=(MORGAN,), region="north",
    ),
    DemoSession(
        key="mobilizing-members-next", topic="mobilizing-members", week=8, what="open",
        online=(DEVON,), seats_online=40, leaders=(ALEX, JAMIE),
    ),
    DemoSession(
        key="wins-and-losses-draft", topic="wins-and-losses", week=10, what="draft", online=(),
        seats_online=40,
    ),
)  # fmt: skip
