"""The code of a sign-up: it works once, in its browser, in time, and can't be guessed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.members import pending_signups
from bridge.store.members.pending_signups import (
    CODE_LIFETIME,
    LINK_LIFETIME,
    MAX_WRONG_CODES_A_DAY,
    PendingSignupData,
    RefusedCode,
)
from bridge.store.tables.members import PendingSignup
from tests.store.parallel import run_in_threads
from tests.store.sample_members import NOW

SIGNUP = PendingSignupData("kim@example.org", "Kim", "Doe", "", "north", "en", "I agree.")
RIGHT, WRONG = "012345", "999999"


def add(db: Database, browser: str = "browser", token: str = "") -> None:
    with db.transaction() as session:
        pending_signups.add_pending_signup(
            session, token or f"token-{browser}", SIGNUP, NOW, browser=browser, code=RIGHT
        )


def enter(
    db: Database, code: str, browser: str = "browser", after: timedelta = timedelta(minutes=1)
) -> object:
    with db.transaction() as session:
        return pending_signups.confirm_with_code(session, browser, code, NOW + after)


def test_a_code_confirms_once_in_its_browser(db: Database) -> None:
    add(db)
    assert enter(db, RIGHT, "other") == RefusedCode("ended")
    assert enter(db, RIGHT, "") == RefusedCode("ended")
    assert enter(db, RIGHT) == SIGNUP
    assert enter(db, RIGHT) == RefusedCode("used")


@pytest.mark.parametrize(
    ("age", "works"), [(CODE_LIFETIME - timedelta(seconds=1), True), (CODE_LIFETIME, False)]
)
def test_a_code_expires(db: Database, age: timedelta, works: bool) -> None:
    add(db)
    assert enter(db, RIGHT, after=age) == (SIGNUP if works else RefusedCode("ended"))


def test_three_wrong_codes_end_the_code_but_not_the_link(db: Database) -> None:
    add(db)
    refused = [enter(db, WRONG) for _ in range(3)]
    assert refused == [RefusedCode("wrong", 2), RefusedCode("wrong", 1), RefusedCode("ended")]
    assert enter(db, RIGHT) == RefusedCode("ended")
    with db.transaction() as session:
        assert pending_signups.confirm(session, "token-browser", NOW) == SIGNUP


def test_a_right_code_is_no_wrong_one(db: Database) -> None:
    add(db)
    enter(db, WRONG)
    enter(db, RIGHT)
    with db.reading() as session:
        assert pending_signups.wrong_codes_since(session, NOW - timedelta(hours=1)) == 1


def test_a_wrong_code_says_the_same_after_the_link_was_used(db: Database) -> None:
    """Otherwise, who typed a stranger's address would learn that they have confirmed it."""
    add(db, "used")
    add(db, "unused")
    with db.transaction() as session:
        pending_signups.confirm(session, "token-used", NOW)
    assert [enter(db, WRONG, "used") for _ in range(4)] == [
        enter(db, WRONG, "unused") for _ in range(4)
    ]


def test_guessing_over_many_signups_stops_for_a_day(db: Database) -> None:
    """Whoever guesses from many addresses, for many addresses, has a hundred tries a day."""
    for n in range(MAX_WRONG_CODES_A_DAY // 2):
        add(db, f"guess-{n}")
        for _ in range(2):
            assert enter(db, WRONG, f"guess-{n}") != RefusedCode("paused")
    add(db)
    assert enter(db, RIGHT) == RefusedCode("paused")
    with db.transaction() as session:
        assert pending_signups.confirm(session, "token-browser", NOW) == SIGNUP
        pending_signups.add_pending_signup(
            session, "later", SIGNUP, NOW + timedelta(days=1), browser="later", code=RIGHT
        )
    assert enter(db, RIGHT, "later", timedelta(days=1, minutes=1)) == SIGNUP


def test_no_code_is_stored(db: Database) -> None:
    """Without the browser's cookie, not even trying all codes finds the one of a hash."""
    add(db)
    with db.reading() as session:
        [row] = session.execute(select(PendingSignup.__table__))
    kept = dict(row._mapping)
    assert RIGHT not in str(kept)
    assert "browser" not in {kept["browser"], kept["token"], kept["code"]}
    add(db, "other")
    with db.reading() as session:
        assert len(set(session.scalars(select(PendingSignup.code)))) == 2


def test_codes_tried_at_once_are_all_counted(db: Database) -> None:
    add(db)
    refused = run_in_threads(lambda _: [enter(db, WRONG) for _ in range(2)])
    left = [one.left for tries in refused for one in tries if isinstance(one, RefusedCode)]
    assert sorted(left) == [0] * 6 + [1, 2]
    assert enter(db, RIGHT) == RefusedCode("ended")


def test_the_code_and_the_link_used_at_once_confirm_once(db: Database) -> None:
    add(db)

    def use(number: int) -> object:
        with db.transaction() as session:
            if number % 2:
                return pending_signups.confirm(session, "token-browser", NOW)
            return pending_signups.confirm_with_code(session, "browser", RIGHT, NOW)

    assert run_in_threads(use).count(SIGNUP) == 1


def test_signups_from_before_have_no_code(db: Database) -> None:
    with db.transaction() as session:
        pending_signups.add_pending_signup(session, "old", SIGNUP, NOW)
    assert enter(db, "", "") == RefusedCode("ended")
    with db.reading() as session:
        late = NOW + LINK_LIFETIME - timedelta(seconds=1)
        found = pending_signups.find_pending_signup(session, "old", [], late)
    assert found is not None
    assert not found.in_own_browser
