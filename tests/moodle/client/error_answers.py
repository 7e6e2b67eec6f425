"""Answers that are errors, and the errors that the protocol makes of them."""

from __future__ import annotations

import json

import pytest

from bridge.errors import (
    MoodleError,
)
from bridge.moodle.client.protocol import decode

FUNCTION = "local_stewardpath_get_site_state"
UPSERT = "local_stewardpath_save_quiz"
ENROL = "enrol_manual_enrol_users"
CREATE = "core_user_create_users"
WRITES = (UPSERT, ENROL, CREATE)


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
