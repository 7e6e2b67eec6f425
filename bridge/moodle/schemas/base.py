"""The base class and field types of the models of Moodle's answers."""

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
"""The largest integer in Moodle's and Stewardpath's databases."""


MAX_TIMESTAMP = 253_402_300_799
"""The end of the year 9999, in Unix seconds, the latest time that can be displayed."""


Text = Annotated[str, BeforeValidator(_text)]
"""A text; null becomes the empty text."""


Whole = Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER), BeforeValidator(_number)]
"""An integer that fits a database column."""


Count = Annotated[int, Field(ge=0, le=MAX_INTEGER), BeforeValidator(_number)]
"""A count, a position or a Moodle constant; or an id where 0 means none."""


Id = Annotated[int, Field(ge=1, le=MAX_INTEGER), BeforeValidator(_number)]
"""The id of an existing object."""


Time = Annotated[int, Field(ge=0, le=MAX_TIMESTAMP), BeforeValidator(_number)]
"""Unix seconds."""


class MoodleModel(BaseModel):
    """Base of all models: frozen; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)
