"""The parts of a sentence about an entry: who did it, and links to what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup, escape

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import Curriculum, signoff_titles
from bridge.curriculum.text import Language
from bridge.features.registers import all_emails
from bridge.membership.emails import email_key
from bridge.web.committee.activity.names import Entry, Names, actor_number, number_in
from bridge.web.committee.corrections.titles import about_title
from bridge.web.committee.needs_attention.delivery_labels import KINDS as DELIVERY_KINDS
from bridge.web.common.services import current_services
from bridge.web.layout.content import plain_text
from bridge.web.layout.formatting import key_as_words
from bridge.web.layout.translation import translated_text

PROGRAMS: Mapping[str, str] = {
    "webhook": lazy_gettext("The membership system"),
    "csv": lazy_gettext("The member list"),
    "moodle": lazy_gettext("Moodle"),
    "join": lazy_gettext("The sign-up form"),
    "form": lazy_gettext("The sign-up form"),
    "members": lazy_gettext("This site"),
    "sessions": lazy_gettext("This site"),
    "consultations": lazy_gettext("This site"),
    "stewardpath": lazy_gettext("This site"),
}
"""Actors in the activity log that aren't people."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry and what its sentence needs. `language`: the reader's."""

    entry: Entry
    names: Names
    curricula: Sequence[Curriculum]
    language: Language

    @property
    def is_own(self) -> bool:
        """Whether a member did it to their own record."""
        number = actor_number(self.entry.actor, "member")
        return bool(number) and number == self.entry.member_id

    def value(self, name: str) -> str:
        """A text of the entry: the new one, or else the former one; '' if there is none."""
        held = self.entry.after.get(name) or self.entry.before.get(name)
        return held if isinstance(held, str) else ""

    def text_after(self, name: str) -> str:
        """The new text of the entry; '' if there is none."""
        held = self.entry.after.get(name)
        return held if isinstance(held, str) else ""


def fill(template: str, **values: str) -> Markup:
    """A translated sentence with its values. Links stay links, everything else is escaped."""
    return escape(template) % values


def link(text: str, address: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, text)


def who(told: Told) -> str:
    """Who did it, by name if it is known."""
    actor = told.entry.actor
    kind, _, rest = actor.partition(":")
    match kind:
        case "member":
            return _begin(member_link(told, actor_number(actor, "member")))
        case "person":
            return _begin(person_link(told, actor_number(actor, "person")))
        case "api":
            return str(gettext("The program “%(name)s”", name=rest))
        case "cli":
            return str(gettext("%(name)s (on the command line)", name=rest))
        case _:
            name = told.names.addresses.get(email_key(actor))
            return name or str(PROGRAMS.get(actor, actor))


def _begin(text: str) -> str:
    """A link as it is; other words as the beginning of a sentence."""
    return text if isinstance(text, Markup) else text[:1].upper() + text[1:]


def address_behind(told: Told) -> str:
    """The address of who did it, if the sentence has their name instead; or else ''."""
    actor = told.entry.actor
    return actor if email_key(actor) in told.names.addresses else ""


def member(told: Told) -> str:
    return member_link(told, told.entry.member_id or 0)


def member_link(told: Told, number: int) -> str:
    """The name of a member, linked to their page."""
    name = told.names.members.get(number)
    if name is None:
        return str(gettext("an erased member"))
    return link(name, url_for("members.show", member=number))


def person(told: Told) -> str:
    return person_link(told, told.entry.person_id or 0)


def person_link(told: Told, number: int) -> str:
    """The name of a person, linked to their page."""
    name = told.names.persons.get(number)
    if name is None:
        return str(gettext("an erased person"))
    return link(name, url_for("people.show", person=number))


def subject(told: Told) -> str:
    """Who it is about: a member, or someone who isn't one."""
    return member(told) if told.entry.member_id else person(told)


def session(told: Told) -> str:
    """The title of a session, linked to its page."""
    number = number_in(told.entry.after, "session") or number_in(told.entry.before, "session")
    title = told.names.sessions.get(number)
    if title is None:
        return str(gettext("a deleted session"))
    return link(title, url_for("committee_sessions.show", number=number))


def signoff(told: Told) -> str:
    """What was signed off. Entries about one member don't say in which curriculum."""
    key = told.value("requirement")
    wanted = told.value("curriculum")
    having = (each.key for each in told.curricula if key in signoff_titles(each))
    return about_title(told.curricula, wanted or next(having, ""), f"signoff:{key}")


def credit(told: Told) -> str:
    """What a credit is for."""
    about = f"{told.value('kind')}:{told.value('key')}"
    return about_title(told.curricula, told.value("curriculum"), about)


def milestone(told: Told) -> str:
    """The title of a milestone, also by its former key; its key in words if it is gone."""
    key = told.value("milestone")
    titles = (
        each.title.shown(told.language)
        for path in told.curricula
        if path.key == told.value("curriculum")
        for each in path.milestones
        if key in all_keys(each)
    )
    return next(titles, key_as_words(key))


def curriculum(told: Told) -> str:
    """The title of a curriculum; its key in words if it is gone."""
    key = told.value("curriculum")
    titles = (path.title.shown(told.language) for path in told.curricula if path.key == key)
    return next(titles, key_as_words(key))


def form(told: Told) -> str:
    """The title of a sent form, linked to what was sent; its key in words if it is gone."""
    folder, _, key = told.value("form").partition("/")
    titles = (
        plain_text(each.title, told.language)
        for path in told.curricula
        if path.key == folder
        for each in path.forms
        if key in (each.key, each.previously)
    )
    title = next(titles, key_as_words(key))
    number = number_in(told.entry.after, "submission")
    return link(title, url_for("sent_forms.submission", number=number)) if number else title


def delivery(told: Told) -> str:
    """What a delivery or email does, such as `Badge`."""
    kind = told.value("kind")
    if kind in DELIVERY_KINDS:
        return str(DELIVERY_KINDS[kind])
    emails = all_emails(current_services().features)
    labels = {str(name): each.label for name, each in emails.items()}
    return translated_text(labels[kind]) if kind in labels else key_as_words(kind)


def file(told: Told) -> Markup:
    """The file of a curriculum, linked to its page while it exists."""
    name = told.value("file")
    code = Markup("<code>{}</code>").format(name)
    folder, _, of_folder = name.partition("/")
    if not told.entry.after.get("file") or not of_folder.endswith(".yaml"):
        return code
    return link(code, url_for("curricula.edit", folder=folder, file=of_folder))
