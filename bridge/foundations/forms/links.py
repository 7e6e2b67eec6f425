"""Personal links to forms, for people without an account."""

from __future__ import annotations

from datetime import timedelta

from bridge.access.rights import Right
from bridge.workflows.personal_links import LinkRequest

LINK_PURPOSE = "form"
"""The purpose of a link to a form. Its subject is `curriculum/form`."""


def link_request(
    person_id: int, form: str, lifetime: timedelta, needs: Right | None
) -> LinkRequest:
    """A link to fill in a form, besides those that the person has.

    `form`: its name, `curriculum/form`. `needs`: the right that reading what is sent takes.
    """
    return LinkRequest(
        person_id, LINK_PURPOSE, form, lifetime, page="/form", replaces=False, needs=needs
    )
