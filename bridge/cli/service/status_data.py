"""What `status` shows, as its JSON has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from bridge.cli.service.moodle_status import DifferencesData, LostResultsData


class RunData(TypedDict):
    """The outcome of a job; `ok` is None while it runs, or if it was killed."""

    ok: bool | None
    started: datetime
    heartbeat: datetime
    detail: Mapping[str, object]


class FailedDeliveryData(TypedDict):
    """A delivery that needs attention."""

    id: int
    member: str
    kind: str
    reason: str
    attempts: int
    next_try: datetime
    error: str


class FailedEmailData(TypedDict):
    """An email from the pages that was not sent, without its recipient."""

    id: int
    kind: str
    reason: str
    attempts: int
    error: str


class RetriedData(TypedDict):
    """What failed and is retried automatically; `error` is the most frequent one."""

    deliveries: int
    many_times: int
    emails: int
    error: str
    with_this_error: int


class FailureData(TypedDict):
    """A job that failed in the last day."""

    kind: str
    last: datetime
    times: int
    error: str


class DeadlinesData(TypedDict):
    """Deadlines and reminders; `overdue`: pending an hour after their time."""

    pending: int
    overdue: int


class StatusData(TypedDict):
    """The output of `--format json`."""

    curricula_invalid: bool
    members: int
    awards: dict[str, int]
    deliveries: dict[str, dict[str, int]]
    runs: dict[str, RunData | None]
    impossible_times: dict[str, int]
    failures: list[FailureData]
    retried: RetriedData
    waiting_for_companion: int
    deadlines: DeadlinesData
    moodle_differences: DifferencesData
    lost_results: list[LostResultsData]
    needs_attention: list[FailedDeliveryData]
    failed_emails: list[FailedEmailData]
