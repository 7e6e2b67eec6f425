"""Read the values of a response."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridge.curriculum.question_types.question import Response

MAX_RESPONSE_LENGTH = 200
"""Characters of a typed answer that are compared."""
TRIMMED = " \t\n\r\0\x0b"
"""What Moodle removes at the ends of an answer: PHP's trim(), which keeps no-break spaces."""


def typed(response: Response) -> str:
    """What was typed, without blanks at its ends."""
    return response[0][:MAX_RESPONSE_LENGTH].strip(TRIMMED) if response else ""


def valid_indexes(values: Response, count: int) -> Iterator[int]:
    """The values that are numbers below `count`."""
    for value in values:
        if re.fullmatch(r"\d{1,4}", value, re.ASCII) and int(value) < count:
            yield int(value)
