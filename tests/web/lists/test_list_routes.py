"""A list page made here, to try every part of list pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from flask import Blueprint
from sqlalchemy.orm import Session

from bridge.store.operations import audit_queries
from bridge.web.common.services import EXTENSION_KEY
from bridge.web.lists.columns import (
    CsvField,
    button,
    csv_only,
    day,
    lines,
    region,
    text,
    visitor_may,
)
from bridge.web.lists.filter_fields import REGION, ChoiceField, LinkedField, SearchField
from bridge.web.lists.filters import PAGE_SIZE, Filters
from bridge.web.lists.list_page import Export, ListPage
from bridge.web.lists.routes import add_list_routes
from tests.web.sample_site import NOON
from tests.web.signed_in_users import SignedInUsers, Who

PAGE = "/badges"


@dataclass(frozen=True)
class Badge:
    id: int
    name: str
    region: str = "north"
    note: str = ""
    sent_at: datetime | None = NOON


BADGES = [Badge(1, "Kim", note="=1"), Badge(2, "Lee\n<b>", "south", sent_at=None)]
SIZE = ChoiceField("size", "Size", labels={"big": "Big", "small": "Small"}, all_label="All sizes")
NUMBER = LinkedField("number", "Number")
WORDS = SearchField("words", "Name")


def badges(_session: Session, filters: Filters, limit: int, after: int) -> Sequence[Badge]:
    wanted = filters[NUMBER] if NUMBER in filters.fields else None
    words = filters[WORDS] if WORDS in filters.fields else ""
    return [
        each
        for each in BADGES
        if each.id > after
        and (filters.scope is None or each.region in filters.scope)
        and wanted in (None, each.id)
        and words in each.name
    ][:limit]


LIST: ListPage[Badge] = ListPage(
    endpoint="badges.index",
    address=PAGE,
    title="Badges",
    access="members",
    in_menu=True,
    introduction="Who has a badge.",
    fields=(SIZE, NUMBER, REGION),
    note=lambda filters: "Only big ones." if filters[SIZE] == "big" else "",
    read=badges,
    empty=lambda _: "No badges.",
    export=Export("badges"),
    columns=(
        csv_only("ID", lambda each: each.id),
        lines("Name", lambda each: each.name),
        region(note=CsvField("Note", lambda each: each.note)),
        day("Sent", lambda each: each.sent_at, empty="not yet"),
        text("Secret", lambda each: "hush", csv=(), shown=lambda filters: filters[SIZE] == "small"),
        button(
            "Send", lambda each: f"/send/{each.id}", lambda each: f"Send: {each.name[:3]}",
            offered=lambda each: each.sent_at is None, shown=visitor_may("members-change"),
        ),
    ),
)  # fmt: skip


def serve(users: SignedInUsers, page: ListPage[Any] = LIST) -> SignedInUsers:
    """The same users, in an application that has the list."""
    pages = Blueprint("badges", __name__)
    add_list_routes(pages, users.app.extensions[EXTENSION_KEY], page)
    users.app.register_blueprint(pages)
    return users


def opened(users: SignedInUsers, query: str = "", who: Who = "committee") -> str:
    answer = users.client(who).get(PAGE + query)
    assert answer.status_code == 200
    return answer.text


def cells(page: str) -> list[list[str]]:
    """The texts of the table, row by row."""
    rows = page.partition("<tbody")[2].partition("</tbody>")[0].split("</tr>")[:-1]
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in found]


def test_columns_are_shown_in_order(users: SignedInUsers) -> None:
    page = opened(serve(users))
    assert "Who has a badge." in page
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page) == [
        "Name", "Region", "Sent", "Action",
    ]  # fmt: skip
    assert cells(page) == [
        ["Kim", "North =1", "Mar 1, 2026", "—"],
        ["Lee &lt;b&gt;", "South", "not yet", "Send"],
    ]
    assert 'aria-label="Send: Lee"' in page
    assert "Lee<br>&lt;b&gt;" in page
    assert page.count('<th scope="row"') == 2


def test_buttons_and_some_columns_are_only_for_some(users: SignedInUsers) -> None:
    assert "Send:" not in opened(serve(users), who="auditor")
    assert "hush" not in opened(users)
    assert "hush" in opened(users, "?size=small")


def test_filters_keep_their_values(users: SignedInUsers) -> None:
    page = opened(serve(users), "?size=big&number=2&region=south")
    assert [row[0] for row in cells(page)] == ["Lee &lt;b&gt;"]
    for wanted in ('value="big" selected', 'value="south" selected',
                   'type="hidden" name="number" value="2"', "Only big ones.", "Show all<",
                   '/badges/list.csv?size=big&amp;number=2&amp;region=south"'):  # fmt: skip
        assert wanted in page
    assert "Show all<" not in opened(users)
    assert "No badges." in opened(users, "?number=7")


@pytest.mark.parametrize("query", ["size=huge", "number=x", "region=nowhere", "after=-1"])
def test_invalid_filters_are_not_found(users: SignedInUsers, query: str) -> None:
    assert serve(users).client("committee").get(f"{PAGE}?{query}").status_code == 404


def test_the_csv_has_every_field_and_is_audited(users: SignedInUsers) -> None:
    answer = serve(users).client("chair").get(f"{PAGE}/list.csv?size=small&number=1")
    assert answer.text.removeprefix("\ufeff").splitlines() == [
        "ID,Name,Region,Note,Sent",
        "1,Kim,North,'=1,2026-03-01T12:00:00+00:00",
    ]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="badges.csv"'
    with users.database.reading() as session:
        [line] = audit_queries.entries(session, 9)
    assert (line.actor, line.action) == ("chair@union.example", "listed")
    assert line.after == {"list": "badges", "size": "small", "number": 1, "region": ""}


@pytest.mark.usefixtures("stopped_time")
def test_search_words_are_posted_from_page_to_page(
    users: SignedInUsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Badge(n, f"Kim {n}") for n in range(1, PAGE_SIZE + 2)]
    monkeypatch.setattr("tests.web.lists.test_list_routes.BADGES", many)
    browser = serve(users, replace(LIST, fields=(WORDS, REGION), note=lambda _: "",
                                   columns=LIST.columns[:4])).client("committee")  # fmt: skip
    found = browser.post(PAGE, data={"words": "Kim"})
    assert found.status_code == 303
    assert "Kim" not in found.location
    page = browser.get(found.location).text
    assert "words=" not in page
    assert 'name="words" value="Kim"' in page
    assert f'name="after" value="{PAGE_SIZE}"' in page
    after = {"words": "Kim", "after": str(PAGE_SIZE)}
    next_page = browser.post(PAGE, data=after, follow_redirects=True).text
    assert [row[0] for row in cells(next_page)] == ["Kim 26"]
    again = cells(browser.get(found.location).text)
    assert again == cells(page), "Back shows the first page again"
    assert len(browser.post(f"{PAGE}/list.csv", data={"words": "2"}).text.splitlines()) == 1 + 9
    assert browser.get(f"{PAGE}/list.csv").status_code == 405
    with users.database.reading() as session:
        [line] = audit_queries.entries(session, 9)
    assert line.after == {"list": "badges", "searched": True, "region": ""}


MENU = {
    "Home", "About the union", "Sign up", "My learning", "My account", "Dashboard", "Members",
    "Contact requests", "Needs attention", "Course content", "Activity log", "Badges",
}  # fmt: skip


def menu(users: SignedInUsers, who: Who) -> list[str]:
    """The entries of the menu, of those that are known here: a new list page may add others."""
    page = users.client(who).get("/welcome").text
    found = re.findall(r'class="nav-link"[^>]*>(.*?)</a>', page)
    return [each for each in found if each in MENU]


def test_the_list_is_in_the_menu_of_those_who_may_open_it(users: SignedInUsers) -> None:
    public = ["Home", "About the union"]
    chairs = [*public, "Dashboard", "Badges", "Members", "Contact requests", "Needs attention"]
    serve(users)
    assert menu(users, "chair") == chairs
    assert sorted(menu(users, "auditor")) == sorted([*chairs, "Course content", "Activity log"])
    assert menu(users, "member") == [*public, "My learning", "My account"]


def test_a_list_for_members_is_in_their_menu(users: SignedInUsers) -> None:
    serve(users, replace(LIST, access="own-pages", read=lambda *_: []))
    assert menu(users, "member")[-1] == "Badges"
    assert "No badges." in opened(users, who="member")
    assert users.client("chair").get(PAGE).status_code == 403
    assert users.client("nobody").get(PAGE).status_code == 303


def test_a_query_that_forgets_the_chairs_region_shows_nothing(users: SignedInUsers) -> None:
    serve(users, replace(LIST, read=lambda *_: BADGES))
    assert users.client("chair").get(PAGE).status_code == 500
    assert "Lee" in opened(users)


def test_a_query_that_forgets_its_limit_or_its_start_fails(users: SignedInUsers) -> None:
    many = [Badge(n, "Kim") for n in range(1, PAGE_SIZE + 3)]
    serve(users, replace(LIST, read=lambda *_: many))
    assert users.client("committee").get(PAGE).status_code == 500
    with pytest.raises(ValueError, match="only rows that come after"):
        assert users.client("committee").get(f"{PAGE}/list.csv").text


def test_a_declaration_that_does_not_fit_its_blueprint_says_so(users: SignedInUsers) -> None:
    services = users.app.extensions[EXTENSION_KEY]
    with pytest.raises(ValueError, match=r"endpoint badges\.index does not begin with others"):
        add_list_routes(Blueprint("others", __name__), services, LIST)
    with pytest.raises(ValueError, match="/badges is not below /else"):
        add_list_routes(Blueprint("badges", __name__, url_prefix="/else"), services, LIST)
