"""What `status` says about Moodle: differences, and results that are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from bridge.cli.common import echo, library
from bridge.config import Config
from bridge.errors import StewardpathError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN_FOR = timedelta(days=7)


class DifferencesData(TypedDict):
    """Where Moodle differs from what was delivered.

    `open`: for a person to decide. `held`: missing and checked by kind, if the last check found so
    much missing at the same time that it did nothing.
    """

    open: int
    held: Mapping[str, Sequence[int]]


class LostResultsData(TypedDict):
    """Results of a course that Moodle no longer has. `held`: they still count here."""

    course: str
    lost: int
    of: int
    held: bool
    found: datetime


def current_milestone_keys(config: Config) -> Mapping[tuple[str, str], str]:
    """The current keys of renamed milestones; none if the curricula can't be read."""
    from bridge.progress import milestone_renames

    try:
        return milestone_renames(library(config))
    except StewardpathError:
        return {}


def differences_data(session: Session) -> DifferencesData:
    """Read how many differences are open, and what the last check held."""
    from bridge.store.delivery import differences

    return {"open": differences.count_open(session), "held": differences.held_kinds(session)}


def lost_results(session: Session, at: datetime) -> list[LostResultsData]:
    """Read which courses have lost results in the last week: the latest report of each."""
    from bridge.store.operations import runs
    from bridge.workflows.results.reconcile import LOST_RESULTS

    found: dict[str, LostResultsData] = {}
    for run in runs.runs_since(session, LOST_RESULTS, at - SHOWN_FOR):
        course = str(run.detail["course"])
        data = {**run.detail, "found": run.started_at}
        found.setdefault(course, cast("LostResultsData", data))
    return list(found.values())


def print_differences(data: DifferencesData) -> None:
    """Print how many differences are open, and what is held."""
    if data["open"]:
        echo(f"\nMoodle differs from what was delivered: {data['open']} to decide")
        echo("To list them: stewardpath differences list")
    for kind, (missing, checked) in data["held"].items():
        echo(f"\nHeld: {missing} of {checked} ({kind}) are missing in Moodle. Check Moodle.")
        echo("If Moodle is right: stewardpath differences check --force")


def print_lost_results(rows: Sequence[LostResultsData]) -> None:
    """Print which courses have lost results: someone reset them, for example. Awards stay."""
    if not rows:
        return
    echo("\nResults that are gone in Moodle (awards stay)")
    for row in rows:
        state = "still count here" if row["held"] else "are not done any more"
        about = f"{row['lost']} of {row['of']} results"
        echo(f"  {row['course']}: {about} {state}, found {row['found']:%Y-%m-%d}")
    if any(row["held"] for row in rows):
        echo("If that is right: stewardpath pull --reconcile --force")
