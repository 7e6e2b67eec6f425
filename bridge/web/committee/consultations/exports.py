"""The answers as CSV, and as a page to print."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext

from bridge.consultations.answers.exporting import exported_rows
from bridge.web.committee.consultations.place import find_row
from bridge.web.committee.consultations.responses_page import results_page
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text
from bridge.web.lists.csv_export import audit_export, csv_response


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `…/answers.csv` and `…/print`."""

    @pages.get("/<int:number>/answers.csv")
    @open_to("consultations")
    def answers_table(number: int) -> Response:
        with services.database.reading() as session:
            row = find_row(session, number)
            rows = exported_rows(session, row, visitors_language(services.config))
        audit_export(services, "consultation-answers", {"consultation": number})
        lines = ([translated_text(value) if isinstance(value, str) else value
                  for value in each.values()] for each in rows)  # fmt: skip
        return csv_response(f"consultation-{number}", _header(), lines)

    @pages.get("/<int:number>/print", endpoint="printed")
    @open_to("consultations")
    def printed(number: int) -> str:
        return results_page(services, number, "web/committee/consultations/print.html")


def _header() -> list[str]:
    """In the order of the fields of `exported_rows`."""
    return [
        gettext("Milestone"), gettext("Point"), gettext("Kind"), gettext("Text"),
        gettext("Group"), gettext("Name"), gettext("Email"), gettext("Answer"),
        gettext("Comment"), gettext("Matters most"), gettext("Entered by"),
        gettext("Decision"), gettext("Response"),
    ]  # fmt: skip
