"""Filters a list by form: those of the curricula, and those that were sent before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bridge.access.form_readers import FORM_READERS
from bridge.foundations.forms.submission_queries import count_by_form
from bridge.web.committee.forms.readable import readable_rights
from bridge.web.common.services import current_services
from bridge.web.layout.content import plain_text
from bridge.web.layout.language import visitors_language
from bridge.web.lists.filter_fields import Choices, FilterField, known_value


@dataclass(frozen=True)
class _FormField(FilterField[str]):
    def read(self, text: str, _choices: Choices) -> str:
        return known_value(text, _titles())

    def param(self, value: str) -> str | None:
        return value or None

    def options(self, _choices: Choices) -> Iterator[tuple[str, str]]:
        yield "", gettext("All forms")
        yield from _titles().items()


FORM = _FormField("form", _("Form"))
"""The name of a form, `curriculum/key`."""


def form_names(name: str) -> Collection[str]:
    """A form's name now and, after a rename, before."""
    return next((names for names in _offered() if names[0] == name), (name,))


def _offered() -> Mapping[tuple[str, ...], str]:
    """The title of each form of the curricula, by its names: now and, after a rename, before.

    Only forms that the visitor reads.
    """
    services, readable = current_services(), readable_rights()
    language = visitors_language(services.config)
    return {
        tuple(f"{path.key}/{key}" for key in (form.key, form.previously) if key): plain_text(
            form.title, language
        )
        for path in services.curricula
        for form in path.forms
        if (FORM_READERS[form.readers].needs or "") in readable
    }


def _titles() -> Mapping[str, str]:
    """The titles of the forms that the visitor reads, by name. One query.

    A form that is no longer offered has its name.
    """
    if "form_titles" not in g:
        offered = _offered()
        known = {name for names in offered for name in names}
        with current_services().database.reading() as session:
            gone = [name for name in count_by_form(session, readable_rights()) if name not in known]
        titles = {names[0]: title for names, title in offered.items()}
        g.form_titles = titles | {name: name for name in gone}
    return cast("Mapping[str, str]", g.form_titles)
