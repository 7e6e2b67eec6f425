"""The protocol without a network: parameters to fields, answers to data or typed errors."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import NoneType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bridge.moodle
from bridge.errors import (
    MoodleError,
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleOutcomeUnknown,
    MoodleRefused,
    MoodleUnavailable,
)
from bridge.moodle.client.error_codes import MEANINGS, ErrorKind
from bridge.moodle.client.idempotency import SITE_WIDE
from bridge.moodle.client.protocol import count_fields, decode, encode, expect, redact
from bridge.moodle.client.refusal_codes import REFUSALS, UNCONFIRMED
from bridge.moodle.schemas.companion import Saved

FUNCTION = "local_stewardpath_get_site_state"
UPSERT = "local_stewardpath_save_quiz"
ENROL = "enrol_manual_enrol_users"
CREATE = "core_user_create_users"
WRITES = (UPSERT, ENROL, CREATE)
COMPANION = Path(bridge.moodle.__file__).parent / "companion"
SERVICE_CODES = [  # asked of the token's user before a function runs, or by require_login in it
    "invalidtoken",
    "accessexception",
    "passwordisexpired",
    "forbiddenwsuser",
    "wsaccessuserdeleted",
    "wsaccessuserexpired",
    "wsaccessusernologin",
    "wsaccessusersuspended",
    "wsaccessuserunconfirmed",
    "forcepasswordchangenotice",
    "sitepolicynotagreed",
    "usernotfullysetup",
    "requireloginerror",
    "coursehidden",
    "errorcoursecontextnotvalid",
    "errorcatcontextnotvalid",
    "restrictedcontextexception",
    "nopermissions",
    "wsusercannotassign",
    "wsnoinstance",
]
names = st.text("abc_", min_size=1, max_size=3)
scalars = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(names, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


def as_sent(value: object) -> object:
    """What PHP must see of a value."""
    if isinstance(value, dict):
        return {key: as_sent(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_sent(item) for item in value]
    return str(int(value)) if isinstance(value, bool) else str(value)


def error_of(
    code: str, message: str = "No.", status: int = 200, function: str = FUNCTION, **more: str
) -> MoodleError:
    answer = {"exception": "moodle_exception", "errorcode": code, "message": message, **more}
    return failure(status, json.dumps(answer).encode(), function=function)


def failure(
    status: int, body: bytes = b"", function: str = FUNCTION, **headers: str
) -> MoodleError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(MoodleError) as caught:
        decode(status, named, body, function)
    assert caught.value.where == function
    return caught.value


class TestEncode:
    def test_nested_values_become_php_fields(self):
        assert encode({"a": [{"b": 1, "c": "é"}, {"b": 2}], "d": {"e": 1.5}}) == [
            ("a[0][b]", "1"),
            ("a[0][c]", "é"),
            ("a[1][b]", "2"),
            ("d[e]", "1.5"),
        ]

    def test_booleans_are_0_and_1_and_an_empty_text_is_sent(self):
        assert encode({"yes": True, "no": False, "text": ""}) == [
            ("yes", "1"),
            ("no", "0"),
            ("text", ""),
        ]

    def test_none_and_empty_lists_are_left_out(self):
        assert encode({"a": None, "b": [], "c": {}, "d": {"e": None}, "f": {"g": []}}) == []

    @pytest.mark.parametrize("hole", [None, [], {}, {"a": None}])
    def test_a_hole_in_a_list_is_refused_as_its_neighbours_would_move(self, hole):
        with pytest.raises(ValueError, match=r"members\[1\] is empty"):
            encode({"members": ["a", hole, "c"]})

    @pytest.mark.parametrize("number", [float("nan"), float("inf")])
    def test_a_number_that_is_not_finite_is_refused(self, number):
        with pytest.raises(ValueError, match="grade is not a finite number"):
            encode({"grade": number})

    @given(st.dictionaries(names, values, max_size=4))
    def test_php_sees_what_was_sent(self, php, params):
        assert php(encode(params)) == as_sent(params)

    @given(st.dictionaries(names, values, max_size=4))
    def test_every_scalar_is_one_field(self, params):
        def leaves(value):
            if isinstance(value, dict | list):
                inner = value.values() if isinstance(value, dict) else value
                return sum(map(leaves, inner))
            return 1

        assert count_fields(params) == leaves(params)


class TestDecodeData:
    @pytest.mark.parametrize(
        ("body", "data"),
        [(b"null", None), (b"[]", []), (b'{"id": 1}', {"id": 1}), (b"true", True), (b'"x"', "x")],
    )
    def test_json_is_the_data(self, body, data):
        assert decode(200, {}, body, FUNCTION) == data

    @given(st.binary(), st.sampled_from([200, 302, 400, 403, 404, 413, 500, 503]))
    def test_any_bytes_at_all_are_data_or_a_typed_error(self, body, status):
        try:
            decode(status, {}, body, FUNCTION)
        except MoodleError as refusal:
            error = refusal
        else:
            return
        assert error.what
        assert error.todo


class TestErrorCodes:
    @pytest.mark.parametrize("code", sorted(MEANINGS.keys() - {UNCONFIRMED}))
    @pytest.mark.parametrize("function", [FUNCTION, CREATE])
    def test_each_known_code_has_its_kind_and_advice(self, code, function):
        kinds = {
            ErrorKind.CONFIGURATION: MoodleMisconfigured,
            ErrorKind.LATER: MoodleUnavailable,
            ErrorKind.MAINTENANCE: MoodleMaintenance,
            ErrorKind.FAILED: MoodleUnavailable if function == FUNCTION else MoodleOutcomeUnknown,
        }
        error = error_of(code, function=function)
        assert type(error) is kinds[MEANINGS[code].kind]
        assert error.todo
        assert f"[{code}]" in error.what

    def test_a_code_is_in_one_table_only(self):
        assert not REFUSALS & MEANINGS.keys()

    def test_a_refusal_keeps_its_code(self):
        error = error_of("quizhasattempts", "The quiz has 3 attempts.", function=UPSERT)
        assert isinstance(error, MoodleRefused)
        assert error.code == "quizhasattempts"
        assert str(error) == f"{UPSERT}: The quiz has 3 attempts. [quizhasattempts]"

    @pytest.mark.parametrize("code", ["oops", "Message was not sent.", "Error", "dmlnewexception"])
    def test_an_unknown_code_is_no_refusal(self, code):
        assert type(error_of(code)) is MoodleUnavailable
        for function in WRITES:
            error = error_of(code, "Moodle's words.", function=function)
            assert type(error) is MoodleOutcomeUnknown
            assert (error.code, error.divisible) == (code, True)
            assert "Moodle's words." in str(error)

    @pytest.mark.parametrize("function", sorted(SITE_WIDE))
    def test_a_call_about_no_member_never_refuses_one(self, function):
        for code in (*REFUSALS, "dmlwriteexception", "usernotconfirmed", "oops"):
            assert not isinstance(error_of(code, function=function), MoodleRefused)

    def test_the_plugins_own_errors_are_refusals_whatever_their_code(self):
        problem = {"exception": "local_stewardpath\\problem"}
        assert isinstance(error_of("brandnew", function=UPSERT, **problem), MoodleRefused)
        assert type(error_of("busy", function=UPSERT, **problem)) is MoodleUnavailable

    def test_every_code_of_the_plugin_is_known(self):
        texts = (COMPANION / "lang" / "en" / "local_stewardpath.php").read_text("utf-8")
        sources = "".join(file.read_text("utf-8") for file in COMPANION.rglob("*.php"))
        thrown = set(re.findall(r"new problem\('(\w+)'", sources))
        assert len(thrown) > 15
        assert all(f"$string['{code}']" in texts for code in thrown)
        assert thrown <= REFUSALS | {"busy"}

    @pytest.mark.parametrize(
        "function",
        [ENROL, "gradereport_user_get_grade_items",
         "core_completion_get_activities_completion_status"],
    )  # fmt: skip
    def test_an_account_that_is_not_confirmed_is_the_members(self, function):
        error = error_of("usernotconfirmed", "error/usernotconfirmed", function=function)
        assert isinstance(error, MoodleRefused)
        assert "confirm" in error.todo

    def test_where_no_member_is_asked_about_it_is_the_services_account(self):
        assert isinstance(error_of("usernotconfirmed"), MoodleMisconfigured)

    @pytest.mark.parametrize("code", SERVICE_CODES)
    def test_what_is_about_the_services_account_is_so_for_every_function(self, code):
        for function in (FUNCTION, *WRITES):
            assert isinstance(error_of(code, function=function), MoodleMisconfigured)

    @pytest.mark.parametrize("code", ["webserviceaccessnotallowed", "wsaccessusersomethingnew"])
    def test_codes_of_the_web_service_layer_are_configuration(self, code):
        assert isinstance(error_of(code), MoodleMisconfigured)

    def test_a_missing_capability_is_named(self):
        error = error_of(
            "nopermissions",
            "Sorry, but you do not currently have permissions to do that (Manage cohorts).",
        )
        assert isinstance(error, MoodleMisconfigured)
        assert "“Manage cohorts”" in error.todo
        assert "cli/setup.php" in error.todo

    def test_a_wrong_token_names_the_variable_to_set(self):
        assert "STEWARDPATH_MOODLE_TOKEN" in error_of("invalidtoken").todo

    def test_a_function_that_moodle_does_not_know_means_the_plugin_is_missing(self):
        message = "Can't find data record in database table external_functions."
        error = error_of("invalidrecord", message)
        assert isinstance(error, MoodleMisconfigured)
        assert "Install or update the plugin" in error.todo

    def test_another_missing_record_is_a_refusal(self):
        message = "Can't find data record in database table course."
        assert isinstance(error_of("invalidrecord", message, function=UPSERT), MoodleRefused)

    def test_an_error_is_an_error_whatever_the_status(self):
        error = error_of("invalidparameter", status=500, function=UPSERT)
        assert isinstance(error, MoodleRefused)

    def test_debuginfo_is_never_shown(self):
        error = error_of("invalidparameter", debuginfo="SQL with anna@example.org")
        assert "anna" not in f"{error} {error!r} {vars(error)}"
        assert "invalidparameter" in str(error)

    def test_a_php_error_without_a_code_keeps_its_values_to_itself(self):
        body = b'{"exception": "TypeError", "message": "anna in /var/www/x.php"}'
        error = failure(200, body, function=UPSERT)
        assert isinstance(error, MoodleOutcomeUnknown)
        assert error.code == "TypeError"
        assert "anna" not in str(error)
        assert type(failure(200, body)) is MoodleUnavailable

    @pytest.mark.parametrize("odd", ["a\x00b", "a\ud800b", "a\u202eb", "a\x1b[31mb", "a\u200bb"])
    def test_moodles_words_are_printable(self, odd):
        error = error_of(odd, odd, function=UPSERT)
        assert str(error).isprintable()
        assert error.code.isprintable()

    def test_html_in_a_message_becomes_text_and_is_not_endless(self):
        error = error_of("oops", "<p>Fish &amp; chips</p>" + "x" * 5000)
        assert error.what.startswith("Fish & chips xxx")
        assert len(error.what) < 320


class TestWithoutData:
    def test_rest_switched_off(self):
        error = failure(403)
        assert isinstance(error, MoodleMisconfigured)
        assert "Manage protocols" in error.todo

    def test_a_firewall_is_not_taken_for_rest_switched_off(self):
        error = failure(403, b"<html>Request blocked</html>")
        assert isinstance(error, MoodleMisconfigured)
        assert "firewall" in error.todo

    @pytest.mark.parametrize("status", [401, 404, 405, 407, 410])
    def test_statuses_that_a_setting_cures(self, status):
        error = failure(status, b"<html>no</html>")
        assert isinstance(error, MoodleMisconfigured)
        assert error.todo

    @pytest.mark.parametrize("status", [400, 408, 429, 500, 502, 503, 504])
    def test_other_statuses_pass(self, status):
        assert type(failure(status, b"<html>Bad gateway</html>")) is MoodleUnavailable

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "empty"),
            (b"<!DOCTYPE html><title>Log in</title>", "web page"),
            (b'{"courses": [{"id"', "incomplete or not JSON"),
            (b"Service starting", "not JSON"),
            (b"\xff\xfe", "not JSON"),
            (b"[" * 100_000, "incomplete or not JSON"),
        ],
    )
    def test_a_200_without_data(self, body, words):
        error = failure(200, body)
        assert type(error) is MoodleUnavailable
        assert words in error.what

    def test_data_with_a_bad_status_is_not_data(self):
        assert type(failure(500, b"[]")) is MoodleUnavailable

    def test_a_redirect_names_the_address_to_set(self):
        there = "https://x:y@learn.example.org/moodle/webservice/rest/server.php?a=b"
        error = failure(301, Location=there)
        assert isinstance(error, MoodleMisconfigured)
        assert error.todo == "Set moodle.url to https://learn.example.org/moodle."

    def test_a_redirect_to_nowhere(self):
        assert "Set moodle.url" in failure(302).todo

    @pytest.mark.parametrize(
        ("status", "body"),
        [(413, b"<html>too large</html>"), (200, b'<?xml version="1.0"?>\n<EXCEPTION class="m">')],
    )
    def test_a_call_that_is_too_large_is_a_refusal_so_that_it_is_halved(self, status, body):
        error = failure(status, body)
        assert isinstance(error, MoodleRefused)
        assert "post_max_size" in error.todo


class TestMaintenance:
    def test_by_the_web_page(self):
        error = error_of("sitemaintenance", "Under maintenance")
        assert isinstance(error, MoodleMaintenance)
        assert error.after is None

    def test_by_the_command_line_in_any_language(self):
        error = failure(
            503,
            "<html>Сайт на обслуживании</html>".encode(),
            Retry_After="300",
            Expires="Mon, 20 Aug 1969 09:23:00 GMT",
        )
        assert isinstance(error, MoodleMaintenance)
        assert error.after == 300.0

    @pytest.mark.parametrize(
        ("wanted", "after"),
        [
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60.0),
            ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
            ("7", 7.0),
            ("soon", None),
            ("-1", None),
            ("", None),
            ("99 Foo 1994", None),
            ("Sun Nov  6 08:49:37 1994", None),
        ],
    )
    def test_retry_after_as_seconds_or_as_a_date(self, wanted, after):
        date = "Sun, 06 Nov 1994 08:49:37 GMT"
        error = failure(503, b"<html></html>", Retry_After=wanted, Date=date)
        assert isinstance(error, MoodleUnavailable)
        assert error.after == after

    def test_a_date_cannot_be_used_without_the_servers_own(self):
        error = failure(503, Retry_After="Sun, 06 Nov 1994 08:50:37 GMT")
        assert isinstance(error, MoodleUnavailable)
        assert error.after is None


class TestExpect:
    def test_models_and_plain_types(self):
        saved = {"id": 3, "action": "created", "new": 1}
        assert expect(Saved, saved, FUNCTION) == Saved(id=3, action="created")
        assert expect(list[Saved], [saved], FUNCTION) == [Saved(id=3, action="created")]
        assert expect(NoneType, None, FUNCTION) is None

    @pytest.mark.parametrize("body", [b"NaN", b'{"grade": Infinity}', b"[-Infinity]"])
    def test_no_number_is_no_data(self, body):
        assert "not JSON" in failure(200, body).what

    @pytest.mark.parametrize(
        ("data", "place"),
        [
            ([], "the whole answer"),
            ({"id": "anna", "action": "created"}, "id"),
            ({"action": "created"}, "id"),
            ({"id": 1, "action": "anna"}, "action"),
        ],
    )
    def test_another_shape_names_the_place_and_not_the_value(self, data, place):
        with pytest.raises(MoodleUnavailable, match=f"unexpected answer: {place}") as caught:
            expect(Saved, data, FUNCTION)
        assert "anna" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_redact():
    assert redact(b"wstoken=abc&x=abc", "abc") == b"wstoken=***&x=***"
    assert redact(b"text", "") == b"text"
