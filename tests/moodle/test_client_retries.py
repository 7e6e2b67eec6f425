"""When the client retries a call, and how long it waits."""

from __future__ import annotations

import pytest

from bridge.errors import (
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleOutcomeUnknown,
    MoodleRefused,
    MoodleUnavailable,
)
from bridge.moodle.client.idempotency import IDEMPOTENT, READS, is_repeatable
from bridge.moodle.client.transport import Unreached
from bridge.moodle.schemas.companion import Saved
from tests.moodle.server_faults import CREATE, FAULTS, READ, SAVED, UPSERT, server_fault


class TestRepeats:
    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("function", [READ, UPSERT])
    def test_what_can_be_done_twice_is_tried_again(self, server, moodle, slept, fault, function):
        server.will(server_fault(server, fault), server.answers(SAVED))
        assert moodle.call(function, {}, Saved) == Saved(id=7, action="created")
        assert len(server.requests) == 2
        assert slept == [0.5]

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("function", [CREATE, "core_a_function_nobody_listed"])
    def test_a_write_with_an_unknown_outcome_is_never_repeated(
        self, server, moodle, slept, fault, function
    ):
        server.will(server_fault(server, fault))
        with pytest.raises(MoodleUnavailable) as caught:
            moodle.call(function, {}, Saved)
        assert isinstance(caught.value, MoodleOutcomeUnknown) == (fault != "database gone")
        assert len(server.requests) == 1
        assert slept == []

    def test_it_gives_up_after_its_tries_with_longer_and_longer_waits(self, server, moodle, slept):
        server.will(server.says(500))
        with pytest.raises(MoodleUnavailable, match="HTTP 500"):
            moodle.call(READ, {}, Saved)
        assert len(server.requests) == 4
        assert slept == [0.5, 1.0, 2.0]

    def test_the_wait_is_drawn_from_the_whole_range(self, server, connect, slept):
        server.will(server.says(500))
        draws = iter([0.0, 0.5, 0.25])
        with pytest.raises(MoodleUnavailable):
            connect(server.url, random=lambda: next(draws)).call(READ, {}, Saved)
        assert slept == [0.0, 0.5, 0.5]

    def test_no_repeat_begins_after_the_time_for_a_call(self, server, connect, slept):
        server.will(server.says(500))
        with pytest.raises(MoodleUnavailable):
            connect(server.url, limits={"call": 0.9}).call(READ, {}, Saved)
        assert slept == [0.5]

    @pytest.mark.parametrize("function", [READ, UPSERT, CREATE])
    def test_nothing_listens_so_even_a_create_can_be_tried_again(
        self, connect, unused_url, slept, function
    ):
        moodle = connect(unused_url)
        with pytest.raises(Unreached, match="Cannot connect"):
            moodle.call(function, {}, Saved)
        assert moodle.calls[function] == 4
        assert len(slept) == 3

    def test_no_such_host(self, connect, slept):
        with pytest.raises(Unreached, match=r"Cannot connect to http://moodle\.invalid"):
            connect("http://moodle.invalid").call(CREATE, {}, Saved)
        assert len(slept) == 3

    @pytest.mark.parametrize("code", ["invalidtoken", "accessexception", "nopermissions"])
    def test_a_wrong_setting_is_not_tried_again(self, server, moodle, slept, code):
        server.will(server.refuses(code))
        with pytest.raises(MoodleMisconfigured):
            moodle.call(READ, {}, Saved)
        assert len(server.requests) == 1
        assert slept == []

    def test_a_refusal_is_not_tried_again(self, server, moodle):
        server.will(server.refuses("quizhasattempts", "The quiz has 3 attempts."))
        with pytest.raises(MoodleRefused, match="3 attempts") as caught:
            moodle.call(UPSERT, {}, Saved)
        assert caught.value.code == "quizhasattempts"
        assert len(server.requests) == 1

    def test_reads_and_idempotent_writes_do_not_overlap(self):
        assert not READS & IDEMPOTENT
        assert not any("create" in name or "send" in name for name in READS | IDEMPOTENT)
        assert not is_repeatable("core_competency_grade_competency")


class TestMaintenance:
    def test_by_the_web_page_is_left_to_the_caller(self, server, moodle, slept):
        server.will(server.refuses("sitemaintenance"))
        with pytest.raises(MoodleMaintenance):
            moodle.call(READ, {}, Saved)
        assert len(server.requests) == 1
        assert slept == []

    def test_by_the_command_line_says_when_to_come_back(self, server, moodle, slept):
        page = b"<html>Under maintenance</html>"
        server.will(server.says(503, page, Retry_After="300"))
        with pytest.raises(MoodleMaintenance) as caught:
            moodle.call(READ, {}, Saved)
        assert caught.value.after == 300.0
        assert len(server.requests) == 1
        assert slept == []

    def test_a_long_retry_after_is_left_to_the_caller(self, server, moodle, slept):
        server.will(server.says(502, Retry_After="45"))
        with pytest.raises(MoodleUnavailable) as caught:
            moodle.call(READ, {}, Saved)
        assert caught.value.after == 45.0
        assert slept == []

    def test_a_short_retry_after_is_waited_for(self, server, moodle, slept):
        server.will(server.says(429, b"<html></html>", Retry_After="3"), server.answers(SAVED))
        moodle.call(READ, {}, Saved)
        assert slept == [3.0]
