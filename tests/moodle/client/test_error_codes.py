"""What each error code of Moodle means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bridge.moodle
from bridge.errors import (
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleOutcomeUnknown,
    MoodleRefused,
    MoodleUnavailable,
)
from bridge.moodle.client.error_codes import MEANINGS, ErrorKind
from bridge.moodle.client.idempotency import SITE_WIDE
from bridge.moodle.client.refusal_codes import REFUSALS, UNCONFIRMED
from tests.moodle.client.error_answers import (
    CREATE,
    ENROL,
    FUNCTION,
    UPSERT,
    WRITES,
    error_of,
    failure,
)

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

WHILE_WORKING = [  # raised anywhere in a function, perhaps after it has written
    "dmlreadexception",
    "dmlwriteexception",
    "dmltransactionexception",
    "ddlexecuteerror",
    "locktimeout",
    "codingerror",
    "invalidstatedetected",
    "generalexceptionmessage",
    "invalidresponse",
]


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

    @pytest.mark.parametrize("code", WHILE_WORKING)
    def test_a_failure_while_moodle_works_leaves_the_outcome_of_a_write_unknown(self, code):
        assert type(error_of(code)) is MoodleUnavailable
        for function in WRITES:
            error = error_of(code, function=function)
            assert type(error) is MoodleOutcomeUnknown
            assert error.divisible

    def test_a_code_is_in_one_table_only(self):
        assert not REFUSALS & MEANINGS.keys()

    def test_a_refusal_keeps_its_code(self):
        error = error_of("quizhasattempts", "The quiz has 3 attempts.", function=UPSERT)
        assert isinstance(error, MoodleRefused)
        assert error.code == "quizhasattempts"
        assert str(error) == f"{UPSERT}: The quiz has 3 attempts. [quizhasattempts]"

    @pytest.mark.parametrize("code", ["oops", "Message was not sent.", "Error", "dmlnewexception"])
    def test_an_unknown_code_is_not_a_refusal(self, code):
        assert type(error_of(code)) is MoodleUnavailable
        for function in WRITES:
            error = error_of(code, "Moodle's words.", function=function)
            assert type(error) is MoodleOutcomeUnknown
            assert (error.code, error.divisible) == (code, True)
            assert "Moodle's words." in str(error)

    @pytest.mark.parametrize("function", sorted(SITE_WIDE))
    def test_a_site_wide_call_never_refuses_a_member(self, function):
        for code in (*REFUSALS, "dmlwriteexception", "usernotconfirmed", "oops"):
            assert not isinstance(error_of(code, function=function), MoodleRefused)

    def test_all_codes_of_the_plugin_are_refusals(self):
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
    def test_an_unconfirmed_account_is_the_members(self, function):
        error = error_of("usernotconfirmed", "error/usernotconfirmed", function=function)
        assert isinstance(error, MoodleRefused)
        assert "confirm" in error.todo

    def test_in_site_wide_calls_it_is_the_service_account(self):
        assert isinstance(error_of("usernotconfirmed"), MoodleMisconfigured)

    @pytest.mark.parametrize("code", SERVICE_CODES)
    def test_errors_of_the_service_account_are_the_same_for_every_function(self, code):
        for function in (FUNCTION, *WRITES):
            assert isinstance(error_of(code, function=function), MoodleMisconfigured)

    @pytest.mark.parametrize("code", ["webserviceaccessnotallowed", "wsaccessusersomethingnew"])
    def test_codes_of_the_web_service_layer_are_configuration_errors(self, code):
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

    def test_an_unknown_function_means_that_the_plugin_is_missing(self):
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

    def test_the_text_of_a_php_error_is_not_shown(self):
        body = b'{"exception": "TypeError", "message": "anna in /var/www/x.php"}'
        error = failure(200, body, function=UPSERT)
        assert isinstance(error, MoodleOutcomeUnknown)
        assert error.code == "TypeError"
        assert "anna" not in str(error)
        assert type(failure(200, body)) is MoodleUnavailable

    @pytest.mark.parametrize("odd", ["a\x00b", "a\ud800b", "a\u202eb", "a\x1b[31mb", "a\u200bb"])
    def test_moodles_messages_are_printable(self, odd):
        error = error_of(odd, odd, function=UPSERT)
        assert str(error).isprintable()
        assert error.code.isprintable()

    def test_html_in_a_message_becomes_short_text(self):
        error = error_of("oops", "<p>Fish &amp; chips</p>" + "x" * 5000)
        assert error.what.startswith("Fish & chips xxx")
        assert len(error.what) < 320
