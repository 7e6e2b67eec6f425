"""Whether the menu needs entries for forms, sessions and sign-offs."""

from __future__ import annotations

from bridge.curriculum.model import signoff_signers
from bridge.errors import StoreError
from bridge.foundations.forms.submission_queries import has_submissions
from bridge.web.common.services import current_services
from bridge.web.common.visitor import current_visitor


def has_topics() -> bool:
    """Whether a curriculum has topics of live sessions."""
    return any(each.topics for each in current_services().curricula)


def may_sign_off() -> bool:
    """Whether the curricula let the visitor sign off something for a region or for everyone."""
    held = {"committee", "chair"} & current_visitor().roles
    curricula = current_services().curricula
    return any(held & signers for each in curricula for signers in signoff_signers(each).values())


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
