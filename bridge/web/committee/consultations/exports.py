"""The answers as CSV, and as a page to print."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bridge.consultations.answers.exporting import exported_rows
from bridge.consultations.drafts import Draft
from bridge.consultations.office import draft_of_row
from bridge.web.committee.consultations.place import find_row
from bridge.web.committee.consultations.responses_page import results_page
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text
from bridge.web.lists.csv_export import audit_export, csv_response

KINDS = {
    "whole": _("The milestone as a whole"),
    "expectation": _("Expectation"),
    "requirement": _("Requirement"),
}
CHOICES = {
    "keep": _("Keep"),
    "change": _("Change"),
    "drop": _("Drop"),
    "missing": _("Something is missing"),
}
DECISIONS = {"adopted": _("Adopted"), "not-adopted": _("Not adopted")}


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `…/answers.csv` and `…/print`."""

    @pages.get("/<int:number>/answers.csv")
    @open_to("consultations")
    def answers_table(number: int) -> Response:
        with services.database.reading() as session:
            row = find_row(session, number)
            language = visitors_language(services.config)
            rows, draft = exported_rows(session, row, language), draft_of_row(row)
        audit_export(services, "consultation-answers", {"consultation": number})
        lines = (_line(draft, each, language) for each in rows)
        return csv_response(f"consultation-{number}", _header(), lines)

    @pages.get("/<int:number>/print", endpoint="printed")
    @open_to("consultations")
    def printed(number: int) -> str:
        return results_page(services, number, "web/committee/consultations/print.html")


def _line(draft: Draft, row: Mapping[str, object], language: str) -> list[object]:
    """A row in the visitor's language, with titles and words instead of keys."""
    milestone = next(each for each in draft.milestones if each.key == row["milestone"])
    words: dict[str, object] = {
        "milestone": milestone.named(language),
        "point": str(row["point"]).rpartition("-")[2] if row["kind"] != "whole" else "",
        "kind": str(KINDS[str(row["kind"])]),
        "answer": str(CHOICES.get(str(row["answer"]), "")),
        "decision": str(DECISIONS.get(str(row["decision"]), "")),
    }
    return [
        translated_text(value) if isinstance(value, str) else value
        for value in (words.get(name, value) for name, value in row.items())
    ]


def _header() -> list[str]:
    """In the order of the fields of `exported_rows`."""
    return [
        gettext("Milestone"), gettext("Number"), gettext("Kind"), gettext("Text"),
        gettext("Group"), gettext("Name"), gettext("Email"), gettext("Answer"),
        gettext("Comment"), gettext("Matters most"), gettext("Entered by"),
        gettext("Decision"), gettext("Response"),
    ]  # fmt: skip
