"""The columns of a record: what its page and its CSV show of a line."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bridge.features.record import RecordRow
from bridge.web.layout.formatting import reason_text
from bridge.web.layout.translation import translated_text
from bridge.web.lists.columns import Column, CsvField, cell, csv_only


def columns(kinds: Mapping[str, str]) -> tuple[Column[RecordRow], ...]:
    """The columns. `kinds`: the label of each kind of line."""
    return (
        cell(
            _("What"),
            "what",
            csv=(
                CsvField(_("When"), lambda each: each.line.on.isoformat()),
                CsvField(_("Kind"), lambda each: kinds[each.line.kind]),
                CsvField(_("What"), title),
            ),
            words=True,
        ),
        cell(
            _("Result"),
            "result",
            csv=(
                CsvField(_("Result"), result),
                CsvField(_("Result in %"), lambda each: each.line.grade),
            ),
            words=True,
        ),
        cell(_("When"), "when", csv=(CsvField(_("Valid until"), lambda e: e.line.valid_until),)),
        cell(
            _("Signed off by"),
            "confirmed",
            csv=(
                CsvField(_("Signed off by"), lambda each: each.line.by),
                CsvField(_("Note"), lambda each: each.line.note),
            ),
            words=True,
        ),
        csv_only(_("Withdrawn on"), lambda each: each.line.withdrawn_on),
        csv_only(_("Reason"), lambda each: reason_text(each.line.withdrawn_reason)),
        csv_only(_("Course"), lambda each: each.line.curriculum),
        csv_only(_("Key"), lambda each: each.line.key),
    )


def title(row: RecordRow) -> str:
    """What a line is about, in the visitor's language."""
    return translated_text(row.line.title)


def result(row: RecordRow) -> str:
    """How it ended, in the visitor's language."""
    if row.line.withdrawn_on is not None:
        return str(gettext("withdrawn"))
    return translated_text(row.line.result)
