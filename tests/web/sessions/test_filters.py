"""Filters of the list and the month: what they show, and that they are kept."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.web.sessions.schedule import schedule
from tests.web.signed_in_users import SignedInUsers, Who

PAGES = ("/sessions", "/sessions/month/2026-04")


def shown(users: SignedInUsers, address: str, who: Who = "member") -> set[int]:
    """The sessions in a page, without those of the form below."""
    page = users.client(who).get(address).text
    return {int(each) for each in re.findall(r'href="/sessions/(\d+)"', page)}


@pytest.fixture
def numbers(users: SignedInUsers) -> dict[str, int]:
    """A session of each kind. The member has the only seat of `mine`."""
    room = {"in_person": "y", "online": "", "seats_online": "", "room": "Union hall", "link": ""}
    found = {
        "mine": schedule(users),
        "room": schedule(users, **room, seats_room="1"),
        "evening": schedule(users, topic="a-path/evening/"),
        "off": schedule(users, topic="a-path/evening/"),
    }
    member, committee = users.client("member"), users.client("committee")
    member.post(f"/sessions/{found['mine']}/register", data={"format": "online"})
    committee.post(f"/committee/sessions/{found['off']}/cancel", data={"reason": "Snow."})
    return found


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("query", "who", "expected"),
    [
        ("topic=a-path/hearings", "member", {"mine", "room"}),
        ("how=room", "member", {"room"}),
        ("how=online", "member", {"mine", "evening", "off"}),
        ("mine=1", "member", {"mine"}),
        ("free=1", "member", {"room", "evening"}),
        ("free=1&topic=a-path/hearings&how=online", "member", set()),
        ("state=cancelled", "committee", {"off"}),
        ("state=open&topic=a-path/evening", "committee", {"evening"}),
        ("state=cancelled", "member", {"mine", "room", "evening", "off"}),
        ("mine=1", "nobody", {"evening", "off"}),
        ("how=sideways&topic=", "nobody", {"evening", "off"}),
    ],
)
def test_a_filter_shows_what_it_says(
    users: SignedInUsers, numbers: dict[str, int], page: str, query: str, who: Who,
    expected: set[str],
) -> None:  # fmt: skip
    assert shown(users, f"{page}?{query}", who) == {numbers[each] for each in expected}


def test_filters_are_kept_when_one_goes_on(users: SignedInUsers, numbers: dict[str, int]) -> None:
    member = users.client("member")
    query = "?topic=a-path/hearings&free=1"
    page = unescape(member.get(f"/sessions/month/2026-04{query}").text)
    for address in ("/sessions/month/2026-03", "/sessions/month/2026-05", "/sessions"):
        assert f'href="{address}{query}"' in page
    assert 'value="a-path/hearings" selected' in page
    assert re.search(r'name="free" value="1" checked', page)
    assert f'href="/sessions/month{query}"' in unescape(member.get(f"/sessions{query}").text)
    answer = member.get(f"/sessions/month{query}")
    assert answer.headers["Location"].endswith(query)


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_list_says_what_to_do(
    users: SignedInUsers, numbers: dict[str, int], page: str
) -> None:
    found = users.client("nobody").get(f"{page}?topic=a-path/stewards").text
    assert f'No session matches what you chose. <a href="{page}">Show all sessions</a>' in found
    assert 'name="state"' not in found
    assert 'name="mine"' not in found


def test_the_form_for_several_offers_what_is_shown(
    users: SignedInUsers, numbers: dict[str, int]
) -> None:
    page = users.client("member").get("/sessions?topic=a-path/hearings").text
    assert f'id="session-{numbers["evening"]}"' not in page
