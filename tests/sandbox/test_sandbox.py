"""The sandbox: restarts, threads, passwords, sites without the plugin, PHP's field limit."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Flask

from bridge.moodle.sandbox import create_sandbox

from .conftest import NOW, SERVER, TOKEN, Served, category


def _post(app: Flask, function: str, **fields: str) -> object:
    form = {"wstoken": TOKEN, "wsfunction": function, "moodlewsrestformat": "json", **fields}
    answer: object = app.test_client().post(SERVER, data=form).get_json()
    return answer


def test_a_restart_keeps_everything(path: Path) -> None:
    first = create_sandbox(path, now=lambda: NOW, token=TOKEN)
    made = _post(first, "core_course_create_categories", **category("One"))
    second = create_sandbox(path, now=lambda: NOW, token=TOKEN)
    criteria = {"criteria[0][key]": "idnumber", "criteria[0][value]": "One"}
    found = _post(second, "core_course_get_categories", **criteria)
    assert isinstance(made, list)
    assert isinstance(found, list)
    assert [item["id"] for item in found] == [made[0]["id"]]
    assert first.secret_key == second.secret_key


def test_many_threads_create_each_record_once(served: Served) -> None:
    def make(number: int) -> object:
        name = f"stewardpath:x:{number % 10}"
        answer = served.post("core_course_create_categories", **category(name)).json()
        return isinstance(answer, list)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(40)))
    assert sum(made) == 10


def test_the_file_contains_no_plain_password(app: Flask, path: Path) -> None:
    user = {
        "username": "ada",
        "password": "Very-Secret-1!",
        "firstname": "Ada",
        "lastname": "Lovelace",
        "email": "ada@example.org",
    }
    fields = {f"users[0][{name}]": value for name, value in user.items()}
    assert _post(app, "core_user_create_users", **fields)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    assert b"Very-Secret" not in path.read_bytes()
    answer = app.test_client().post(
        "/login/token.php",
        data={"username": "ada", "password": "Very-Secret-1!", "service": "moodle_mobile_app"},
    )
    assert answer.get_json()["token"]


def test_a_site_without_the_plugin(path: Path) -> None:
    app = create_sandbox(path, now=lambda: NOW, token=TOKEN, companion=False)
    info = _post(app, "core_webservice_get_site_info")
    assert isinstance(info, dict)
    assert not [f for f in info["functions"] if f["name"].startswith("local_stewardpath_")]
    answer = _post(app, "local_stewardpath_get_changes", after="0")
    assert isinstance(answer, dict)
    assert answer["errorcode"] == "invalidrecord"


def test_fields_over_the_limit_are_dropped_without_an_error(app: Flask) -> None:
    app.config["MAX_INPUT_VARS"] = 3 + 4
    fields = {f"categories[{n}][{key}]": f"c{n}" for n in range(4) for key in ("name", "idnumber")}
    made = _post(app, "core_course_create_categories", **fields)
    assert isinstance(made, list)
    assert [item["name"] for item in made] == ["c0", "c1"]


def test_an_address_of_a_course_that_vanished_in_a_failed_batch(app: Flask) -> None:
    fields = category("One") | {"categories[1][name]": "Two", "categories[1][idnumber]": "One"}
    answer = _post(app, "core_course_create_categories", **fields)
    assert isinstance(answer, dict)
    assert answer["errorcode"] == "categoryidnumbertaken"
    found = _post(app, "core_course_get_categories")
    assert isinstance(found, list)
    assert [item["name"] for item in found] == ["Category 1"]
