"""The types of configuration values: addresses, times, colours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field


def _http_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        raise ValueError("is not a web address such as https://moodle.example.org")
    return value.rstrip("/")


def _mail_address(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", value):
        raise ValueError("is not an email address")
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is not a time zone such as America/Toronto")
    return value


def _clock_time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError("is not a time of day such as 03:30")
    return value


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError("is not a colour such as #14624a")
    return value.lower()


def _role_key(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) or len(value) > 40:
        raise ValueError("is not a role such as chief-steward")
    return value


RoleKey = Annotated[str, AfterValidator(_role_key)]


RoleLabel = str | Mapping[Literal["en", "fr"], str]
"""How a role is shown: in every language, or in each."""


Colour = Annotated[str, AfterValidator(_colour)]


Address = Annotated[str, AfterValidator(_http_address)]


MailAddress = Annotated[str, AfterValidator(_mail_address)]


TimeZone = Annotated[str, AfterValidator(_time_zone)]


ClockTime = Annotated[str, AfterValidator(_clock_time)]


Seconds = Annotated[int, Field(ge=1, le=86_400)]


Port = Annotated[int, Field(ge=1, le=65_535)]
