"""Members as Moodle users: who is meant, said without guessing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin import StandIn, standing

from bridge.errors import MoodleOutcomeUnknown, MoodleRefused
from bridge.moodle.answers import UserMatch
from bridge.moodle.batches import call_split
from bridge.moodle.client import Moodle
from bridge.moodle.people import (
    Doubt,
    Known,
    Person,
    adopt,
    create,
    decide,
    enrol,
    find,
    user_params,
    username,
)

KIM = Person(1, "N1", "kim@example.org", "Kim", "Example")


@pytest.fixture(scope="module", params=["companion", "core"])
def site(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[StandIn]:
    folder: Path = tmp_path_factory.mktemp("people")
    with standing(folder / "moodle.db", companion=request.param == "companion") as site:
        yield site


@pytest.fixture
def moodle(site: StandIn) -> Iterator[Moodle]:
    site.do("DELETE FROM user WHERE id > 3")
    with site.client() as client:
        yield client


def look(site: StandIn, moodle: Moodle, *persons: Person) -> dict[int, object]:
    companion = "local_stewardpath_find_users" in _offered(site)
    return dict(find(moodle, persons, companion=companion))


def _offered(site: StandIn) -> list[str]:
    with site.client() as client:
        info = client.call("core_webservice_get_site_info", {}, dict)
    return [function["name"] for function in info["functions"]]


def test_nobody(site: StandIn, moodle: Moodle) -> None:
    assert look(site, moodle, KIM) == {1: None}


def test_number_before_address(site: StandIn, moodle: Moodle) -> None:
    site.account("address", "kim@example.org")
    numbered = site.account("number", "other@example.org", idnumber="N1")
    assert look(site, moodle, KIM) == {1: Known(numbered)}


def test_an_address_in_other_letters_is_the_same(site: StandIn, moodle: Moodle) -> None:
    user = site.account("kim", "Kim@Example.org")
    person = Person(1, "N1", "Kim@Example.org", "Kim", "Example")
    assert look(site, moodle, person) == {1: Known(user, adopt=True)}


def test_two_of_one_number_or_address_are_a_doubt(site: StandIn, moodle: Moodle) -> None:
    ids = [site.account("a", idnumber="N1"), site.account("b", idnumber="N1")]
    found = look(site, moodle, KIM)[1]
    assert isinstance(found, Doubt)
    assert all(str(user) in found.reason for user in ids)
    assert found.reason.endswith("correct one of them in Moodle.")


def test_one_user_for_two_people_is_a_doubt_about_both(site: StandIn, moodle: Moodle) -> None:
    site.account("family", "kim@example.org")
    found = look(site, moodle, KIM, Person(2, "N2", "kim@example.org", "Lou", "Example"))
    assert all(isinstance(one, Doubt) for one in found.values())


def test_made_once_and_found_again(site: StandIn, moodle: Moodle) -> None:
    made = create(moodle, [KIM, Person(2, "", "lou@example.org", "Lou", "Example")], "manual")
    assert look(site, moodle, KIM) == {1: Known(made[1])}
    with pytest.raises(MoodleRefused):
        create(moodle, [KIM], "manual")


def test_adopting_says_whom_moodle_refused(site: StandIn, moodle: Moodle) -> None:
    user = site.account("kim")
    refused = adopt(moodle, {user: "N1", 99_999: "N2"})
    assert list(refused) == [99_999]
    assert site.one("SELECT idnumber FROM user WHERE id = ?", user) == "N1"


def test_enrolling_again_changes_nothing(site: StandIn, moodle: Moodle) -> None:
    user = site.account("kim")
    for _ in range(2):
        enrol(moodle, 1, [user], 5)
    assert site.one("SELECT count(*) FROM enrolment WHERE userid = ?", user) == 1


def match(userid: int, by: str, idnumber: str = "", suspended: bool = False) -> UserMatch:
    return UserMatch.model_validate(
        {"index": 0, "userid": userid, "idnumber": idnumber, "username": "u",
         "suspended": suspended, "matchedby": by}
    )  # fmt: skip


MATCHES = st.lists(
    st.builds(match, st.integers(4, 9), st.sampled_from(["number", "email"]),
              st.sampled_from(["", "N1", "N2"]), st.booleans()),
    unique_by=lambda one: one.userid,
)  # fmt: skip


@given(matches=MATCHES)
def test_only_who_is_certain_is_known(matches: list[UserMatch]) -> None:
    found = decide(KIM, matches)
    numbered = [one for one in matches if one.matchedby == "number"]
    if isinstance(found, Known):
        assert [one.userid for one in numbered or matches] == [found.userid]
        chosen = next(one for one in matches if one.userid == found.userid)
        assert not chosen.suspended
        assert numbered or chosen.idnumber in ("", "N1")
    assert (found is None) == (not matches)
    assert decide(KIM, matches[::-1]).__class__ is found.__class__


@pytest.mark.parametrize(
    ("email", "number", "expected"),
    [
        ("Kim@Example.org", "N1", "kim@example.org"),
        ("kim+x@example.org", "N 1/É", "member-n-1--"),
        ("kim+x@example.org", "", "member-1"),
    ],
)
def test_usernames_are_such_as_moodle_takes(email: str, number: str, expected: str) -> None:
    assert username(Person(1, number, email, "Kim", "Example")) == expected


def test_what_is_not_known_is_not_sent() -> None:
    row = user_params(Person(1, "", "kim@example.org", "Kim", "Example"), "oidc")
    assert "idnumber" not in row
    assert "lang" not in row
    assert row["createpassword"] is False


def test_one_account_that_is_not_confirmed_keeps_nobody_else_out(server: Any, connect: Any) -> None:
    """As a real Moodle 4.5.6 answers it."""
    enrolled: list[str] = []

    def moodle_does(handler: Any) -> None:
        users = [value for name, value in handler.fields if name.endswith("[userid]")]
        if "7" in users:
            server.refuses("usernotconfirmed", "error/usernotconfirmed")(handler)
        else:
            enrolled.extend(users)
            server.answers(None)(handler)

    server.will(moodle_does)
    moodle = connect(server.url)
    split = call_split(lambda users: enrol(moodle, 2, users, 5), range(1, 251))
    assert [(user, error.code) for user, error in split.bad] == [(7, "usernotconfirmed")]
    assert [int(user) for user in enrolled] == split.done
    assert len(split.done) == 249
    assert len(server.requests) == split.calls <= 17


@pytest.mark.parametrize(
    ("answer", "of"),
    [
        ([], create), ([{"id": 4, "username": "kim@example.org"}], enrol), ("ok", enrol),
        ([{"id": 4, "username": "lou@example.org"}], create), ([{"id": 0}], create),
        ([{"id": 4, "username": "kim@example.org"}] * 2, create), ({}, adopt),
        ({"warnings": [{"itemid": 5, "warningcode": "x", "message": "no"}]}, adopt),
    ],
)  # fmt: skip
def test_an_answer_about_others_or_nobody_is_no_success(
    server: Any, connect: Any, answer: object, of: Any
) -> None:
    server.will(server.answers(answer))
    moodle = connect(server.url)
    calls = {
        create: lambda: create(moodle, [KIM], "manual"),
        enrol: lambda: enrol(moodle, 2, [4], 5),
        adopt: lambda: adopt(moodle, {4: "N1"}),
    }
    with pytest.raises(MoodleOutcomeUnknown, match="not what was expected"):
        calls[of]()
