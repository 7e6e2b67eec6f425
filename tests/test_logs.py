"""One line per event, without secrets or email addresses."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bridge import logs
from bridge.config import Config, DatabaseSettings
from bridge.errors import StoreError

LOGGER = logging.getLogger("bridge.test")
SECRET = 'to"ken=1\\2'


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root, bridge = logging.getLogger(), logging.getLogger("bridge")
    handlers, level = list(root.handlers), bridge.level
    yield
    root.handlers[:] = handlers
    bridge.setLevel(level)


def lines(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


def test_logs_are_json_when_not_on_a_terminal() -> None:
    stream = io.StringIO()
    logs.configure(stream, "INFO")
    logs.event(LOGGER, "pull.finished", run=12, touched=3, ok=True)
    (line,) = lines(stream)
    said = json.loads(line)
    assert said.pop("at").endswith("+00:00")
    assert said == {
        "level": "info",
        "logger": "bridge.test",
        "event": "pull.finished",
        "run": 12,
        "touched": 3,
        "ok": True,
    }


def test_logs_are_text_on_a_terminal() -> None:
    stream = Terminal()
    logs.configure(stream, "INFO")
    logs.event(LOGGER, "sync.stopped", run=12, reason="no answer from Moodle")
    assert lines(stream)[0].endswith('INFO    sync.stopped run=12 reason="no answer from Moodle"')


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["json", "text"])
@pytest.mark.parametrize("value", ["a\nb", "a\r\nb level=error", "a\u2028b", "\x1b[2Ja"])
def test_a_logged_value_cannot_start_another_line(stream: io.StringIO, value: str) -> None:
    stream.seek(0)
    stream.truncate()
    logs.configure(stream, "INFO")
    logs.event(LOGGER, "member.refused", reason=value)
    LOGGER.warning(value)
    assert len(lines(stream)) == 2
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("stream_class", [io.StringIO, Terminal])
def test_secrets_and_addresses_are_masked_everywhere(stream_class: type[io.StringIO]) -> None:
    stream = stream_class()
    logs.configure(stream, "INFO", [SECRET, ""])
    logs.event(LOGGER, "moodle.called", url=f"https://moodle.example/?token={SECRET}")
    LOGGER.warning("sent to %s with %s", "kim@member.example", SECRET)
    try:
        raise ValueError(f"{SECRET} for kim@member.example")
    except ValueError:
        logs.event(LOGGER, "mail.failed", level=logging.ERROR)
    written = stream.getvalue()
    assert len(lines(stream)) == 3
    assert logs.MASK in written
    for part in ('to"ken', "ken=1", "kim", "member.example"):
        assert part not in written


def test_an_error_log_has_a_trace_but_no_quoted_data() -> None:
    stream = io.StringIO()
    logs.configure(stream, "INFO")
    try:
        raise RuntimeError("UNIQUE constraint failed\nDETAIL: Key (first_name)=(Kim)")
    except RuntimeError:
        logs.event(LOGGER, "pull.failed", level=logging.ERROR, run=3)
    said = json.loads(stream.getvalue())
    assert said["error"] == "RuntimeError: UNIQUE constraint failed"
    assert said["trace"].startswith("test_logs.py:")
    assert "Kim" not in stream.getvalue()


def test_own_errors_are_logged_completely() -> None:
    stream = io.StringIO()
    logs.configure(stream, "INFO")
    try:
        raise StoreError("cannot be reached.", where="db", todo="Check\nthat it runs.")
    except StoreError:
        LOGGER.exception("pull.failed")
    assert json.loads(stream.getvalue())["error"].endswith("Check\nthat it runs.")


def test_a_second_setup_replaces_the_first() -> None:
    first, second = io.StringIO(), io.StringIO()
    logs.configure(first, "INFO")
    logs.configure(second, "DEBUG")
    logs.event(LOGGER, "a.detail", level=logging.DEBUG)
    logging.getLogger("another.library").info("chatter")
    assert first.getvalue() == ""
    assert [json.loads(line)["event"] for line in lines(second)] == ["a.detail"]


def test_all_secrets_of_a_configuration_are_known() -> None:
    config = Config(
        moodle_token=SecretStr("one"),
        webhook_secret=SecretStr("two"),
        smtp_password=SecretStr("three"),
        database=DatabaseSettings(url=SecretStr("postgresql://u:fo%2Fur@db.example/x")),
    )
    assert set(logs.secrets_of(config)) >= {"one", "two", "three", "fo%2Fur", "fo/ur"}
    assert logs.secrets_of(Config()) == ("", "")


def test_a_long_word_is_looked_through_once() -> None:
    assert logs.redactor(())("x" * 200_000) == "x" * 200_000


def test_an_address_is_masked_next_to_a_secret() -> None:
    assert logs.redactor(["secret"])("secretkim@member.example") == logs.MASK * 2
