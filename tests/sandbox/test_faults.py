"""Each failure a test can plan: what the caller sees, and whether the call was carried out."""

from __future__ import annotations

import pytest
import requests

from bridge.moodle.sandbox.faults import Fault, Faults, Kind

from .conftest import Served, category

CREATE = "core_course_create_categories"


def _names(served: Served) -> list[str]:
    answer = served.post("core_course_get_categories").json()
    return [item["name"] for item in answer]


@pytest.mark.parametrize(
    ("kind", "status", "done"),
    [
        ("error-500", 500, False),
        ("html", 200, False),
        ("maintenance-503", 503, False),
        ("maintenance", 200, False),
        ("exception", 200, False),
        ("empty", 200, False),
        ("after-write", 200, True),
        ("delay", 200, True),
    ],
)
def test_an_answer_that_is_wrong(served: Served, kind: Kind, status: int, done: bool) -> None:
    served.faults.plan(Fault(kind, CREATE))
    answer = served.post(CREATE, **category("One"))
    assert answer.status_code == status
    assert ("One" in _names(served)) is done


def test_maintenance_as_moodle_says_it(served: Served) -> None:
    served.faults.plan(Fault("maintenance"))
    assert served.post(CREATE).json()["errorcode"] == "sitemaintenance"
    served.faults.plan(Fault("maintenance-503"))
    assert served.post(CREATE).headers["Retry-After"] == "300"


def test_an_error_after_the_write(served: Served) -> None:
    served.faults.plan(Fault("after-write"))
    assert served.post(CREATE, **category("One")).json()["errorcode"] == "invalidresponse"


@pytest.mark.parametrize(("before", "done"), [(True, False), (False, True)])
def test_a_connection_that_closes(served: Served, before: bool, done: bool) -> None:
    served.faults.plan(Fault("close", CREATE, before=before))
    with pytest.raises(requests.ConnectionError):
        served.post(CREATE, **category("One"))
    assert ("One" in _names(served)) is done


def test_an_answer_that_is_cut_off(served: Served) -> None:
    served.faults.plan(Fault("cut", CREATE))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        served.post(CREATE, **category("One"))
    assert "One" in _names(served)


def test_a_delay_is_as_long_as_asked(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("bridge.moodle.sandbox.fault_responses.time.sleep", slept.append)
    served.faults.plan(Fault("delay", seconds=0.2))
    served.post(CREATE, **category("One"))
    assert slept == [0.2]


def test_only_the_nth_calls_fail() -> None:
    faults = Faults()
    faults.meet("a")
    faults.plan(Fault("html", "a", nth=2, times=2))
    met = [faults.meet(name) is not None for name in ("a", "b", "a", "a", "a")]
    assert met == [False, False, True, True, False]


def test_any_function_can_be_meant() -> None:
    faults = Faults()
    faults.plan(Fault("html", nth=2))
    assert [faults.meet(name) is not None for name in ("a", "b", "a")] == [False, True, False]


def test_calls_are_counted_and_forgotten(served: Served) -> None:
    served.post(CREATE, **category("One"))
    served.post("core_course_get_categories")
    served.post("core_course_get_categories")
    assert served.faults.calls == {CREATE: 1, "core_course_get_categories": 2}
    assert served.faults.log[0] == CREATE
    served.faults.clear()
    assert not served.faults.calls


def test_only_the_calls_that_have_a_field(served: Served) -> None:
    served.faults.plan(Fault("exception", CREATE, code="dmlwriteexception", field=("name", "Bad")))
    for name in ("One", "Bad", "Two", "Bad"):
        answer = served.post(CREATE, **category(name)).json()
        assert ("errorcode" in answer) is (name == "Bad")
    assert answer["errorcode"] == "dmlwriteexception"
    assert set(_names(served)) >= {"One", "Two"}
    assert "Bad" not in _names(served)
