"""The menu: single pages, and sections that show their pages while one is open."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.web.signed_in_users import SignedInUsers, Who

OPEN = re.compile(r'<li class="section" data-open>(.*?)</ul></li>', re.DOTALL)
LINK = re.compile(r'<a class="nav-link" href="([^"]+)"( aria-current="\w+")?>(.*?)</a>')


def menu(users: SignedInUsers, who: Who, address: str) -> str:
    page = users.client(who).get(address).text
    return unescape(page[page.index("<nav id") : page.index("</nav>")])


def test_the_section_of_the_open_page_shows_its_pages(users: SignedInUsers) -> None:
    [section] = OPEN.findall(menu(users, "committee", "/committee/roles"))
    links = LINK.findall(section)
    assert links[0] == ("/committee/members", ' aria-current="true"', "Members and contacts")
    assert links[1][::2] == ("/committee/members", "Members")
    assert [link[0] for link in links if "page" in link[1]] == ["/committee/roles"]


@pytest.mark.parametrize("address", ["/", "/committee"])
def test_a_page_without_a_section_opens_none(users: SignedInUsers, address: str) -> None:
    text = menu(users, "committee", address)
    assert not OPEN.search(text)
    assert text.count("aria-current") == 1


def test_a_page_below_another_marks_that_one(users: SignedInUsers) -> None:
    text = menu(users, "committee", users.address("/committee/members/{member}"))
    assert '<a class="nav-link" href="/committee/members" aria-current="true">Members</a>' in text


def test_a_page_of_a_blueprint_with_an_own_entry_marks_only_itself(users: SignedInUsers) -> None:
    text = menu(users, "committee", "/committee/follow-up")
    assert 'href="/committee" aria-current' not in text
    assert 'href="/committee/follow-up" aria-current="page"' in text


def test_a_section_with_one_page_is_that_page(users: SignedInUsers) -> None:
    text = menu(users, "grievance", "/committee/forms")
    assert 'class="section"' not in text
    assert 'href="/committee/forms" aria-current="page">Sent forms' in text


def test_only_visitors_who_are_not_signed_in_sign_up(users: SignedInUsers) -> None:
    assert "Sign up" in menu(users, "nobody", "/")
    assert "Sign up" not in menu(users, "member", "/")
