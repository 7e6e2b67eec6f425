"""Calendar files as an independent parser reads them."""

from __future__ import annotations

import vobject
from vobject import icalendar


def read_calendar(text: str) -> vobject.base.Component:
    """Read one calendar file, with the time zones that it defines itself.

    The parser remembers the zones of files before it, and would use those instead.
    """
    zones = vars(icalendar)["__tzidMap"]
    zones.clear()
    icalendar.registerTzid("UTC", icalendar.utc)
    return vobject.readOne(text)
