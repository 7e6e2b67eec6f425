"""Moodle's REST protocol as pure functions: encode parameters, decode answers.

Source: Moodle 4.5.6, `webservice/rest/locallib.php` and `lib/setup.php`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from bridge.errors import (
    MoodleError,
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleRefused,
    MoodleUnavailable,
)
from bridge.messages import Message, Quote
from bridge.moodle.client.error_codes import ErrorKind, Meaning, meaning
from bridge.moodle.client.failures import site_failure, unexpected_answer
from bridge.moodle.client.http_errors import error_for_response, retry_after
from bridge.moodle.schemas.message_text import plain

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Value: TypeAlias = "bool | int | float | str | Sequence[Value] | Mapping[str, Value] | None"
Params: TypeAlias = Mapping[str, Value]
T = TypeVar("T")

_MAX_CODE_LENGTH = 100


def encode(params: Params) -> list[tuple[str, str]]:
    """Encode parameters as PHP form fields: `{"a": [{"b": True}]}` is `[("a[0][b]", "1")]`.

    In a mapping, None is omitted. A form can't contain an empty list or mapping, so these are
    omitted too and the function's default applies; a function must not *require* a list that may
    be empty. In a list, None and empty elements raise ValueError, because omitting them would
    shift the others. Numbers that are not finite also raise ValueError.
    """
    return [field for key, value in params.items() for field in _fields(key, value)]


def count_fields(params: Params) -> int:
    """The number of form fields that the parameters use (PHP limits it with `max_input_vars`)."""
    return len(encode(params))


def _fields(name: str, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _fields(f"{name}[{key}]", item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from _elements(name, value)
    elif value is not None:
        yield name, _scalar(name, value)


def _elements(name: str, items: Sequence[Value]) -> Iterator[tuple[str, str]]:
    for place, item in enumerate(items):
        fields = list(_fields(f"{name}[{place}]", item))
        if not fields:
            raise ValueError(f"{name}[{place}] is empty, and a form cannot contain it")
        yield from fields


def _scalar(name: str, value: bool | float | str) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{name} is not a finite number")
    return str(value)


def decode(status: int, headers: Mapping[str, str], body: bytes, function: str) -> Json:
    """Decode an answer, or raise a typed error that says what to do.

    `debuginfo` is never used, because it can contain members' data. Raises MoodleUnavailable,
    MoodleOutcomeUnknown, MoodleMaintenance, MoodleMisconfigured or MoodleRefused.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        data: Json = json.loads(body, parse_constant=_reject_constant)
    except (ValueError, RecursionError):
        raise error_for_response(status, lower, body, function) from None
    if isinstance(data, dict) and ("exception" in data or "errorcode" in data):
        raise _error(data, function, retry_after(lower))
    if not 200 <= status < 300:
        raise error_for_response(status, lower, body, function)
    return data


def expect(answer: type[T], data: Json, function: str) -> T:
    """Validate `data` as an `answer`; raise MoodleOutcomeUnknown if it doesn't match.

    For functions that only read, raise MoodleUnavailable instead. The error names the field and
    the rule, never the value, because it may be personal data.
    """
    try:
        return cast("T", _adapter(cast("Hashable", answer)).validate_python(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise unexpected_answer(Quote(first["msg"]), function, place) from None


def _reject_constant(name: str) -> float:
    """Reject NaN and Infinity: they are neither valid JSON nor grades."""
    raise ValueError(name)


@cache
def _adapter(answer: Hashable) -> TypeAdapter[object]:
    return TypeAdapter(cast("type[object]", answer))


def redact(body: bytes, secret: str) -> bytes:
    """Remove `secret` from `body`: an error page may repeat the request."""
    return body.replace(secret.encode(), b"***") if secret else body


def _error(data: dict[str, Json], function: str, after: float | None) -> MoodleError:
    message = plain(str(data.get("message") or data.get("error") or ""))
    exception = plain(str(data.get("exception") or ""), _MAX_CODE_LENGTH)
    code = plain(str(data.get("errorcode") or ""), _MAX_CODE_LENGTH)
    found = meaning(code, message, function, exception)
    if not code:
        return _php_error(exception, found.todo, function)
    reason = Quote(message, "") if message else Message("Moodle gave no reason.")
    what = Message("%(reason)s [%(code)s]", reason=reason, code=code)
    return _typed(found, what, code, function, after)


def _typed(found: Meaning, what: str, code: str, where: str, after: float | None) -> MoodleError:
    match found.kind:
        case ErrorKind.CONFIGURATION:
            return MoodleMisconfigured(what, where=where, todo=found.todo)
        case ErrorKind.MAINTENANCE:
            return MoodleMaintenance(what, after=after, where=where, todo=found.todo)
        case ErrorKind.LATER:
            return MoodleUnavailable(what, after=after, code=code, where=where, todo=found.todo)
        case ErrorKind.FAILED:
            return site_failure(
                what, where, todo=found.todo, after=after, code=code, divisible=True
            )
        case ErrorKind.REFUSED:
            return MoodleRefused(what, code=code, where=where, todo=found.todo)


def _php_error(exception: str, todo: Message, function: str) -> MoodleError:
    """PHP's own errors have no errorcode, and their message contains paths and values."""
    what = Message("Moodle failed with %(exception)s.", exception=exception or "?")
    return site_failure(what, function, todo=todo, code=exception, divisible=True)
