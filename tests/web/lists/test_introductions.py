"""Every page of the committee says what it is for, and every empty list what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bridge.web.lists.list_page import ListPage
from tests.web.access_rows import ROWS
from tests.web.lists.declared_lists import declared_lists
from tests.web.signed_in_users import SignedInUsers

INTRODUCTION = '<p class="introduction">'


def pages(users: SignedInUsers) -> Iterator[tuple[str, str]]:
    """Each page of the committee that opens, by its address."""
    client = users.client("committee")
    for row in ROWS:
        if row.method == "GET" and f"{row.address}/".startswith(("/committee", "/access/")):
            answer = client.get(users.address(row.address))
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield row.endpoint, answer.get_data(as_text=True)
            answer.close()


def test_every_page_of_the_committee_has_an_introduction(users: SignedInUsers) -> None:
    opened = dict(pages(users))
    assert len(opened) > 20
    missing = [endpoint for endpoint, text in opened.items() if INTRODUCTION not in text]
    assert not missing, (
        f"Say in one or two sentences what {missing} are for: `introduction` of a ListPage, or "
        "`ui.introduction(_(…))` below the heading."
    )


@pytest.mark.parametrize("page", declared_lists(), ids=lambda page: page.endpoint)
def test_every_list_says_what_it_is_for_and_what_to_do_if_it_is_empty(page: ListPage[Any]) -> None:
    assert page.introduction, f"Add `introduction` to the ListPage {page.endpoint}."
    assert page.next_step, f"Add `next_step` to the ListPage {page.endpoint}: what to do next."


def test_an_empty_list_leads_on_for_those_who_may(users: SignedInUsers) -> None:
    empty = "/committee/sessions"
    committee = users.client("committee").get(empty).text
    chair = users.client("chair").get(empty).text
    for text in (committee, chair):
        assert "Schedule a session here, or import a file" in text
    assert ">Schedule a session</a>" in committee.partition('class="empty"')[2]
    assert ">Schedule a session</a>" not in chair.partition('class="empty"')[2]


def test_words_are_explained_without_javascript(users: SignedInUsers) -> None:
    text = users.client("committee").get("/committee/members").text
    assert '<details class="terms">' in text
    assert "<dt>Milestone</dt>" in text
    assert 'href="/help/glossary"' in text
