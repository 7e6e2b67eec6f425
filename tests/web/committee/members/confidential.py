"""A member who has written something that the committee may not read."""

from __future__ import annotations

from bridge.foundations.forms import drafts
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from tests.web.signed_in_users import SignedInUsers


def write_in_confidence(users: SignedInUsers) -> None:
    """Save a draft of a form for the grievance committee, as the member."""
    place = FormPlace(Owner(users.member), ("path/secret",), needs="grievance-forms")
    with users.database.transaction() as session:
        drafts.save(session, place, {"why": ["What the foreman did"]}, 0, users.clock())
