"""The user functions."""

from __future__ import annotations

import pytest

from tests.contract.moodle_site import MoodleSite, new_user
from tests.contract.rest_client import Moodle


def _by(moodle: Moodle, field: str, *values: object) -> list[dict[str, object]]:
    found = moodle.call("core_user_get_users_by_field", field=field, values=list(values))
    assert isinstance(found, list)
    return found


def test_create_and_find_by_each_field(moodle: Moodle) -> None:
    wanted = new_user(lang="en")
    made = moodle.call("core_user_create_users", users=[wanted])
    assert made == [{"id": made[0]["id"], "username": wanted["username"]}]
    for field in ("id", "idnumber", "username", "email"):
        value = made[0]["id"] if field == "id" else wanted[field]
        found = _by(moodle, field, value)
        assert [user["id"] for user in found] == [made[0]["id"]]
        assert found[0]["idnumber"] == wanted["idnumber"]
        assert found[0]["email"] == wanted["email"]
        assert found[0]["suspended"] is False
        assert found[0]["confirmed"] is True


def test_no_match_is_an_empty_list(moodle: Moodle) -> None:
    assert _by(moodle, "email", "nobody-at-all@example.org") == []


def test_an_unknown_field(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_user_get_users_by_field", field="city", values=["x"])
    assert refusal["errorcode"] == "codingerror"


def test_one_bad_user_refuses_the_batch(moodle: Moodle) -> None:
    good, bad = new_user(), new_user(email="not an address")
    refusal = moodle.refusal("core_user_create_users", users=[good, bad])
    assert refusal["errorcode"] == "invalidparameter"
    assert refusal["message"] == "Invalid parameter value detected"
    assert _by(moodle, "username", good["username"]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "Has Capitals"},
        {"username": ""},
        {"firstname": " "},
        {"lastname": ""},
        {"email": ""},
        {"email": "a@b"},
        {"lang": "xx"},
        {"password": ""},
        {"firstname": "<b>Ada</b>"},
        {"nonsense": "1"},
    ],
    ids=str,
)
def test_a_bad_user(moodle: Moodle, wrong: dict[str, str]) -> None:
    refusal = moodle.refusal("core_user_create_users", users=[new_user(**wrong)])
    assert refusal["errorcode"] == "invalidparameter"


def test_a_name_that_is_too_long(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_user_create_users", users=[new_user(username="u" * 101)])
    assert refusal["errorcode"] == "dmlwriteexception"


def test_a_taken_email_or_username(moodle_site: MoodleSite) -> None:
    known = moodle_site.user()
    for wrong in ({"email": known["email"].upper()}, {"username": known["username"]}):
        refusal = moodle_site.moodle.refusal("core_user_create_users", users=[new_user(**wrong)])
        assert refusal["errorcode"] == "invalidparameter"


def test_two_accounts_may_have_the_same_member_number(moodle_site: MoodleSite) -> None:
    known = moodle_site.user()
    other = moodle_site.user(idnumber=known["idnumber"])
    found = _by(moodle_site.moodle, "idnumber", known["idnumber"])
    assert {user["id"] for user in found} == {known["id"], other["id"]}


def test_moodle_can_create_the_password(moodle: Moodle) -> None:
    user = new_user(createpassword=True)
    del user["password"]
    assert moodle.call("core_user_create_users", users=[user])[0]["username"] == user["username"]


def test_update_warns_about_invalid_records(moodle_site: MoodleSite) -> None:
    user, other = moodle_site.user(), moodle_site.user()
    changes = [
        {"id": user["id"], "firstname": "Grace", "idnumber": "M-changed"},
        {"id": 99999999, "firstname": "Nobody"},
        {"id": other["id"], "email": user["email"]},
    ]
    warnings = moodle_site.moodle.call("core_user_update_users", users=changes)["warnings"]
    assert [w["itemid"] for w in warnings] == [99999999, other["id"]]
    assert [w["warningcode"] for w in warnings] == ["invaliduserid", "useremailduplicate"]
    assert [w["message"] for w in warnings] == ["Invalid user ID", "Duplicate address"]
    found = _by(moodle_site.moodle, "id", user["id"])
    assert (found[0]["firstname"], found[0]["idnumber"]) == ("Grace", "M-changed")


def test_suspending(moodle_site: MoodleSite) -> None:
    user = moodle_site.user()
    change = {"id": user["id"], "suspended": True}
    assert moodle_site.moodle.call("core_user_update_users", users=[change])["warnings"] == []
    assert _by(moodle_site.moodle, "id", user["id"])[0]["suspended"] is True


def test_find_users_by_number_then_email(moodle_site: MoodleSite) -> None:
    ada, bo = moodle_site.user(), moodle_site.user(idnumber="")
    members = [
        {"number": ada["idnumber"], "email": ada["email"]},
        {"number": "", "email": bo["email"].upper()},
        {"number": "no-such-number", "email": "nobody@example.org"},
        {"number": "", "email": ""},
        {"number": ada["idnumber"], "email": bo["email"]},
    ]
    matches = moodle_site.moodle.plugin("find_users", members=members)["matches"]
    shown = [(m["index"], m["userid"], m["matchedby"]) for m in matches]
    assert sorted(shown) == [
        (0, ada["id"], "number"),
        (1, bo["id"], "email"),
        (4, ada["id"], "number"),
        (4, bo["id"], "email"),
    ]
    first = next(m for m in matches if m["index"] == 0)
    assert first == {
        "index": 0,
        "userid": ada["id"],
        "idnumber": ada["idnumber"],
        "email": ada["email"],
        "username": ada["username"],
        "suspended": False,
        "confirmed": True,
        "matchedby": "number",
    }


def test_find_users_never_finds_guest_or_the_service(moodle: Moodle) -> None:
    service = moodle.call("core_webservice_get_site_info")
    known = _by(moodle, "id", service["userid"])
    addresses = [{"email": str(user["email"])} for user in known if user.get("email")]
    asked = [*addresses, {"email": "root@localhost"}]
    assert moodle.plugin("find_users", members=asked)["matches"] == []


def test_find_users_takes_five_hundred(moodle: Moodle) -> None:
    many = [{"number": f"none-{number}", "email": ""} for number in range(501)]
    assert moodle.plugin("find_users", members=many[:500])["matches"] == []
    refusal = moodle.refusal("local_stewardpath_find_users", members=many)
    assert refusal["errorcode"] == "outofbounds"
