"""What personal links are for: each purpose says what its page shows and what its button does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, current_app
from flask.sansio.app import App
from sqlalchemy.orm import Session

from bridge.store.persons.personal_links import PersonalLink
from bridge.web.common.services import Services

EXTENSION_KEY = "stewardpath.link_purposes"


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What a page about a link says. `button`: what the button does, '' once it is done."""

    title: str
    text: str
    button: str = ""


@dataclass(frozen=True, slots=True)
class LinkPurpose:
    """A purpose of personal links.

    `key`: as in `PersonalLink.purpose`. `ask`: what the page with the button says; it changes
    nothing, because email scanners open links too. `act`: does what the link is for, in the
    transaction that uses the link, and says so; if it raises a StewardpathError, the link stays.
    """

    key: str
    ask: Callable[[Services, Session, PersonalLink], LinkPage]
    act: Callable[[Services, Session, PersonalLink], LinkPage]


def add_purpose(pages: Blueprint, purpose: LinkPurpose) -> None:
    """Add a purpose to every application that has these pages.

    Creating the application raises ValueError if another purpose has the same key.
    """

    def add(app: App) -> None:
        known = app.extensions.setdefault(EXTENSION_KEY, {})
        if purpose.key in known:
            raise ValueError(f"there are two purposes of personal links called `{purpose.key}`")
        known[purpose.key] = purpose

    pages.record_once(lambda state: add(state.app))


def find_purpose(key: str) -> LinkPurpose | None:
    """The purpose with this key, None if the application has none."""
    known = current_app.extensions.get(EXTENSION_KEY, {})
    return cast("LinkPurpose | None", known.get(key))
