"""The page of one person, and the download of their data."""

from __future__ import annotations

import json
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.privacy import export_person_for_committee
from bridge.store.members import queries as members
from bridge.store.operations import audit_log
from bridge.store.persons import queries
from bridge.store.persons.queries import PersonRow
from bridge.store.persons.unconfirmed import RETENTION
from bridge.web.committee.people.forms import EraseForm, MemberForm, MergeForm, PersonForm
from bridge.web.common.access import open_to, sees_region
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.filter_fields import MAX_ID

PROOFS = {
    "": lazy_gettext("not confirmed"),
    "link": lazy_gettext("confirmed by a link"),
    "membership": lazy_gettext("confirmed by the membership system"),
}
SOURCES = {
    "self": lazy_gettext("The address was typed in a form."),
    "committee": lazy_gettext("Added by the committee."),
    "settings": lazy_gettext("Named in the configuration."),
    "member": lazy_gettext("A member."),
    "": "—",
}
"""Who gave us the address."""
LINKS = {
    "email": lazy_gettext("Both have confirmed the same address."),
    "committee": lazy_gettext("The committee said so."),
}
"""Why a person is linked to a member."""
Forms = PersonForm | MemberForm | MergeForm | EraseForm


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/committee/people/<id>` and its download."""

    @pages.get("/<int:person>")
    @open_to("people")
    def show(person: int) -> str:
        with services.database.transaction() as session:
            found = find_visible(session, person)
            audit_log.write(
                session, current_visitor().email, "person-looked", found.member_id, {}, {},
                services.now(), person_id=found.id,
            )  # fmt: skip
        return render_person(services, person)

    @pages.get("/<int:person>/data.json")
    @open_to("people-change")
    def export(person: int) -> Response:
        with services.database.transaction() as session:
            found = find_visible(session, person)
            audit_log.write(
                session, current_visitor().email, "person-exported", found.member_id, {}, {},
                services.now(), person_id=found.id,
            )  # fmt: skip
            everything = export_person_for_committee(session, person, services.features)
        answer = make_response(json.dumps(everything, indent=2, ensure_ascii=False))
        answer.mimetype = "application/json"
        answer.headers["Content-Disposition"] = f'attachment; filename="person-{person}.json"'
        return answer


def find_visible(session: Session, person: int) -> PersonRow:
    """The person. Raises NotFound if there is none or the visitor may not see them.

    Chairs see people who are members of their regions.
    """
    found = queries.get_person(session, person) if person <= MAX_ID else None
    if found is None or not sees_region(found.region):
        raise NotFound
    return found


def _erased_after(person: PersonRow) -> datetime | None:
    """When someone is erased who never confirms the address they typed; None if they stay."""
    stays = person.source != "self" or person.proof or person.member_id is not None
    return None if stays else person.updated_at + RETENTION


def render_person(services: Services, person: int, filled: Forms | None = None) -> str:
    """The page of a person. `filled`: a form with errors, instead of an empty one."""
    with services.database.reading() as session:
        found = find_visible(session, person)
        same_email = [each.id for each in members.members_with_email(session, found.email)]
    forms: dict[type, Forms] = {
        PersonForm: PersonForm(
            formdata=None,
            data={"name": found.name, "email": found.email, "language": found.language},
        ),
        **{kind: kind(formdata=None) for kind in (MemberForm, MergeForm, EraseForm)},
    }
    if filled is not None:
        forms[type(filled)] = filled
    return render_template(
        "web/committee/people/person.html",
        person=found,
        proofs=PROOFS,
        links=LINKS,
        sources=SOURCES,
        erased_after=_erased_after(found),
        same_email=[each for each in same_email if each != found.member_id],
        details=forms[PersonForm],
        link=forms[MemberForm],
        merge=forms[MergeForm],
        erase=forms[EraseForm],
    )
