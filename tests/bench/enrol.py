"""From a CSV file to enrolled in Moodle, and the other deliveries of a new member."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.cli import stewardpath
from bridge.config import Config
from bridge.store.database import Database, open_database
from bridge.store.delivery.kinds import LARGE_BATCH_SIZE
from bridge.workflows.delivery.dispatcher import DeliveryKind, deliver
from bridge.workflows.delivery.email_deliveries import EmailDeliveries
from bridge.workflows.delivery.moodle_deliveries import MoodleDeliveries
from tests.bench.site import client, curriculum, fresh, served
from tests.bench.support import many_members
from tests.bench.support.sql_counter import counted
from tests.bench.support.subprocess_run import measured
from tests.bench.support.targets import Figure

MEMBERS, FEWER_MEMBERS = 10_000, 1_000
SURVEY = ("core_webservice_get_site_info", "local_stewardpath_get_site_state")


def run() -> list[Figure]:
    result = _measured("enrol:enrolled", MEMBERS)
    total = result["import"] + result["seconds"]
    batches = math.ceil(MEMBERS / LARGE_BATCH_SIZE)
    looked = f"and {result['survey']:.0f} to look at the site once; batches of {LARGE_BATCH_SIZE}"
    parts = f"import {result['import']:.1f} s, accounts and enrolments {result['seconds']:.1f} s"
    each = f"{result['transactions'] / batches:.1f} transactions"
    rest = _measured("enrol:others", FEWER_MEMBERS)
    return [
        Figure("calls a batch", result["calls"] / batches, "calls", 3, looked),
        Figure("file to enrolled: time", total, "s", 60, parts),
        Figure("file to enrolled: members a second", MEMBERS / total, "members/s"),
        Figure("statements a batch", result["statements"] / batches, "statements", note=each),
        Figure("peak memory", result["peak"], "MB", 200),
        Figure(
            "plans: calls a member", rest["plan calls"] / FEWER_MEMBERS, "calls", note="one by one"
        ),
        Figure("plans: time a member", 1000 * rest["plan"] / FEWER_MEMBERS, "ms"),
        Figure(
            "welcome emails: time a member",
            1000 * rest["email"] / FEWER_MEMBERS,
            "ms",
            note="as files",
        ),
    ]


def _measured(function: str, members: int) -> dict[str, float]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        many_members.write_csv(folder / "members.csv", members)
        with served(fresh(folder)) as url:
            run = measured(function, url, name)
    return run.result | {"peak": run.peak_mb}


def enrolled(url: str, folder: str) -> dict[str, float]:
    """Import, create accounts and enrol."""
    seconds = import_members(folder)
    config = Config(home=Path(folder))
    database = open_database(config.database_url)
    with closing(database), closing(client(url)) as moodle, counted() as counts:
        started = time.perf_counter()
        deliveries = MoodleDeliveries(moodle, config, [curriculum()])
        _deliver(database, [kind for kind in deliveries.kinds if kind.kind in ("account", "enrol")])
        delivering = time.perf_counter() - started
        survey = sum(moodle.calls[name] for name in SURVEY)
    calls = moodle.calls.total() - survey
    return {"import": seconds, "seconds": delivering, "survey": survey, "calls": calls, **counts}


def others(url: str, folder: str) -> dict[str, float]:
    """Deliver each member's learning plan and welcome email."""
    import_members(folder)
    config = Config(home=Path(folder))
    paths = [curriculum()]
    database = open_database(config.database_url)
    with closing(database), closing(client(url)) as moodle:
        kinds = {kind.kind: kind for kind in MoodleDeliveries(moodle, config, paths).kinds}
        _deliver(database, [kinds["account"], kinds["enrol"]])
        before = moodle.calls.total()
        plan = _deliver(database, [kinds["plan"]])
        calls = moodle.calls.total() - before
        email = _deliver(database, EmailDeliveries(database, config, paths, _now).kinds)
    return {"plan": plan, "plan calls": calls, "email": email}


def import_members(folder: str) -> float:
    """Import `members.csv` in a folder. Returns the seconds that it took."""
    os.chdir(folder)
    started = time.perf_counter()
    stewardpath.main(["members", "import", "members.csv"], standalone_mode=False)
    return time.perf_counter() - started


def _deliver(database: Database, kinds: Sequence[DeliveryKind]) -> float:
    started = time.perf_counter()
    resolutions = deliver(database, kinds, owner="bench", clock=_now)
    assert set(+resolutions) == {"done"}, resolutions
    return time.perf_counter() - started


def _now() -> datetime:
    return datetime.now(UTC)
