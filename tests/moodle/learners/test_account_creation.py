"""Users are created once, and one bad record doesn't stop the others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import MoodleOutcomeUnknown
from bridge.moodle.client.batches import BatchResult
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners.account_creation import create_users
from bridge.moodle.learners.account_matching import (
    AmbiguousMatch,
    FoundUser,
    MatchResult,
    MoodleUserData,
)
from bridge.moodle.learners.users import create_batch, find_users
from bridge.moodle.schemas.companion_feed import UserMatch
from tests.support.sandbox_server import SandboxServer, running_sandbox

CREATE = "core_user_create_users"
PERSONS = [MoodleUserData(n, f"N{n}", f"kim{n}@example.org", "Kim", "Example") for n in range(1, 9)]


@pytest.fixture(params=["companion", "core"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SandboxServer]:
    with running_sandbox(tmp_path / "moodle.db", companion=request.param == "companion") as site:
        yield site


@pytest.fixture
def moodle(site: SandboxServer) -> Iterator[Moodle]:
    with site.client() as client:
        yield client


def make(request: pytest.FixtureRequest, moodle: Moodle) -> BatchResult[MoodleUserData, Any]:
    companion = request.node.callspec.params["site"] == "companion"
    return create_users(
        moodle, PERSONS, login="manual", find=partial(find_users, moodle, companion=companion)
    )


def users(site: SandboxServer) -> int:
    count: int = site.one("SELECT count(*) FROM user WHERE email LIKE 'kim%'")
    return count


@pytest.mark.parametrize("fault", ["cut", "close", "after-write"])
def test_users_are_looked_up_after_a_lost_answer(
    request: pytest.FixtureRequest, site: SandboxServer, moodle: Moodle, fault: str
) -> None:
    site.fail(fault, CREATE)
    split = make(request, moodle)
    assert split.done == PERSONS
    assert sorted(key for made in split.answers for key in made) == list(range(1, 9))
    assert site.faults.calls[CREATE] == 1
    assert users(site) == 8


def test_a_request_sent_twice_by_a_proxy_is_not_a_refusal(
    request: pytest.FixtureRequest, site: SandboxServer, moodle: Moodle
) -> None:
    create_batch(moodle, PERSONS, "manual")
    split = make(request, moodle)
    assert (split.done, split.bad, split.unknown) == (PERSONS, [], [])
    assert users(site) == 8


def test_a_crash_before_the_write_is_retried_in_halves(
    request: pytest.FixtureRequest, site: SandboxServer, moodle: Moodle
) -> None:
    site.fail("error-500", CREATE)
    split = make(request, moodle)
    assert split.done == PERSONS
    assert site.faults.calls[CREATE] == 3
    assert users(site) == 8


def test_a_broken_site_is_not_recorded_as_a_members_error(
    request: pytest.FixtureRequest, site: SandboxServer, moodle: Moodle
) -> None:
    site.fail("error-500", CREATE, times=99)
    split = make(request, moodle)
    assert not split.bad
    assert len(split.unknown) + len(split.untried) == 8
    assert isinstance(split.gave_up, MoodleOutcomeUnknown)
    assert users(site) == 0
    assert site.faults.calls[CREATE] <= 7


KIM = PERSONS[0]
AS_SENT = UserMatch(
    index=0, userid=9, idnumber=KIM.number, email=KIM.email, username=KIM.email, suspended=False,
    confirmed=True, matchedby="email",
)  # fmt: skip


@pytest.mark.parametrize(
    ("found", "created"),
    [
        (FoundUser(9), True),
        (FoundUser(9, adopt=True), False),
        (AmbiguousMatch("the email proves nothing", (AS_SENT,)), True),
        (AmbiguousMatch("", (AS_SENT.model_copy(update={"username": "stranger"}),)), False),
        (AmbiguousMatch("", (AS_SENT.model_copy(update={"email": "x@example.org"}),)), False),
        (AmbiguousMatch("", (AS_SENT.model_copy(update={"idnumber": ""}),)), False),
        (AmbiguousMatch("", (AS_SENT.model_copy(update={"confirmed": False}),)), False),
        (AmbiguousMatch("", (AS_SENT.model_copy(update={"suspended": True}),)), False),
        (AmbiguousMatch("", (AS_SENT, AS_SENT)), False),
    ],
)
def test_only_an_account_exactly_as_sent_was_created_by_a_failed_call(
    site: SandboxServer, moodle: Moodle, found: MatchResult, created: bool
) -> None:
    """Another one may be that of a stranger who registered in the same moment."""
    site.fail("error-500", CREATE, times=9)
    split = create_users(moodle, [KIM], login="manual", find=lambda _: {KIM.key: found})
    assert split.answers == ([{KIM.key: 9}] if created else [])
    assert [person for person, _ in split.unknown] == ([] if created else [KIM])
