"""Members: found, looked at, and corrected. Whoever is looked for stands in no address."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from bridge.store import people
from bridge.store.people import Person, Wanted
from bridge.web.collaborators import Collaborators
from bridge.web.committee import one_member
from bridge.web.committee.filters import PAGE, Filters, filters
from bridge.web.committee.sheet import everything, noted, sheet
from bridge.web.identity import for_committee

LONGEST = 254


def blueprint(house: Collaborators) -> Blueprint:
    """`/committee/members`, one member's page, and what the committee changes there."""
    pages = Blueprint("members", __name__, url_prefix="/committee/members")

    @pages.route("", methods=["GET", "POST"])
    @for_committee()
    def index() -> str:
        asked, words = filters(house), _words()
        found = _read(house, asked, words, PAGE + 1, asked.after)
        shown, more = found[:PAGE], len(found) > PAGE
        first, after = asked.pages("members.index", more, shown[-1].id if shown else 0)
        return render_template(
            "web/committee/members.html",
            filters=asked, words=words, people=shown, first=first, next=after,
            last=shown[-1].id if more else 0,
        )  # fmt: skip

    @pages.post("/list.csv")
    @for_committee()
    def table() -> Response:
        asked, words = filters(house), _words()
        noted(house, "members", {**asked.said, "searched": bool(words)})
        found = everything(lambda limit, after: _read(house, asked, words, limit, after))
        return sheet("members", _heads(), (_cells(asked, each) for each in found))

    one_member.add_to(pages, house)
    return pages


def _words() -> str:
    """What is searched for: only from a form, so that no name comes to stand in an address."""
    return " ".join(request.form.get("words", "").replace("\0", "").split())[:LONGEST]


def _read(house: Collaborators, asked: Filters, words: str, limit: int, after: int) -> list[Person]:
    step = asked.step
    wanted = Wanted(words, asked.scope, step.key[0] if step else "", step.keys if step else ())
    with house.database.reading() as session:
        return people.search(session, wanted, limit, after)


def _heads() -> list[str]:
    return [
        gettext("Number"), gettext("First name"), gettext("Last name"), gettext("E-mail"),
        gettext("Region"), gettext("Role"), gettext("Since"), gettext("Signed up"),
    ]  # fmt: skip


def _cells(asked: Filters, each: Person) -> tuple[object, ...]:
    return (
        each.number, each.first_name, each.last_name, each.email,
        asked.region_name(each.region), each.role, each.role_since, each.created_at,
    )  # fmt: skip
