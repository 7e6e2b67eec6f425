"""Logging: one line per event, as plain text on a terminal and as JSON elsewhere.

Log IDs and counts, never names or addresses. As a safety net, configured secrets and email
addresses are masked before a line is written.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from urllib.parse import unquote, urlsplit

from bridge.config import Config
from bridge.errors import StewardpathError

Field = str | int | float | bool | None

MASK = "***"
MAX_TRACE_FRAMES = 8
"""Number of innermost traceback frames in a log line."""
_EMAIL = re.compile(r"[^\s@<>\"'=,;:()]{1,254}@[\w-]{1,254}(?:\.[\w-]+)+")
"""Bounded, so that a long word without @ takes little time. It may start after a masked secret."""


class LineHandler(logging.StreamHandler[TextIO]):
    """The handler that `configure` installs. Its own class, so that it can be replaced."""


def configure(stream: TextIO, level: str = "INFO", secrets: Iterable[str] = ()) -> None:
    """Log to `stream`. Calling it again replaces the previous setup.

    `level` applies to Stewardpath's own events; other libraries log from WARNING on.
    `secrets` are masked in every line (see `secrets_of`).
    """
    handler = LineHandler(stream)
    handler.setFormatter(LineFormatter(stream.isatty(), redactor(secrets)))
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, LineHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.getLogger("bridge").setLevel(level)


def event(logger: logging.Logger, name: str, *, level: int = logging.INFO, **fields: Field) -> None:
    """Log the event `name` (such as `pull.finished`) with its fields (such as `run=12`).

    At level ERROR inside an `except` block, adds the error and its traceback.
    """
    is_error = level >= logging.ERROR
    logger.log(level, name, extra={"fields": fields}, exc_info=is_error, stacklevel=2)


def secrets_of(config: Config) -> tuple[str, ...]:
    """All secrets in the configuration, including the database password."""
    secrets = (
        config.moodle_token,
        config.webhook_secret,
        config.smtp_password,
        config.secret_key,
        config.metrics_token,
        config.bigbluebutton_secret,
        config.zoom_secret,
    )
    password = urlsplit(config.database.url.get_secret_value()).password or ""
    return (*(each.get_secret_value() for each in secrets if each), password, unquote(password))


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that masks the secrets (longest first) and email addresses in a text."""
    known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
    pattern = re.compile("|".join([*map(re.escape, known), _EMAIL.pattern]))
    return lambda text: pattern.sub(MASK, text)


class LineFormatter(logging.Formatter):
    """One redacted line per record: text if `readable`, JSON otherwise."""

    def __init__(self, readable: bool, redact: Callable[[str], str]) -> None:
        super().__init__()
        self._readable = readable
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        fields: Mapping[str, Field] = getattr(record, "fields", {})
        line_fields = {"event": record.getMessage(), **fields, **_failure(record)}
        clean = {
            key: self._redact(value) if isinstance(value, str) else value
            for key, value in line_fields.items()
        }
        at = datetime.fromtimestamp(record.created, UTC)
        return _text(at, record, clean) if self._readable else _json(at, record, clean)


def _json(at: datetime, record: logging.LogRecord, fields: Mapping[str, Field]) -> str:
    frame = {"at": at.isoformat(), "level": record.levelname.lower(), "logger": record.name}
    return json.dumps({**frame, **fields})


def _text(at: datetime, record: logging.LogRecord, fields: Mapping[str, Field]) -> str:
    words = [f"{at.astimezone():%H:%M:%S} {record.levelname:<7} {_word(fields['event'], ' ')}"]
    rest = (f"{key}={_word(value)}" for key, value in fields.items() if key != "event")
    return " ".join([*words, *rest])


def _word(value: Field, allowed: str = "") -> str:
    """The value as is, or as JSON if it could be mistaken for another field or line."""
    text = str(value)
    if text.isprintable() and not set(text) & (set(' ="') - set(allowed)):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _failure(record: logging.LogRecord) -> dict[str, Field]:
    """The error and its traceback, for one line.

    Only the first line of errors from other libraries: database drivers quote records in the rest.
    """
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return {}
    message = str(error) if isinstance(error, StewardpathError) else str(error).partition("\n")[0]
    frames = traceback.extract_tb(error.__traceback__)[-MAX_TRACE_FRAMES:]
    trace = (f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return {"error": f"{type(error).__name__}: {message}", "trace": " > ".join(trace)}
