"""Whether the menu needs entries for forms and sessions."""

from __future__ import annotations

from bridge.errors import StoreError
from bridge.foundations.forms.submission_queries import has_submissions
from bridge.web.common.services import current_services


def has_topics() -> bool:
    """Whether a curriculum has topics of live sessions."""
    return any(each.topics for each in current_services().curricula)


def has_forms() -> bool:
    """Whether there are forms, or any was sent. No query if there are forms.

    False if the store fails: the menu is on the page that says so, too.
    """
    services = current_services()
    if any(each.forms for each in services.curricula):
        return True
    try:
        with services.database.reading() as session:
            return has_submissions(session)
    except StoreError:
        return False
