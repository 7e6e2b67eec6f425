"""How one joins a session, as its `link` says: an address, `bigbluebutton` or `zoom:<number>`.

One text, so that a session never has two ways to join. Depends on its arguments only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bridge.config import Config
from bridge.errors import SessionError
from bridge.messages import Message

Provider = Literal["link", "bigbluebutton", "zoom"]
LABELS: Mapping[Provider, Message] = {
    "link": Message("A link that you type"),
    "bigbluebutton": Message("BigBlueButton"),
    "zoom": Message("Zoom"),
}
BIGBLUEBUTTON = "bigbluebutton"
ZOOM_PREFIX = "zoom:"
_ZOOM = re.compile(r"zoom:([0-9]{9,12})")


@dataclass(frozen=True, slots=True)
class Target:
    """`address`: the typed link. `meeting`: the number of Zoom's meeting. '' otherwise."""

    provider: Provider
    address: str = ""
    meeting: str = ""


def target_of(link: str) -> Target | None:
    """How one joins; None if it isn't known yet."""
    if not link:
        return None
    if link == BIGBLUEBUTTON:
        return Target("bigbluebutton")
    if match := _ZOOM.fullmatch(link):
        return Target("zoom", meeting=match[1])
    return Target("link", address=link)


def is_provided(link: str) -> bool:
    """Whether this names a provider, not an address."""
    target = target_of(link)
    return target is not None and target.provider != "link"


def named_provider(text: str) -> str:
    """The `link` that a file means with `bigbluebutton` or `zoom:812 3456 7890`; '' if neither.

    Raises SessionError for a wrong number.
    """
    words = text.strip().casefold()
    if words == BIGBLUEBUTTON:
        return BIGBLUEBUTTON
    return zoom_link(words.removeprefix(ZOOM_PREFIX)) if words.startswith(ZOOM_PREFIX) else ""


def zoom_link(number: str) -> str:
    """The `link` for a meeting of Zoom. Its number may have spaces and hyphens.

    Raises SessionError if it isn't one.
    """
    link = ZOOM_PREFIX + re.sub(r"[\s-]", "", number)
    if not _ZOOM.fullmatch(link):
        raise SessionError(
            Message("a meeting of Zoom has a number of 9 to 12 digits."),
            todo=Message("Copy it from Zoom, such as 812 3456 7890."),
        )
    return link


def configured_providers(config: Config) -> list[Provider]:
    """What the committee can choose from. A typed link comes first."""
    found: list[Provider] = ["link"]
    if config.sessions.bigbluebutton is not None and config.bigbluebutton_secret is not None:
        found.append("bigbluebutton")
    if config.sessions.zoom is not None and config.zoom_secret is not None:
        found.append("zoom")
    return found


def check_configured(config: Config, link: str) -> None:
    """Raises SessionError if the link names a provider that isn't set up."""
    target = target_of(link)
    if target is not None and target.provider not in configured_providers(config):
        raise SessionError(
            Message("%(provider)s isn't set up.", provider=LABELS[target.provider]),
            todo=Message("Use a link, or ask the administrators to set it up."),
        )
