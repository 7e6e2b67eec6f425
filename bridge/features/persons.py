"""What persons give: the link with which they confirm their email address."""

from __future__ import annotations

from bridge.foundations.feature import Context, Feature, LinkPage, LinkPurpose
from bridge.messages import Message
from bridge.store.persons import proof, records
from bridge.store.persons.personal_links import PersonalLink
from bridge.workflows.personal_links import CONFIRM_EMAIL


def _ask(context: Context, link: PersonalLink) -> LinkPage:
    person = records.find(context.session, link.person_id)
    email = person.email if person else ""
    return LinkPage(
        Message("Confirm your email address"),
        Message("Press the button to confirm that %(email)s is your address.", email=email),
        Message("Confirm"),
    )


def _act(context: Context, link: PersonalLink) -> LinkPage:
    proof.confirm_email(context.session, link.person_id, context.now)
    return LinkPage(Message("Thank you"), Message("Your email address is confirmed."))


PERSONS = Feature(name="persons", link_purposes=(LinkPurpose(CONFIRM_EMAIL, _ask, _act),))
"""Their tables are those of the store, in `STORE_TABLES`."""
