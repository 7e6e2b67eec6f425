"""Everything a job needs, in one folder, with short methods to run each job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bridge.config import Config, Contact, MailSettings, MoodleSettings, Region, UnionSettings
from bridge.curriculum.model import Curriculum
from bridge.member_records import MemberRecord
from bridge.moodle.site.connection import connect
from bridge.store.database import Database, open_database
from bridge.workflows.delivery import unclear_accounts
from bridge.workflows.delivery.dispatcher import DeliveryKind, deliver
from bridge.workflows.delivery.email_deliveries import EmailDeliveries
from bridge.workflows.delivery.moodle_deliveries import MoodleDeliveries
from bridge.workflows.delivery.outcomes import Resolution
from bridge.workflows.results.pull import PullResult, pull
from bridge.workflows.results.reconcile import reconcile
from bridge.workflows.signup import SignupResult, sign_up
from bridge.workflows.site_sync import ApplyResult, apply
from tests.support.sample_curricula import small
from tests.support.sandbox_server import SandboxServer

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CHAIR = Contact(name="The Chair", email="chair@union.example")


def config_for(folder: Path, url: str, **more: Any) -> Config:
    north = Region(name="North", chair=CHAIR, contacts=(Contact(name="Pat", email="p@u.example"),))
    settings = {
        "home": folder,
        "union": UnionSettings(name="Example Union"),
        "moodle": MoodleSettings(url=url),
        "mail": MailSettings(folder=Path("mail")),
        "regions": {"north": north, "south": Region(name="South")},
    }
    return Config(**(settings | more))


def person(number: int, **fields: Any) -> MemberRecord:
    known = {
        "number": f"N{number}",
        "email": f"m{number}@example.org",
        "first_name": f"First{number}",
        "last_name": f"Last{number}",
        "region": "north",
    }
    return MemberRecord(**(known | fields))


def people(count: int) -> list[MemberRecord]:
    return [person(number) for number in range(1, count + 1)]


class JobEnvironment:
    """A database, a mail folder and a sandbox Moodle.

    You can replace `curricula`. `time` moves only when a test moves it.
    """

    def __init__(self, folder: Path, site: SandboxServer) -> None:
        self.folder = folder
        self.site = site
        self.config = config_for(folder, site.url)
        self.database: Database = open_database(f"sqlite:///{folder}/store.db")
        self.curricula: Sequence[Curriculum] = (small(),)
        self.time = NOON
        self.moodle = site.client()

    def close(self) -> None:
        self.moodle.close()
        self.database.close()

    def clock(self) -> datetime:
        return self.time

    def advance_time(self, **by: float) -> None:
        self.time += timedelta(**(by or {"minutes": 16}))
        self.site.time += 1000

    def apply(self, **more: Any) -> list[ApplyResult]:
        site = connect(self.moodle)
        return [apply(site, path, max_share=1.0, **more) for path in self.curricula]

    def sign_up(self, *records: MemberRecord, actor: str = "test") -> SignupResult:
        with self.database.transaction() as session:
            return sign_up(
                session, self.curricula, records, regions=self.config.regions, actor=actor,
                now=self.time,
            )  # fmt: skip

    def delivery_kinds(self) -> list[DeliveryKind]:
        answers = partial(unclear_accounts.answers, self.database)
        in_moodle = MoodleDeliveries(self.moodle, self.config, self.curricula, answers)
        by_email = EmailDeliveries(self.database, self.config, self.curricula, self.clock)
        return [*in_moodle.kinds, *by_email.kinds]

    def deliver(self, owner: str = "one") -> Counter[Resolution]:
        return deliver(self.database, self.delivery_kinds(), owner=owner, clock=self.clock)

    def pull(self) -> PullResult:
        regions = self.config.regions
        trust = self.config.site.trust_numbers
        return pull(
            self.database, self.moodle, self.curricula, regions, clock=self.clock,
            trust_numbers=trust,
        )  # fmt: skip

    def reconcile(self) -> PullResult:
        site = connect(self.moodle)
        return reconcile(self.database, self.moodle, site, self.curricula, clock=self.clock)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.database.reading() as session:
            return [tuple(row) for row in session.execute(text(sql))]

    def states(self, kind: str = "%") -> Counter[str]:
        rows = self.rows(f"SELECT state FROM delivery WHERE kind LIKE '{kind}'")
        return Counter(state for (state,) in rows)

    def errors(self) -> dict[str, str]:
        """The last error of each failed delivery, by member number."""
        sql = "SELECT number, last_error FROM delivery JOIN member ON member.id = member_id"
        return dict(self.rows(sql + " WHERE state = 'failed'"))  # type: ignore[arg-type]

    def awards(self) -> list[tuple[str, str]]:
        sql = "SELECT number, milestone FROM award JOIN member ON member.id = member_id"
        return sorted((number, key) for number, key in self.rows(sql))

    def emails(self) -> list[EmailMessage]:
        files = sorted((self.folder / "mail").glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]  # type: ignore[misc]

    def user(self, number: str) -> int:
        """The id of the member's Moodle account."""
        ((user,),) = self.rows(f"SELECT moodle_user_id FROM member WHERE number = '{number}'")
        return int(user)

    def finish(self, number: str, key: str, grade: float | None = None) -> None:
        """The member completes an activity in Moodle."""
        self.site.finish(self.user(number), f"stewardpath:{self.curricula[0].key}:{key}", grade)
