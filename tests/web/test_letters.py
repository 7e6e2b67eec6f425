"""Mails of the pages that could not be sent: shown with reason and advice, tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from bridge.mail.letters import Kind
from bridge.store import logbook, outgoing
from bridge.web.committee import letters

from .cast import Cast, Who

STRANGER = "stranger@union.example"
WORDS = {"link": "https://path.example/secret"}


@pytest.fixture
def unsent(cast: Cast) -> list[int]:
    """A confirmation that was refused, a request that waits for a setting, a link too late."""
    now, hour = cast.clock(), timedelta(hours=1)
    owed = (("confirm", STRANGER, None), ("contact", "chair@union.example", None),
            ("sign-in", STRANGER, now))  # fmt: skip
    with cast.database.transaction() as session:
        for kind, email, end in owed:
            outgoing.owe(session, kind, email, "en", WORDS, now, expires_at=end)
        outgoing.expire(session, now)
        one, two = outgoing.claim(session, "test", now, hour, 9)
        assert outgoing.fail(session, one.id, "test", "refused (550 <5.1.1>)")
        assert outgoing.again(session, two.id, "test", "no password", now + hour, "configuration")
    return [one.id, two.id, two.id + 1]


def page(cast: Cast, who: Who = "committee", address: str = "/committee/letters") -> str:
    return cast.client(who).get(address).get_data(as_text=True)


@pytest.mark.parametrize("address", ["/committee/letters", "/committee/deliveries"])
def test_each_is_shown_with_reason_and_advice_and_no_address_of_a_stranger(
    cast: Cast, unsent: list[int], address: str
) -> None:
    text = page(cast, address=address)
    for word in ("Link that confirms a sign-up", "refused (550 &lt;5.1.1&gt;)", "misspelt",
                 "Request to be contacted", "A setting is missing", "no password",
                 "chair@union.example", "Link to sign in", "Too late to be of use"):  # fmt: skip
        assert word in text
    assert STRANGER not in text
    assert "secret" not in text
    assert text.count("Try again:") == 2


def test_auditors_see_them_without_buttons_and_chairs_do_not(cast: Cast, unsent: list[int]) -> None:
    assert "misspelt" in page(cast, "auditor")
    assert "Try again:" not in page(cast, "auditor")
    assert "misspelt" not in page(cast, "chair", "/committee/deliveries")


def test_one_is_tried_again_with_all_that_it_says(cast: Cast, unsent: list[int]) -> None:
    address = f"/committee/letters/{unsent[0]}/retry"
    assert cast.client("committee").post(address).status_code == 303
    assert cast.rung == [None]
    with cast.database.transaction() as session:
        [again] = outgoing.claim(session, "test", cast.clock(), timedelta(hours=1), 9)
        [line] = logbook.entries(session, 5)
    assert (again.id, again.payload) == (unsent[0], WORDS)
    assert (line.action, line.member_id) == ("retry", None)
    assert line.before == {"state": "failed", "reason": "never", "attempts": 1}
    again = cast.client("committee").post(address, follow_redirects=True)
    assert "There was nothing left to try again." in again.text


def test_every_letter_has_a_name_for_people() -> None:
    of_deliveries = {"welcome", "milestone", "chair-notice"}
    assert set(letters.KINDS) == set(get_args(Kind)) - of_deliveries


def test_what_came_too_late_is_not_tried_again(cast: Cast, unsent: list[int]) -> None:
    answer = cast.client("committee").post(f"/committee/letters/{unsent[2]}/retry")
    assert answer.status_code == 303
    assert cast.rung == []


def test_the_list_goes_on_and_is_a_sheet(cast: Cast) -> None:
    now = cast.clock()
    with cast.database.transaction() as session:
        for _ in range(30):
            outgoing.owe(session, "sign-in", STRANGER, "en", WORDS, now, expires_at=now)
        outgoing.expire(session, now)
    first, second = page(cast), page(cast, address="/committee/letters?after=25")
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (25, 5)
    assert page(cast, address="/committee/deliveries").count('<th scope="row">') == 5
    text = page(cast, "auditor", "/committee/letters/list.csv")
    assert len(text.splitlines()) == 31
    assert STRANGER not in text
