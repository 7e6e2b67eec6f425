"""Answers that are neither data nor Moodle errors."""

from __future__ import annotations

import pytest

from bridge.errors import (
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleRefused,
    MoodleUnavailable,
)
from tests.moodle.client.error_answers import error_of, failure


class TestHttpErrors:
    def test_rest_is_off(self):
        error = failure(403)
        assert isinstance(error, MoodleMisconfigured)
        assert "Manage protocols" in error.todo

    def test_a_firewall_is_told_apart_from_rest_being_off(self):
        error = failure(403, b"<html>Request blocked</html>")
        assert isinstance(error, MoodleMisconfigured)
        assert "firewall" in error.todo

    @pytest.mark.parametrize("status", [401, 404, 405, 407, 410])
    def test_statuses_that_a_setting_fixes(self, status):
        error = failure(status, b"<html>no</html>")
        assert isinstance(error, MoodleMisconfigured)
        assert error.todo

    @pytest.mark.parametrize("status", [400, 408, 429, 500, 502, 503, 504])
    def test_other_statuses_are_temporary(self, status):
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

    def test_data_with_an_error_status_is_an_error(self):
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
    def test_from_the_settings_page(self):
        error = error_of("sitemaintenance", "Under maintenance")
        assert isinstance(error, MoodleMaintenance)
        assert error.after is None

    def test_from_the_command_line_in_any_language(self):
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
