"""Members that the webhook refuses: each with a reason, and without repeating its values."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.store.database import Database
from bridge.store.members.queries import get_member
from tests.web.conftest import Clock, Send
from tests.web.webhook.test_receiver import KIM, PERSONAL, count


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"email": "kim at member.example"}, "the email is not an address"),
        ({"email": ""}, "the email address is missing"),
        ({"email": 5}, "the email must be a text"),
        ({"number": True}, "the number must be a text"),
        ({"first_name": "K" * 101}, "longer than 100"),
        ({"first_name": "Kim\r\nBcc: all@union.example"}, "unprintable character"),
        ({"number": None}, "the member number is missing"),
        ({"number": "1042.0"}, "the member number (`…`) as a quantity"),
        ({"number": 1042.0}, "the number must be a text"),
        ({"number": '="00124"'}, "the member number (`…`) is a formula"),
        ({"first_name": "<b>Kim"}, "the first name contains < or >"),
        ({"email": f"{'k' * 60}@{'e' * 36}.org"}, "longer than 100 characters"),
        ({"first_name": " ", "last_name": None}, "the name is missing"),
        ({"region": "kim@member.example"}, "there is no region `…`"),
        ({"region": "atlantis"}, "there is no region `…`"),
        ({"region": "a`\n`atlantis"}, "there is no region `…`"),
        ({"language": "Example"}, "the language `…` is not a language code"),
        ({"role_since": "yesterday"}, "the date `…` is not a date"),
        ({"role_since": "9" * 5000}, "the date `…` is not a date"),
        ({"role": None}, "it has role_since but no role"),
        ({"regoin": "north"}, "it has a field that is none of number, email"),
        ({"first_name": "\ud800"}, "unprintable character"),
        ({"status": "kim"}, "there is no status `…`"),
        ({"role": None, "roles": "steward"}, "the roles must be a list"),
        ({"role": None, "roles": ["*"]}, "there is no role beside it"),
        ({"role": None, "roles": ["-"]}, "is no role; a role has letters or digits"),
        ({"role": None, "roles": [7]}, "a role must be a text, or have only role, region"),
        ({"role": None, "roles": [{"rank": "chief"}]}, "a role must be a text, or have only role"),
        ({"role": None, "roles": [{"region": "north"}]}, "a role has no name"),
        ({"role": None, "roles": [{"role": "x", "region": "atlantis"}]}, "no region `…`"),
        ({"role_since": None, "role": "x/since=2026-02-01/until=2026-01-01"}, "ends before it"),
        ({"role": "steward", "roles": ["trustee"]}, "it has both role and roles"),
        ({"unit": 12}, "the unit must be a text"),
        ({"supervisor_email": "kim"}, "the supervisor email is not an address"),
    ],
)
def test_only_the_invalid_member_is_refused_and_values_are_not_repeated(
    send: Send, database: Database, change: dict[str, object], reason: str
) -> None:
    good = {"number": "N-2", "email": "lee@member.example", "first_name": "Lee"}
    answer = send({"members": [KIM | change, good]})
    assert answer.status_code == 202
    assert answer.json
    assert (answer.json["created"], answer.json["refused"][0]["index"]) == (1, 0)
    assert reason in answer.json["refused"][0]["reason"]
    assert not [word for word in (*PERSONAL, "atlantis", "Bcc", "regoin") if word in answer.text]
    assert count(database) == 1


def test_contradicting_records_of_one_member_are_refused(send: Send, database: Database) -> None:
    answer = send({"members": [KIM, KIM, KIM | {"last_name": "Other"}]})
    assert answer.json
    assert (answer.json["created"], answer.json["unchanged"]) == (1, 1)
    [refused] = answer.json["refused"]
    assert refused["index"] == 2
    assert refused["reason"].startswith("the member at index 0 has the same member number")
    with database.reading() as session:
        kim = get_member(session, "N-1")
        assert kim
        assert kim.last_name == "Example"


def test_a_number_in_question_is_refused_without_values(send: Send, clock: Clock) -> None:
    assert send({"members": [KIM | {"number": "00125"}]}).json
    clock.time += timedelta(seconds=1)
    answer = send({"members": [KIM | {"number": "125"}, KIM | {"number": "77"}]})
    assert answer.json
    first, second = (each["reason"] for each in answer.json["refused"])
    assert "in another spelling" in first
    assert "the same name and email" in second
    assert not [word for word in (*PERSONAL, "125") if word in answer.text]


def test_refusals_by_the_store_keep_their_index(send: Send, clock: Clock) -> None:
    members = [
        {"email": "nobody"},
        KIM,
        {"number": "N-1", "email": "kim@member.example", "last_name": "X"},
        "no member",
    ]
    answer = send({"members": members})
    assert answer.json
    assert [refusal["index"] for refusal in answer.json["refused"]] == [0, 2, 3]
