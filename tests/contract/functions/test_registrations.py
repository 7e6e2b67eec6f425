"""Registrations are reported as new when their email is confirmed, not before.

On a real site, the confirmation is tested only if STEWARDPATH_TEST_MOODLE_EMAIL names the folder
in which its emails arrive as .eml files.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.contract.moodle_site import MoodleSite, new_user
from tests.contract.rest_client import Moodle
from tests.support.waiting import HANG_SECONDS

MAIL = os.environ.get("STEWARDPATH_TEST_MOODLE_EMAIL", "")
WITHIN_SECONDS = 20


def register(moodle: Moodle) -> dict[str, Any]:
    """Fill in the site's sign-up form; return the account with its id."""
    user = new_user()
    names = ("username", "password", "firstname", "lastname", "email")
    call = {"index": 0, "methodname": "auth_email_signup_user"}
    call["args"] = {name: user[name] for name in names}
    url = f"{moodle.url}/lib/ajax/service-nologin.php"
    [answer] = requests.post(url, json=[call], timeout=HANG_SECONDS).json()
    if answer["error"]:
        pytest.skip("this site does not allow registration")
    assert answer["data"] == {"success": True, "warnings": []}
    return {**user, "id": _find(moodle, user)["userid"]}


def _find(moodle: Moodle, user: dict[str, Any]) -> dict[str, Any]:
    members = [{"number": "", "email": user["email"]}]
    [match] = moodle.plugin("find_users", members=members)["matches"]
    return dict(match)


def kinds(moodle: Moodle, user: dict[str, Any], after: int) -> list[str]:
    changes = moodle.plugin("get_changes", after=after)["changes"]
    return [change["kind"] for change in changes if change["userid"] == user["id"]]


def newest(moodle: Moodle) -> int:
    return int(moodle.plugin("get_changes", after=0, limit=1)["newest"])


def link(moodle: Moodle, user: dict[str, Any], state: Path) -> str:
    """The confirmation link in the email."""
    if moodle.kind == "sandbox":
        with sqlite3.connect(state) as db:
            sql = "SELECT secret FROM user WHERE id = ?"
            (secret,) = db.execute(sql, (user["id"],)).fetchone()
        return f"{moodle.url}/login/confirm.php?data={secret}/{user['username']}"
    if not MAIL:
        pytest.skip("STEWARDPATH_TEST_MOODLE_EMAIL is not set")
    until = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < until:
        for text in _mails(Path(MAIL), user["email"]):
            if found := re.search(r"http\S+/login/confirm\.php\S+", text):
                return found[0]
        time.sleep(0.5)
    raise AssertionError("no email to confirm the registration arrived")


def _mails(folder: Path, address: str) -> Iterator[str]:
    for file in sorted(folder.glob("*.eml"), reverse=True):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
        if body and address in str(mail["To"]):
            yield str(body.get_content())


def test_an_unconfirmed_registration(moodle: Moodle) -> None:
    before = newest(moodle)
    user = register(moodle)
    assert kinds(moodle, user, before) == ["user-unconfirmed"]
    match = _find(moodle, user)
    assert (match["confirmed"], match["idnumber"], match["suspended"]) == (False, "", False)
    [shown] = moodle.call("core_user_get_users_by_field", field="id", values=[user["id"]])
    assert (shown["confirmed"], shown["auth"]) == (False, "email")
    form = {"username": user["username"], "password": user["password"]}
    form["service"] = "moodle_mobile_app"
    token = requests.post(f"{moodle.url}/login/token.php", data=form, timeout=HANG_SECONDS).json()
    assert token["errorcode"] == "usernotconfirmed"


def test_a_registration_is_reported_when_it_is_confirmed(
    moodle: Moodle, sandbox_state: Path
) -> None:
    before = newest(moodle)
    user = register(moodle)
    address = link(moodle, user, sandbox_state)
    for _ in range(2):
        assert requests.get(address, timeout=HANG_SECONDS).status_code == 200
        answer = moodle.plugin("get_changes", after=before)
        assert kinds(moodle, user, before) == ["user-unconfirmed", "user-created"]
    [shown] = [one for one in answer["users"] if one["id"] == user["id"]]
    assert (shown["confirmed"], shown["auth"]) == (True, "email")
    assert _find(moodle, user)["confirmed"] is True


def test_an_unconfirmed_account_blocks_its_email(moodle: Moodle) -> None:
    known = register(moodle)
    again = new_user(email=known["email"].upper())
    refusal = moodle.refusal("core_user_create_users", users=[again])
    assert refusal["errorcode"] == "invalidparameter"


def test_the_site_reports_which_profile_fields_are_locked(moodle_site: MoodleSite) -> None:
    state = moodle_site.moodle.plugin("get_site_state", prefix=moodle_site.prefix)
    feed = moodle_site.moodle.plugin("get_changes", after=0, limit=1)
    for name in ("numberlocked", "emailchangeconfirmation"):
        assert isinstance(state[name], bool)
        assert feed[name] is state[name]
