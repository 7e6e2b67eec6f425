"""Members as Moodle users: found without guessing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import MoodleOutcomeUnknown, MoodleRefused, MoodleUnavailable
from bridge.moodle.client.batches import call_split
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners.account_matching import (
    AccountAnswers,
    AmbiguousMatch,
    FoundUser,
    MoodleUserData,
    Trust,
    UnconfirmedMatch,
    choose_match,
)
from bridge.moodle.learners.users import (
    create_batch,
    enrol_users,
    find_users,
    set_member_numbers,
    user_params,
    username,
    with_free_usernames,
)
from bridge.moodle.schemas.companion_feed import UserMatch
from tests.support.sandbox_server import SandboxServer, running_sandbox

KIM = MoodleUserData(1, "N1", "kim@example.org", "Kim", "Example")


@pytest.fixture(scope="module", params=["companion", "core"])
def site(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[SandboxServer]:
    folder: Path = tmp_path_factory.mktemp("people")
    with running_sandbox(folder / "moodle.db", companion=request.param == "companion") as site:
        yield site


@pytest.fixture
def moodle(site: SandboxServer) -> Iterator[Moodle]:
    site.do("DELETE FROM user WHERE id > 3")
    with site.client() as client:
        yield client


def look(
    site: SandboxServer, moodle: Moodle, *persons: MoodleUserData, **more: Any
) -> dict[int, object]:
    companion = "local_stewardpath_find_users" in _offered(site)
    return dict(find_users(moodle, persons, companion=companion, **more))


def _offered(site: SandboxServer) -> list[str]:
    with site.client() as client:
        info = client.call("core_webservice_get_site_info", {}, dict)
    return [function["name"] for function in info["functions"]]


def test_an_unknown_member_has_no_account(site: SandboxServer, moodle: Moodle) -> None:
    assert look(site, moodle, KIM) == {1: None}


def test_a_trusted_number_wins_over_the_email(site: SandboxServer, moodle: Moodle) -> None:
    """Only if users can't change the number."""
    address = site.account("address", "kim@example.org")
    numbered = site.account("number", "other@example.org", idnumber="N1")
    assert look(site, moodle, KIM, trust=Trust(numbers=True)) == {1: FoundUser(numbered)}
    doubt = look(site, moodle, KIM)[1]
    assert isinstance(doubt, AmbiguousMatch)
    assert {match.userid for match in doubt.candidates} == {address, numbered}


def test_emails_are_compared_without_case(site: SandboxServer, moodle: Moodle) -> None:
    user = site.account("kim", "Kim@Example.org")
    person = MoodleUserData(1, "N1", "Kim@Example.org", "Kim", "Example")
    assert look(site, moodle, person) == {1: FoundUser(user, adopt=True)}


def test_two_accounts_with_one_number_or_email_are_ambiguous(
    site: SandboxServer, moodle: Moodle
) -> None:
    ids = [site.account("a", idnumber="N1"), site.account("b", idnumber="N1")]
    found = look(site, moodle, KIM)[1]
    assert isinstance(found, AmbiguousMatch)
    assert all(str(user) in found.reason for user in ids)
    assert found.reason.endswith("decide which account is this member's.")
    with site.database.transaction() as db:
        db.execute("UPDATE user SET idnumber = '', email = ? WHERE id > 3", (KIM.email,))
    found = look(site, moodle, KIM)[1]
    assert isinstance(found, AmbiguousMatch)
    assert found.reason.endswith("correct one of them in Moodle.")


def test_one_account_for_two_members_is_ambiguous_for_both(
    site: SandboxServer, moodle: Moodle
) -> None:
    site.account("family", "kim@example.org")
    found = look(site, moodle, KIM, MoodleUserData(2, "N2", "kim@example.org", "Lou", "Example"))
    assert all(isinstance(one, AmbiguousMatch) for one in found.values())


def test_a_user_is_created_once_and_found_again(site: SandboxServer, moodle: Moodle) -> None:
    made = create_batch(
        moodle, [KIM, MoodleUserData(2, "", "lou@example.org", "Lou", "Example")], "manual"
    )
    assert look(site, moodle, KIM) == {1: FoundUser(made[1])}
    with pytest.raises(MoodleRefused):
        create_batch(moodle, [KIM], "manual")


def test_setting_numbers_returns_the_refused_users(site: SandboxServer, moodle: Moodle) -> None:
    user = site.account("kim")
    refused = set_member_numbers(moodle, {user: "N1", 99_999: "N2"})
    assert list(refused) == [99_999]
    assert site.one("SELECT idnumber FROM user WHERE id = ?", user) == "N1"


def test_enrolling_again_changes_nothing(site: SandboxServer, moodle: Moodle) -> None:
    user = site.account("kim")
    for _ in range(2):
        enrol_users(moodle, 1, [user], 5)
    assert site.one("SELECT count(*) FROM enrolment WHERE userid = ?", user) == 1


def match(
    userid: int, number: str, email: str, suspended: bool = False, confirmed: bool | None = True
) -> UserMatch:
    """A match by number, or else by email."""
    return UserMatch.model_validate(
        {"index": 0, "userid": userid, "idnumber": number, "email": email, "username": "u",
         "suspended": suspended, "confirmed": confirmed,
         "matchedby": "number" if number == "N1" else "email"}
    )  # fmt: skip


OTHER = "other@example.org"
MATCHES = st.lists(
    st.builds(match, st.integers(4, 9), st.sampled_from(["", "N1", "N2"]),
              st.sampled_from([KIM.email, KIM.email.upper(), OTHER]), st.booleans(),
              st.sampled_from([True, False, None])),
    unique_by=lambda one: one.userid,
).map(lambda found: [m for m in found if m.idnumber == "N1" or m.email != OTHER])  # fmt: skip
TRUSTS = st.builds(Trust, st.booleans(), st.booleans())


def has_email(one: UserMatch) -> bool:
    return one.email.lower() == KIM.email


@given(matches=MATCHES, trust=TRUSTS)
def test_only_a_certain_match_is_found(matches: list[UserMatch], trust: Trust) -> None:
    found = choose_match(KIM, matches, trust)
    confirmed = [one for one in matches if one.confirmed]
    if isinstance(found, FoundUser):
        chosen = next(one for one in confirmed if one.userid == found.userid)
        assert not chosen.suspended
        assert chosen.idnumber in ("", "N1")
        if not trust.numbers:
            assert trust.emails
            assert all(has_email(one) for one in confirmed)
    if found is None:
        assert not any(has_email(one) for one in matches)
    if isinstance(found, UnconfirmedMatch):
        assert not confirmed
    assert choose_match(KIM, matches[::-1], trust).__class__ is found.__class__


@given(matches=MATCHES, account=st.integers(4, 9), trust=TRUSTS)
def test_a_persons_answer_is_used(matches: list[UserMatch], account: int, trust: Trust) -> None:
    same = choose_match(KIM, matches, trust, AccountAnswers(same=account))
    assert isinstance(same, FoundUser)
    assert same.userid == account
    without = choose_match(KIM, matches, trust, AccountAnswers(different=frozenset({account})))
    others = [one for one in matches if one.userid != account]
    assert without == choose_match(KIM, others, trust)


def test_an_old_plugin_is_a_reason_to_wait() -> None:
    found = choose_match(KIM, [match(7, "", KIM.email, confirmed=None)])
    assert isinstance(found, UnconfirmedMatch)
    assert "update the plugin" in found.reason


def test_an_unconfirmed_registration_makes_the_delivery_wait(
    site: SandboxServer, moodle: Moodle
) -> None:
    user = site.register("kim", KIM.email, confirmed=False)
    found = look(site, moodle, KIM)[1]
    assert isinstance(found, UnconfirmedMatch)
    assert str(user) in found.reason
    site.confirm(user)
    assert look(site, moodle, KIM) == {1: FoundUser(user, adopt=True)}


def test_an_unconfirmed_account_with_the_number_is_ignored(
    site: SandboxServer, moodle: Moodle
) -> None:
    user = site.register("stranger", confirmed=False)
    site.do("UPDATE user SET idnumber = 'N1' WHERE id = ?", user)
    assert look(site, moodle, KIM) == {1: None}


def test_a_taken_username_is_replaced(site: SandboxServer, moodle: Moodle) -> None:
    site.register(KIM.email, "stranger@example.org")
    assert look(site, moodle, KIM) == {1: None}
    [person] = with_free_usernames(moodle, [KIM, replace(KIM, key=2, email="new@example.org")])
    assert person == replace(KIM, username="member-n1")
    site.register("member-n1")
    [person] = with_free_usernames(moodle, [KIM])
    assert create_batch(moodle, [person], "manual").keys() == {1}
    assert site.one("SELECT username FROM user WHERE idnumber = 'N1'") == "member-n1-1"


@pytest.mark.parametrize(
    ("email", "number", "expected"),
    [
        ("Kim@Example.org", "N1", "kim@example.org"),
        ("kim+x@example.org", "N 1/É", "member-n-1--"),
        ("kim+x@example.org", "", "member-1"),
    ],
)
def test_usernames_are_valid_in_moodle(email: str, number: str, expected: str) -> None:
    assert username(MoodleUserData(1, number, email, "Kim", "Example")) == expected


def test_unknown_fields_are_not_sent() -> None:
    row = user_params(MoodleUserData(1, "", "kim@example.org", "Kim", "Example"), "oidc")
    assert "idnumber" not in row
    assert "lang" not in row
    assert row["createpassword"] is False


def test_one_unconfirmed_account_does_not_stop_other_enrolments(server: Any, connect: Any) -> None:
    """The answer of a real Moodle 4.5.6."""
    enrolled: list[str] = []

    def moodle_does(handler: Any) -> None:
        users = [value for name, value in handler.fields if name.endswith("[userid]")]
        if "7" in users:
            server.moodle_error("usernotconfirmed", "error/usernotconfirmed")(handler)
        else:
            enrolled.extend(users)
            server.json_response(None)(handler)

    server.respond_with(moodle_does)
    moodle = connect(server.url)
    split = call_split(lambda users: enrol_users(moodle, 2, users, 5), range(1, 251))
    assert [(user, error.code) for user, error in split.bad] == [(7, "usernotconfirmed")]
    assert [int(user) for user in enrolled] == split.done
    assert len(split.done) == 249
    assert len(server.requests) == split.calls <= 17


@pytest.mark.parametrize(
    ("answer", "of"),
    [
        ([], create_batch),
        ([{"id": 4, "username": "kim@example.org"}], enrol_users), ("ok", enrol_users),
        ([{"id": 4, "username": "lou@example.org"}], create_batch), ([{"id": 0}], create_batch),
        ([{"id": 4, "username": "kim@example.org"}] * 2, create_batch), ({}, set_member_numbers),
        ({"warnings": [{"itemid": 5, "warningcode": "x", "message": "no"}]}, set_member_numbers),
    ],
)  # fmt: skip
def test_an_answer_about_other_users_is_an_error(
    server: Any, connect: Any, answer: object, of: Any
) -> None:
    server.respond_with(server.json_response(answer))
    moodle = connect(server.url)
    calls = {
        create_batch: lambda: create_batch(moodle, [KIM], "manual"),
        enrol_users: lambda: enrol_users(moodle, 2, [4], 5),
        set_member_numbers: lambda: set_member_numbers(moodle, {4: "N1"}),
    }
    with pytest.raises(MoodleOutcomeUnknown, match="unexpected answer"):
        calls[of]()


def test_a_match_of_nobody_who_was_asked_about_is_an_error(server: Any, connect: Any) -> None:
    match = {
        "index": 1, "userid": 4, "username": "kim", "suspended": False, "matchedby": "email",
    }  # fmt: skip
    server.respond_with(server.json_response({"matches": [match]}))
    with pytest.raises(MoodleUnavailable, match="unexpected answer"):
        find_users(connect(server.url), [KIM], companion=True)


def test_two_members_never_get_one_new_account(server: Any, connect: Any) -> None:
    lou = replace(KIM, key=2, number="N2", email="lou@example.org")
    made = [{"id": 4, "username": person.email} for person in (KIM, lou)]
    server.respond_with(server.json_response(made))
    with pytest.raises(MoodleOutcomeUnknown, match="two users with the same id"):
        create_batch(connect(server.url), [KIM, lou], "manual")
