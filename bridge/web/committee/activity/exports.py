"""What the lists are called that people export, and with which filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_babel import gettext, lazy_gettext

from bridge.web.committee.activity.names import Values
from bridge.web.lists.filters import current_filters
from bridge.web.lists.routes import exported_lists

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
