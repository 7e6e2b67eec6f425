"""The link with which a person confirms their email address."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy.orm import Session

from bridge.store.persons import proof, records
from bridge.store.persons.personal_links import PersonalLink
from bridge.web.common.link_purposes import LinkPage, LinkPurpose
from bridge.web.common.services import Services
from bridge.workflows.personal_links import CONFIRM_EMAIL


def _ask(_services: Services, session: Session, link: PersonalLink) -> LinkPage:
    person = records.find(session, link.person_id)
    email = person.email if person else ""
    return LinkPage(
        gettext("Confirm your email address"),
        gettext("Press the button to confirm that %(email)s is your address.", email=email),
        gettext("Confirm"),
    )


def _act(services: Services, session: Session, link: PersonalLink) -> LinkPage:
    proof.confirm_email(session, link.person_id, services.now())
    return LinkPage(gettext("Thank you"), gettext("Your email address is confirmed."))


PURPOSE = LinkPurpose(CONFIRM_EMAIL, _ask, _act)
