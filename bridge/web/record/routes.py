"""The routes of a record: its page, its CSV and its JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, jsonify
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.access.rights import Right
from bridge.features.record import RecordRow, as_data, read_record, record_kinds
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text
from bridge.web.lists.filter_fields import ChoiceField
from bridge.web.lists.filters import EXPORT_BATCH_SIZE, Filters, read_filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes, audit_list_export
from bridge.web.record.columns import columns

PARTS = "web/record/parts.html"
NEXT_STEP = NextStep(
    lazy_gettext("Lessons, quizzes, sessions and sign-offs appear here once they are done."),
    "public.home", lazy_gettext("Courses"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record is shown, and to whom.

    `endpoint`: blueprint and function, such as `me.record`. `address`: of the page; those of the
    CSV and the JSON end in `.csv` and `.json`. `access`: the right they need. `parent`: endpoint
    and title of the page it belongs to. `member`: the ID of the member it is about; raises
    NotFound if the visitor may not see them. `name`: what they are called, '' on their own page.
    `opened`: called before anything is shown. `may_correct`: whether the visitor may correct it.
    """

    endpoint: str
    address: str
    title: str
    access: Right
    parent: tuple[str, str]
    member: Callable[[Session], int]
    name: Callable[[Services], str] = lambda _services: ""
    opened: Callable[[Services], None] = lambda _services: None
    may_correct: Callable[[Services], bool] = lambda _services: False


def add_record_routes(pages: Blueprint, services: Services, place: RecordPlace) -> None:
    """Add the page of a record to a blueprint, its CSV and its JSON."""
    page = _list_page(services, place)
    add_list_routes(pages, services, page)
    _add_json_route(pages, services, page, place)


def _list_page(services: Services, place: RecordPlace) -> ListPage[RecordRow]:
    labels = {
        kind: lazy_gettext(label.template)
        for kind, label in record_kinds(services.features).items()
    }
    kind = ChoiceField("kind", lazy_gettext("Kind"), labels, lazy_gettext("Everything"))

    def read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[RecordRow]:
        context = services.context(session, visitors_language(services.config))
        member = place.member(session)
        return read_record(services.features, context, member, limit, after, filters[kind])

    return ListPage(
        endpoint=place.endpoint,
        address=place.address,
        title=place.title,
        access=place.access,
        columns=columns(labels),
        read=read,
        empty=lambda _filters: gettext("Nothing yet."),
        export=Export("record", address=f"{place.address}.csv", member=place.member),
        introduction=lazy_gettext("Quizzes, sign-offs, milestones and more, newest first."),
        fields=(kind,),
        next_step=NEXT_STEP,
        terms=("credit", "sign-off", "milestone", "session"),
        parent=place.parent,
        parts=PARTS,
        opened=place.opened,
        context=lambda services, _filters: {
            "kind_labels": labels,
            "json_endpoint": f"{place.endpoint}_data",
            "member_name": place.name(services),
            "may_correct": place.may_correct(services),
        },
    )


def _add_json_route(
    pages: Blueprint, services: Services, page: ListPage[RecordRow], place: RecordPlace
) -> None:
    @open_to(place.access)
    def data(**_path: int) -> Answer:
        filters = read_filters(services, page.fields)
        audit_list_export(services, page, filters)
        with services.database.reading() as session:
            rows = page.read(session, filters, EXPORT_BATCH_SIZE + 1, filters.after)
        shown = rows[:EXPORT_BATCH_SIZE]
        _, following = filters.pages(
            f"{place.endpoint}_data", len(rows) > EXPORT_BATCH_SIZE, shown[-1].id if shown else 0
        )
        return jsonify(
            {
                "lines": [as_data(row.line, translated_text) for row in shown],
                "next": following or None,
            }
        )

    rule = f"{place.address.removeprefix(pages.url_prefix or '')}.json"
    pages.add_url_rule(rule, f"{place.endpoint.partition('.')[2]}_data", data, methods=["GET"])
