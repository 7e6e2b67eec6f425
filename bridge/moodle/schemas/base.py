"""The base of every model of a Moodle answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _text(value: object) -> object:
    return "" if value is None else value


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number is expected, not true or false")  # noqa: TRY004 - pydantic's way
    return value


MAX_INTEGER = 2**63 - 1
"""The largest integer that Moodle's and this project's databases hold."""


MAX_TIMESTAMP = 253_402_300_799
"""The end of the year 9999, in unix seconds: no later time can be shown."""


Text = Annotated[str, BeforeValidator(_text)]
"""A text; Moodle's null is the empty text."""


Whole = Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER), BeforeValidator(_number)]
"""A whole number, as large as a database holds."""


Count = Annotated[int, Field(ge=0, le=MAX_INTEGER), BeforeValidator(_number)]
"""A quantity, a place or a constant of Moodle's; an id where 0 means none."""


Id = Annotated[int, Field(ge=1, le=MAX_INTEGER), BeforeValidator(_number)]
"""The id of something that exists."""


Time = Annotated[int, Field(ge=0, le=MAX_TIMESTAMP), BeforeValidator(_number)]
"""Unix seconds."""


class MoodleModel(BaseModel):
    """What all answers have in common."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)
