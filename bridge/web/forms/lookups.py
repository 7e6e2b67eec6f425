"""Find a form of the curricula, and whether the visitor may fill it in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, Gone, NotFound

from bridge.access.form_readers import FORM_READERS
from bridge.access.rights import Right
from bridge.curriculum.audience import EVERYONE
from bridge.curriculum.forms.form import Form
from bridge.curriculum.model import Curriculum
from bridge.foundations.forms import open_forms
from bridge.foundations.owners import Owner, owner_of_member
from bridge.messages import Message
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form of a curriculum. `speech`: the language of its texts for this visitor."""

    curriculum: Curriculum
    form: Form
    speech: str

    @property
    def name(self) -> str:
        """What drafts and submissions call it."""
        return f"{self.curriculum.key}/{self.form.key}"

    @property
    def needs(self) -> Right | None:
        """The confidential right that reading what is sent takes."""
        return FORM_READERS[self.form.readers].needs

    @property
    def readers(self) -> Message:
        """Who reads what is sent."""
        return FORM_READERS[self.form.readers].title

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, then the one it had before."""
        return open_forms.names_of_form(self.curriculum, self.form)


def all_forms(services: Services) -> Iterator[FoundForm]:
    """Every form, in the order of the curricula."""
    language = visitors_language(services.config)
    for each in services.curricula:
        speech = language if language in each.languages else each.languages[0]
        yield from (FoundForm(each, form, speech) for form in each.forms)


def find_form(services: Services, curriculum: str, key: str) -> FoundForm:
    """The form with this key now or before. Raises NotFound."""
    name = f"{curriculum}/{key}"
    found = [each for each in all_forms(services) if name in each.names]
    if not found:
        raise NotFound
    return next((each for each in found if each.name == name), found[0])


def find_open_form(services: Services, session: Session, curriculum: str, key: str) -> FoundForm:
    """The form, if the member may fill it in. Raises NotFound, Forbidden, Gone if it is closed."""
    found = find_form(services, curriculum, key)
    _refuse_closed(services, session, found)
    if not is_open(services, session, found):
        raise Forbidden
    return found


def is_for_everyone(services: Services, curriculum: str, key: str) -> bool:
    """Whether there is such a form, and it's also for persons who aren't members."""
    name = f"{curriculum}/{key}"
    return any(
        name in each.names and each.form.audience == EVERYONE for each in all_forms(services)
    )


def find_form_for_everyone(services: Services, curriculum: str, key: str) -> FoundForm:
    """The form, if it is for everyone. Raises NotFound."""
    found = find_form(services, curriculum, key)
    if found.form.audience != EVERYONE:
        raise NotFound
    return found


def find_open_form_for_everyone(
    services: Services, session: Session, curriculum: str, key: str
) -> FoundForm:
    """The form, if it is for everyone. Raises NotFound, Gone if it is closed."""
    found = find_form_for_everyone(services, curriculum, key)
    _refuse_closed(services, session, found)
    return found


def _refuse_closed(services: Services, session: Session, found: FoundForm) -> None:
    if open_forms.is_closed(found.form, services.context(session, found.speech).today):
        raise Gone


def members_owner(session: Session) -> Owner:
    """The member who is signed in, with what they made before they were one."""
    return owner_of_member(session, current_visitor().member_id or 0)


def is_open(services: Services, session: Session, found: FoundForm) -> bool:
    """Whether the form is for the member who is signed in, and not closed."""
    today = services.context(session, found.speech).today
    member_id = current_visitor().member_id or 0
    return open_forms.is_open(session, member_id, found.curriculum, found.form, today)
