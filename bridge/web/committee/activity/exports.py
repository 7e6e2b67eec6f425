"""What the lists are called that people export, and with which filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_babel import gettext, lazy_gettext

from bridge.web.committee.activity.names import Values
from bridge.web.lists.filters import current_filters
from bridge.web.lists.routes import exported_lists
from bridge.web.lists.saved import filter_pages, in_words

OTHERS: Mapping[str, str] = {
    "persons": lazy_gettext("People"),
    "schedule": lazy_gettext("Schedule"),
    "refused-rows": lazy_gettext("Refused rows of an import"),
    "history": lazy_gettext("History"),
    "consultation-answers": lazy_gettext("Answers to a consultation"),
    "consultation-people": lazy_gettext("People invited to a consultation"),
    "session-roster": lazy_gettext("Registrations and attendance"),
    "session-history": lazy_gettext("History of registrations"),
}
"""Exports without a list page of their own."""


def list_title(name: str) -> str:
    """The title of an exported list."""
    page = exported_lists().get(name)
    return str(page.title if page else OTHERS.get(name) or gettext("another list"))


def saved_choices(values: Values) -> Iterator[tuple[str, str]]:
    """What a saved filter chooses: the label of each field, and of what was chosen."""
    found, page = values.get("chosen"), filter_pages().get(str(values.get("page")))
    if page and isinstance(found, dict):
        for field, value, label in in_words(page, found, current_filters().choices):
            yield str(field.label), str(label or value)


def chosen(values: Values) -> Iterator[tuple[str, str]]:
    """The filters of an exported list: the label of each, and of what was chosen."""
    page, choices = exported_lists().get(str(values.get("list"))), current_filters().choices
    for field in page.fields if page else ():
        value = values.get(field.name)
        options = dict(field.options(choices)) if field.kind == "choice" else {}
        said = options.get("1" if value is True else str(value or ""))
        if value and said:
            yield str(field.label), str(said)
    if values.get("searched"):
        yield gettext("Search words"), gettext("yes")
