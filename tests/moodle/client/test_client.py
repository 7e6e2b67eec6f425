"""The client against a real loopback web server that fails on demand."""

from __future__ import annotations

import gzip
import logging
from types import NoneType

import pytest
import requests
import responses

from bridge import __version__
from bridge.errors import (
    MoodleError,
    MoodleMisconfigured,
    MoodleOutcomeUnknown,
    MoodleRefused,
    MoodleUnavailable,
)
from bridge.moodle.client.transport import DEFAULT_LIMITS, PATH, NotConnected
from bridge.moodle.schemas.companion import Imported, Saved
from tests.moodle.client.server_faults import CREATE, FAULTS, READ, SAVED, UPSERT, server_fault


class TestRequests:
    def test_the_token_travels_in_the_body_only(self, server, moodle, token):
        server.respond_with(server.json_response(SAVED))
        moodle.call(UPSERT, {"courseid": 3, "name": "É & =", "visible": True}, Saved)
        request = server.requests[0]
        assert request.path == PATH
        assert token not in f"{request.path} {request.headers}"
        assert server.fields() == {
            "wstoken": token,
            "wsfunction": UPSERT,
            "moodlewsrestformat": "json",
            "courseid": "3",
            "name": "É & =",
            "visible": "1",
        }

    def test_the_user_agent_is_sent(self, server, moodle):
        server.respond_with(server.json_response(SAVED))
        moodle.call(UPSERT, {}, Saved)
        assert server.requests[0].headers["User-Agent"] == f"stewardpath/{__version__}"

    def test_the_limits_are_the_timeouts_of_each_request(self, server, moodle, session):
        server.respond_with(server.response(500), server.json_response(SAVED))
        moodle.call(UPSERT, {}, Saved)
        assert session.timeouts == [(DEFAULT_LIMITS.connect, DEFAULT_LIMITS.read)] * 2

    def test_one_connection_serves_many_calls(self, server, moodle):
        server.respond_with(server.moodle_error("unknowncourse"), server.json_response(SAVED))
        with pytest.raises(MoodleRefused):
            moodle.call(UPSERT, {}, Saved)
        for _ in range(3):
            moodle.call(UPSERT, {}, Saved)
        assert len(server.peers) == 1

    def test_a_site_in_a_subfolder(self, server, connect):
        server.respond_with(server.json_response(None))
        assert connect(server.url + "/moodle/").call(READ, {}, NoneType) is None
        assert server.requests[0].path == "/moodle" + PATH

    def test_parameters_that_cannot_be_sent_are_not_sent(self, server, moodle):
        with pytest.raises(ValueError, match="cannot contain it"):
            moodle.call(UPSERT, {"questions": [None]}, Saved)
        assert not server.requests


class TestAnswers:
    def test_an_answer_becomes_the_requested_type(self, server, moodle):
        server.respond_with(server.json_response([SAVED]))
        assert moodle.call(UPSERT, {}, list[Saved]) == [Saved(id=7, action="created")]

    @pytest.mark.parametrize("half_right", [[], [SAVED], {"id": 7}, None, "maintenance"])
    @pytest.mark.parametrize(
        ("function", "error", "requests"),
        [(READ, MoodleUnavailable, 4), (UPSERT, MoodleOutcomeUnknown, 4),
         (CREATE, MoodleOutcomeUnknown, 1)],
    )  # fmt: skip
    def test_json_of_the_wrong_shape_is_an_error(
        self, server, moodle, half_right, function, error, requests
    ):
        server.respond_with(server.json_response(half_right))
        with pytest.raises(MoodleUnavailable, match="unexpected answer") as caught:
            moodle.call(function, {}, Saved)
        assert type(caught.value) is error
        assert "Update the plugin local_stewardpath and Stewardpath" in caught.value.todo
        assert len(server.requests) == requests

    def test_a_wrong_answer_is_retried(self, server, moodle):
        server.respond_with(server.json_response([]), server.json_response(SAVED))
        assert moodle.call(UPSERT, {}, Saved).id == 7

    def test_a_change_that_was_not_made_is_an_error(self, server, moodle):
        server.respond_with(server.json_response(False))
        with pytest.raises(MoodleOutcomeUnknown, match="false"):
            moodle.change("core_competency_add_competency_to_plan", {})

    def test_a_question_that_failed_is_part_of_the_answer(self, server, moodle):
        failed = {"idnumber": "a", "questionid": None, "action": "failed", "error": "No answer."}
        server.respond_with(server.json_response({"questions": [failed]}))
        imported = moodle.call("local_stewardpath_import_questions", {}, Imported)
        assert imported.questions[0].error == "No answer."

    def test_a_large_answer_arrives_whole(self, server, moodle):
        server.respond_with(server.json_response(["x" * 1000] * 1000))
        assert len(moodle.call(READ, {}, list[str])) == 1000

    def test_an_endless_answer_is_stopped(self, server, connect):
        server.respond_with(server.json_response(["x" * 300_000]))
        moodle = connect(server.url, limits={"answer_size": 100_000, "tries": 1})
        with pytest.raises(MoodleUnavailable, match="larger than 100,000 bytes"):
            moodle.call(READ, {}, list[str])

    def test_a_compressed_answer_is_unpacked_and_its_unpacked_size_counts(self, server, connect):
        body = gzip.compress(b'["' + b"x" * 300_000 + b'"]')
        server.respond_with(server.response(200, body, Content_Encoding="gzip"))
        assert len(connect(server.url).call(READ, {}, list[str])[0]) == 300_000
        small = connect(server.url, limits={"answer_size": 100_000, "tries": 1})
        with pytest.raises(MoodleUnavailable, match="larger than"):
            small.call(READ, {}, list[str])


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_the_token_follows_no_redirect(self, server, connect, moodle, status):
        there = "https://learn.example.org" + PATH
        server.respond_with(server.response(status, Location=there))
        with pytest.raises(MoodleMisconfigured) as caught:
            moodle.call(READ, {}, Saved)
        assert "Set moodle.url to https://learn.example.org." in str(caught.value)
        assert len(server.requests) == 1


class TestSecrets:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_the_token_is_in_no_log_error_or_repr(self, server, moodle, token, caplog, fault):
        caplog.set_level(logging.DEBUG)
        server.respond_with(server_fault(server, fault))
        with pytest.raises(MoodleError) as caught:
            moodle.call(READ, {}, Saved)
        self.clean(token, caplog, moodle, caught.value)

    @pytest.mark.parametrize("status", [200, 500])
    def test_a_server_that_repeats_the_token(self, server, moodle, token, caplog, status):
        caplog.set_level(logging.DEBUG)
        echo = {"exception": "e", "errorcode": "oops", "message": f"wstoken={token} is no good"}
        server.respond_with(server.json_response(echo, status))
        with pytest.raises(MoodleUnavailable) as caught:
            moodle.call(READ, {}, Saved)
        assert "wstoken=*** is no good" in str(caught.value)
        self.clean(token, caplog, moodle, caught.value)

    def test_moodles_messages_are_not_logged(self, server, moodle, caplog):
        caplog.set_level(logging.DEBUG)
        server.respond_with(
            server.moodle_error("oops", "kim@example.org exists"), server.json_response(SAVED)
        )
        moodle.call(UPSERT, {}, Saved)
        assert "kim@" not in caplog.text
        assert "oops" in caplog.text

    def test_the_token_is_not_logged_without_a_connection(self, connect, unused_url, token, caplog):
        caplog.set_level(logging.DEBUG)
        moodle = connect(unused_url)
        with pytest.raises(NotConnected) as caught:
            moodle.call(READ, {}, Saved)
        self.clean(token, caplog, moodle, caught.value)

    @staticmethod
    def clean(token, caplog, moodle, error):
        records = [f"{record.getMessage()} {record.args}" for record in caplog.records]
        assert any("urllib3" in record.name for record in caplog.records)
        assert token not in " ".join([*records, str(error), repr(error), repr(vars(error))])
        assert token not in f"{moodle!r} {moodle} {moodle.url}"
        assert error.__cause__ is None


class TestMeasurements:
    def test_each_request_is_counted_timed_and_observed(self, server, connect):
        seen = []
        moodle = connect(server.url, observer=lambda *call: seen.append(call))
        server.respond_with(
            server.delayed(2.0, server.response(500)),
            server.delayed(3.0, server.json_response(SAVED)),
        )
        moodle.call(READ, {}, Saved)
        assert moodle.calls == {READ: 2}
        assert seen == [(READ, 2.0, "MoodleUnavailable"), (READ, 3.0, "ok")]

    def test_it_closes_its_connections(self, server, moodle):
        server.respond_with(server.json_response(SAVED))
        with moodle as opened:
            opened.call(UPSERT, {}, Saved)
            pools = opened._transport._session.get_adapter(server.url).poolmanager.pools
            assert len(pools) == 1
        assert len(pools) == 0


class TestTransportErrors:
    """Errors that a loopback server can't cause."""

    def test_an_invalid_certificate(self, connect):
        error = requests.exceptions.SSLError("certificate verify failed")
        with responses.RequestsMock() as network:
            network.post("https://moodle.example.org" + PATH, body=error)
            with pytest.raises(MoodleMisconfigured, match="is not valid") as caught:
                connect("https://moodle.example.org").call(READ, {}, Saved)
        assert "REQUESTS_CA_BUNDLE" in caught.value.todo

    @pytest.mark.parametrize("url", ["moodle.example.org", "http://", "ftp://moodle.example.org"])
    def test_an_invalid_address(self, connect, url):
        with pytest.raises(MoodleMisconfigured, match="is not a valid address") as caught:
            connect(url).call(READ, {}, Saved)
        assert "moodle.url" in caught.value.todo
