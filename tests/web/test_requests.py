"""Requests to be contacted: seen by the region's chair and the committee, and taken care of."""

from __future__ import annotations

import pytest

from bridge.store import audit, contacts, logbook, outgoing
from bridge.store.contacts import Asked

from .cast import Cast, Who
from .queries import counted

KIM = Asked("Kim", "kim@union.example", "555", "north", "a-path:first", "Call\n<me>", "en")
LEE = Asked("Lee", "lee@union.example", "", "", "a-path:second", "=Now", "fr")


@pytest.fixture
def asked(cast: Cast) -> list[int]:
    """Kim asks in the north, Lee without a region: the ids of their requests."""
    with cast.database.transaction() as session:
        return [contacts.ask(session, each, cast.clock()) for each in (KIM, LEE)]


def page(cast: Cast, who: Who = "committee", query: str = "") -> str:
    return cast.client(who).get("/committee/requests" + query).get_data(as_text=True)


def test_who_waits_is_shown_with_what_they_wrote(cast: Cast, asked: list[int]) -> None:
    text = page(cast)
    for word in ("Kim", "kim@union.example", "555", "Call<br>&lt;me&gt;", "First", "North", "Lee"):
        assert word in text


def test_a_chair_sees_the_own_region_alone(cast: Cast, asked: list[int]) -> None:
    assert "Kim" in page(cast, "chair")
    assert "Lee" not in page(cast, "chair")
    assert "Nobody waits." in page(cast, "other_chair")


def test_they_are_filtered_by_milestone_and_region(cast: Cast, asked: list[int]) -> None:
    assert "Kim" not in page(cast, query="?milestone=a-path:second")
    assert "Lee" in page(cast, query="?milestone=a-path:second")
    assert "Lee" not in page(cast, query="?region=north")


@pytest.mark.parametrize("who", ["committee", "chair"])
def test_it_is_taken_care_of_once_and_the_log_names_nobody(
    cast: Cast, asked: list[int], who: Who
) -> None:
    address = f"/committee/requests/{asked[0]}/handled"
    browser = cast.client(who)
    assert browser.post(address).status_code == 303
    again = browser.post(address, follow_redirects=True)
    assert "Somebody has taken care of it already." in again.text
    assert "kim@" not in page(cast)
    handled = page(cast, query="?handled=1")
    assert "kim@union.example" in handled
    assert f"{who}@union.example" in handled
    with cast.database.reading() as session:
        [line] = logbook.entries(session, 9)
    assert (line.action, line.who, line.member_id) == ("contact", f"{who}@union.example", None)
    assert (line.before, line.after) == (
        {"handled": False}, {"request": asked[0], "handled": True},
    )  # fmt: skip


@pytest.mark.parametrize(("who", "status"), [("other_chair", 404), ("auditor", 403)])
def test_others_leave_it_as_it_is(cast: Cast, asked: list[int], who: Who, status: int) -> None:
    answer = cast.client(who).post(f"/committee/requests/{asked[0]}/handled")
    assert answer.status_code == status
    assert "kim@" in page(cast)
    assert f"/committee/requests/{asked[0]}/handled" not in page(cast, who)


def test_a_chair_does_not_handle_what_has_no_region(cast: Cast, asked: list[int]) -> None:
    assert cast.client("chair").post(f"/committee/requests/{asked[1]}/handled").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/committee/requests",
        "/committee/letters",
        "/committee/deliveries",
        "/committee/audit?region=north&milestone=a-path:first",
    ],
)
def test_queries_do_not_grow_with_the_list(cast: Cast, address: str) -> None:
    now, found = cast.clock(), []
    for _ in range(2):
        with cast.database.transaction() as session:
            for _ in range(20):
                contacts.ask(session, KIM, now)
                outgoing.owe(session, "sign-in", "a@u.example", "en", {}, now, expires_at=now)
                audit.write(session, "test", "looked", cast.member, {}, {}, now)
            outgoing.expire(session, now)
        browser = cast.client("committee")
        with counted(cast.database) as statements:
            browser.get(address)
        found.append(len([each for each in statements if each.startswith("SELECT")]))
    assert found[0] == found[1] <= 4


def test_the_list_goes_on_and_is_a_sheet_that_cannot_calculate(cast: Cast) -> None:
    with cast.database.transaction() as session:
        for _ in range(30):
            contacts.ask(session, LEE, cast.clock())
    assert page(cast).count('<th scope="row">') == 25
    assert page(cast, query="?after=25").count('<th scope="row">') == 5
    text = cast.client("auditor").get("/committee/requests/list.csv").get_data(as_text=True)
    assert len(text.splitlines()) == 31
    assert "Second,'=Now," in text
