"""A form with what was typed in it: from the draft, and from the page."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import request
from werkzeug.datastructures import FileStorage

from bridge.access.form_readers import FORM_READERS, file_purpose
from bridge.curriculum.forms.answers import fit_answers, keep_apart, tidy
from bridge.curriculum.forms.field import FormField
from bridge.curriculum.forms.file import FileField
from bridge.curriculum.forms.form import Form, revision_of
from bridge.foundations.files.file_types import FileRefused
from bridge.foundations.forms.attached_files import file_ids
from bridge.foundations.forms.drafts import Draft, FormPlace
from bridge.foundations.owners import Owner
from bridge.messages import Message
from bridge.printable_text import remove_unprintable
from bridge.web.files.uploads import receive_file
from bridge.web.forms.lookups import FoundForm

PREFIX = "field-"
"""Begins the names of the fields in the page's form."""
MAX_FORMER_FIELDS = 50
"""How many answers to fields that a form no longer has are taken from a page."""
CHOOSE_AGAIN = Message("Choose this file again.")


@dataclass(frozen=True, slots=True)
class Place:
    """A form, who fills it in, and the address of its page."""

    found: FoundForm
    owner: Owner
    address: str

    @property
    def stored(self) -> FormPlace:
        return FormPlace(self.owner, self.found.names, needs=self.found.needs or "")


@dataclass(slots=True)
class FilledForm:
    """What the page shows.

    `elsewhere`: what another page saved meanwhile. `changed`: the form isn't the one that the page
    showed. `other_readers`: others can read it than the page, or the draft, said. `needs`: the
    right of the readers that it named. `received`: the files that came with the page.
    """

    place: Place
    typed: dict[str, list[str]]
    version: int
    token: str
    problems: dict[str, Message] = field(default_factory=dict)
    elsewhere: Mapping[str, list[str]] = field(default_factory=dict)
    notice: str = ""
    changed: bool = False
    other_readers: bool = False
    needs: str = ""
    received: list[int] = field(default_factory=list)

    @property
    def found(self) -> FoundForm:
        return self.place.found

    @property
    def revision(self) -> str:
        return revision_of(self.found.form)

    @property
    def stored(self) -> FormPlace:
        """Where to save it: still only for the readers that the page named."""
        return replace(self.place.stored, needs=self.needs)

    @property
    def no_longer_asked(self) -> list[tuple[FormField | None, str]]:
        """Answers that are kept and not sent, each with the field that it doesn't fit any more."""
        form = self.found.form
        return [
            (form.field(key.rpartition(":")[2]), typed_in_words(answer))
            for key, answer in self.typed.items()
            if form.field(key) is None and any(answer)
        ]

    def forget_files(self, saved: Mapping[str, list[str]]) -> None:
        """Keep only the files that are saved; those just sent must be chosen again."""
        for each in file_fields(self.found.form):
            typed = self.typed.pop(each.key, None)
            if typed is not None and typed != saved.get(each.key):
                self.problems[each.key] = CHOOSE_AGAIN
            if each.key in saved:
                self.typed[each.key] = saved[each.key]


def typed_in_words(answer: Sequence[str]) -> str:
    """An answer as its owner knows it: of a file, its name."""
    return answer[1] if file_ids([answer]) else ", ".join(filter(None, answer))


def file_fields(form: Form) -> Iterator[FileField]:
    """The fields for files."""
    return (each for each in form.fields if isinstance(each, FileField))


def from_draft(place: Place, draft: Draft | None) -> FilledForm:
    """The form as its draft has it."""
    fitted = fit_answers(place.found.form, draft.answers if draft else {})
    typed = {**fitted.no_longer_asked, **fitted.asked}
    filled = FilledForm(place, typed, draft.version if draft else 0, secrets.token_urlsafe(24))
    filled.needs = place.stored.needs
    if draft is not None:
        filled.needs, filled.other_readers = draft.needs, draft.needs != place.stored.needs
    return filled


def from_page(place: Place, draft: Draft | None) -> FilledForm:
    """What was posted. The answers to fields for files come from the draft, never from the page."""
    filled = from_draft(place, draft)
    version, token = request.form.get("version", ""), request.form.get("token", "")
    filled.version = int(version[:9]) if version.isascii() and version.isdecimal() else 0
    filled.token = token if 20 <= len(token) <= 64 and token.isascii() else filled.token
    readers = request.form.get("readers", place.found.form.readers)
    filled.other_readers = readers != place.found.form.readers
    filled.needs = _needs_of(readers, place)
    filled.changed = request.form.get("revision", filled.revision) != filled.revision
    if filled.changed:
        filled.typed.update(_answers_to_former_fields(place.found.form))
    for each in place.found.form.fields:
        if not isinstance(each, FileField):
            names = (PREFIX + each.key, PREFIX + each.previously)
            sent = next((name for name in names if name in request.form), names[0])
            filled.typed[each.key] = tidy(request.form.getlist(sent))
        elif f"remove-{each.key}" in request.form:
            filled.typed.pop(each.key, None)
    if filled.changed:
        _keep_apart_what_does_not_fit(filled)
    return filled


def _needs_of(readers: str, place: Place) -> str:
    """The right of the readers that the page named; if it is unknown, of the present ones."""
    for name, each in FORM_READERS.items():
        if name == readers:
            return each.needs or ""
    return place.stored.needs


def _keep_apart_what_does_not_fit(filled: FilledForm) -> None:
    """Fields may have another type than on the page, or other choices."""
    fitted = fit_answers(filled.found.form, filled.typed)
    for each in file_fields(filled.found.form):
        if any(text := tidy(request.form.getlist(PREFIX + each.key))):
            keep_apart(fitted.no_longer_asked, each.key, text)
    filled.typed = {**fitted.no_longer_asked, **fitted.asked}


def _answers_to_former_fields(form: Form) -> Mapping[str, list[str]]:
    """Answers to fields that were on the page, and that the form no longer has."""
    known = {key for each in form.fields for key in (each.key, each.previously)}
    names = (name.removeprefix(PREFIX) for name in request.form if name.startswith(PREFIX))
    former = [name for name in names if name not in known and _is_key(name)]
    return {name: tidy(request.form.getlist(PREFIX + name)) for name in former[:MAX_FORMER_FIELDS]}


def _is_key(name: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9-]{0,27}", name) is not None


def dropped_files(filled: FilledForm, draft: Draft | None) -> set[int]:
    """The files of the draft that the page removes or replaces."""
    asked = fit_answers(filled.found.form, draft.answers if draft else {}).asked
    dropped = [
        asked[each.key]
        for each in file_fields(filled.found.form)
        if each.key in asked and (each.key not in filled.typed or _sent_file(each) is not None)
    ]
    return set(file_ids(dropped))


def _sent_file(field: FileField) -> FileStorage | None:
    sent = request.files.get(PREFIX + field.key)
    return sent if sent is not None and sent.filename else None


def receive_files(filled: FilledForm, instead_of: Collection[int]) -> None:
    """Store the files that were sent; what is wrong with one is said at its field.

    `instead_of`: files that are deleted when the draft is saved.
    """
    purpose = file_purpose(filled.needs)
    for each in file_fields(filled.found.form):
        sent = _sent_file(each)
        if sent is None:
            continue
        try:
            number = receive_file(sent, filled.place.owner, purpose, instead_of)
        except FileRefused as refused:
            filled.problems[each.key] = Message(
                "%(what)s %(todo)s", what=refused.what, todo=refused.todo
            )
        else:
            filled.received.append(number)
            name = str(sent.filename).replace("\\", "/").rpartition("/")[2]
            filled.typed[each.key] = tidy([str(number), remove_unprintable(name)[:200]])
