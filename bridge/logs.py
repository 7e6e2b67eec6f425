"""Logging: one line an event. JSON where a program reads it, plain text where a person does.

Fields are ids and counts; names and addresses do not belong in them. Should a configured secret
or an e-mail address slip in all the same, it is masked before the line is written.
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
FRAMES = 8
"""How many of the innermost steps of a traceback are kept."""
_EMAIL = re.compile(r"[^\s@<>\"'=,;:()]+@[\w-]+(?:\.[\w-]+)+")


class LineHandler(logging.StreamHandler[TextIO]):
    """The handler that `configure` installs; a class of its own so that it can be found again."""


def configure(stream: TextIO, level: str = "INFO", secrets: Iterable[str] = ()) -> None:
    """Log to `stream` from now on; called again, it replaces what it set up before.

    `level` is for Stewardpath's own events; other libraries are heard from WARNING on.
    `secrets` are never written, whatever an event says (see `secrets_of`).
    """
    handler = LineHandler(stream)
    handler.setFormatter(LineFormatter(stream.isatty(), redactor(secrets)))
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, LineHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.getLogger("bridge").setLevel(level)


def event(logger: logging.Logger, name: str, *, level: int = logging.INFO, **fields: Field) -> None:
    """Log that `name` (such as `pull.finished`) happened, with its fields (such as `run=12`).

    Inside an `except` block at level ERROR, where and why it failed is added.
    """
    failing = level >= logging.ERROR
    logger.log(level, name, extra={"fields": fields}, exc_info=failing, stacklevel=2)


def secrets_of(config: Config) -> tuple[str, ...]:
    """Every secret in the configuration, the database's password included."""
    held = (config.moodle_token, config.webhook_secret, config.smtp_password, config.secret_key)
    password = urlsplit(config.database.url.get_secret_value()).password or ""
    return (*(each.get_secret_value() for each in held if each), password, unquote(password))


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that masks the secrets, the longest first, and e-mail addresses in a text."""
    known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
    pattern = re.compile("|".join([*map(re.escape, known), _EMAIL.pattern]))
    return lambda text: pattern.sub(MASK, text)


class LineFormatter(logging.Formatter):
    """One line a record, redacted; `readable` for people, JSON otherwise."""

    def __init__(self, readable: bool, redact: Callable[[str], str]) -> None:
        super().__init__()
        self._readable = readable
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        fields: Mapping[str, Field] = getattr(record, "fields", {})
        said = {"event": record.getMessage(), **fields, **_failure(record)}
        clean = {
            key: self._redact(value) if isinstance(value, str) else value
            for key, value in said.items()
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
    """As it is if nothing in it could be mistaken for another field or line; else as JSON."""
    text = str(value)
    if text.isprintable() and not set(text) & (set(' ="') - set(allowed)):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _failure(record: logging.LogRecord) -> dict[str, Field]:
    """What went wrong and where, on one line.

    Of a foreign error only the first line: drivers quote records in those that follow.
    """
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return {}
    said = str(error) if isinstance(error, StewardpathError) else str(error).partition("\n")[0]
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    steps = (f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return {"error": f"{type(error).__name__}: {said}", "trace": " > ".join(steps)}
