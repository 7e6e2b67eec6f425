"""When the client retries a call, and how long it waits."""

from __future__ import annotations

import socket

import pytest

from bridge.errors import (
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleOutcomeUnknown,
    MoodleRefused,
    MoodleUnavailable,
)
from bridge.moodle.client.idempotency import IDEMPOTENT, READS, is_repeatable
from bridge.moodle.client.transport import NotConnected
from bridge.moodle.schemas.companion import Saved
from tests.moodle.client.server_faults import CREATE, FAULTS, READ, SAVED, UPSERT, server_fault


class TestRetries:
    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("function", [READ, UPSERT])
    def test_idempotent_calls_are_retried(self, server, moodle, slept, fault, function):
        server.respond_with(server_fault(server, fault), server.json_response(SAVED))
        assert moodle.call(function, {}, Saved) == Saved(id=7, action="created")
        assert len(server.requests) == 2
        assert slept == [0.5]

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("function", [CREATE, "core_a_function_nobody_listed"])
    def test_a_write_with_an_unknown_outcome_is_not_retried(
        self, server, moodle, slept, fault, function
    ):
        server.respond_with(server_fault(server, fault))
        with pytest.raises(MoodleUnavailable) as caught:
            moodle.call(function, {}, Saved)
        assert isinstance(caught.value, MoodleOutcomeUnknown) == (fault != "database gone")
        assert len(server.requests) == 1
        assert slept == []

    def test_a_write_is_not_sent_again_on_a_connection_that_the_server_closes(
        self, server, moodle, slept
    ):
        server.respond_with(server.json_response(SAVED), server.closes_connection)
        moodle.call(CREATE, {}, Saved)
        with pytest.raises(MoodleOutcomeUnknown):
            moodle.call(CREATE, {}, Saved)
        assert len(server.peers) == 1
        assert len(server.requests) == 2
        assert slept == []

    def test_waits_grow_until_the_client_gives_up(self, server, moodle, slept):
        server.respond_with(server.response(500))
        with pytest.raises(MoodleUnavailable, match="HTTP 500"):
            moodle.call(READ, {}, Saved)
        assert len(server.requests) == 4
        assert slept == [0.5, 1.0, 2.0]

    def test_the_wait_has_full_jitter(self, server, connect, slept):
        server.respond_with(server.response(500))
        draws = iter([0.0, 0.5, 0.25])
        with pytest.raises(MoodleUnavailable):
            connect(server.url, random=lambda: next(draws)).call(READ, {}, Saved)
        assert slept == [0.0, 0.5, 0.5]

    def test_no_retry_starts_after_the_call_timeout(self, server, connect, slept):
        server.respond_with(server.response(500))
        with pytest.raises(MoodleUnavailable):
            connect(server.url, limits={"call": 0.9}).call(READ, {}, Saved)
        assert slept == [0.5]

    @pytest.mark.parametrize("function", [READ, UPSERT, CREATE])
    def test_even_a_create_is_retried_without_a_connection(
        self, connect, unused_url, slept, function
    ):
        moodle = connect(unused_url)
        with pytest.raises(NotConnected, match="Cannot connect"):
            moodle.call(function, {}, Saved)
        assert moodle.calls[function] == 4
        assert len(slept) == 3

    def test_an_unknown_host(self, connect, slept, monkeypatch):
        def find_nothing(*_: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr("socket.getaddrinfo", find_nothing)
        with pytest.raises(NotConnected, match=r"Cannot connect to http://moodle\.invalid"):
            connect("http://moodle.invalid").call(CREATE, {}, Saved)
        assert len(slept) == 3

    @pytest.mark.parametrize("code", ["invalidtoken", "accessexception", "nopermissions"])
    def test_a_configuration_error_is_not_retried(self, server, moodle, slept, code):
        server.respond_with(server.moodle_error(code))
        with pytest.raises(MoodleMisconfigured):
            moodle.call(READ, {}, Saved)
        assert len(server.requests) == 1
        assert slept == []

    def test_a_refusal_is_not_retried(self, server, moodle):
        server.respond_with(server.moodle_error("quizhasattempts", "The quiz has 3 attempts."))
        with pytest.raises(MoodleRefused, match="3 attempts") as caught:
            moodle.call(UPSERT, {}, Saved)
        assert caught.value.code == "quizhasattempts"
        assert len(server.requests) == 1

    def test_reads_and_idempotent_writes_do_not_overlap(self):
        assert not READS & IDEMPOTENT
        assert not any("create" in name or "send" in name for name in READS | IDEMPOTENT)
        assert not is_repeatable("core_competency_grade_competency")


class TestMaintenance:
    def test_maintenance_from_the_settings_page_is_not_retried(self, server, moodle, slept):
        server.respond_with(server.moodle_error("sitemaintenance"))
        with pytest.raises(MoodleMaintenance):
            moodle.call(READ, {}, Saved)
        assert len(server.requests) == 1
        assert slept == []

    def test_maintenance_from_the_command_line_has_retry_after(self, server, moodle, slept):
        page = b"<html>Under maintenance</html>"
        server.respond_with(server.response(503, page, Retry_After="300"))
        with pytest.raises(MoodleMaintenance) as caught:
            moodle.call(READ, {}, Saved)
        assert caught.value.after == 300.0
        assert len(server.requests) == 1
        assert slept == []

    def test_a_long_retry_after_is_not_waited_for(self, server, moodle, slept):
        server.respond_with(server.response(502, Retry_After="45"))
        with pytest.raises(MoodleUnavailable) as caught:
            moodle.call(READ, {}, Saved)
        assert caught.value.after == 45.0
        assert slept == []

    def test_a_short_retry_after_is_waited_for(self, server, moodle, slept):
        server.respond_with(
            server.response(429, b"<html></html>", Retry_After="3"), server.json_response(SAVED)
        )
        moodle.call(READ, {}, Saved)
        assert slept == [3.0]
