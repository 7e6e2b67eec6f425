"""The kinds of users, each with a signed-in test client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from flask import Flask
from flask.testing import FlaskClient

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.features import FEATURES
from bridge.foundations.feature import Feature
from bridge.member_records import MemberRecord
from bridge.store.auth import logins
from bridge.store.database import Database
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from bridge.web.app import create_app
from bridge.web.common.cookies import cookie_name
from bridge.web.common.metrics import Metrics
from bridge.web.common.visitor import COOKIE
from tests.web.sample_site import PATH, Clock, count

Who = Literal[
    "nobody",
    "member",
    "other_member",
    "leader",
    "mentor",
    "reviewer",
    "approver",
    "payroll",
    "grievance",
    "chair",
    "other_chair",
    "auditor",
    "committee",
    "bad_token",
]
"""`leader` and `mentor` are only signed in: what they are is said for each session and pair."""
EVERYBODY: tuple[Who, ...] = get_args(Who)
SPECIALISTS: tuple[Who, ...] = ("reviewer", "approver", "payroll", "grievance")
"""They handle what the committee doesn't see, and are no members."""
PER_OBJECT: tuple[Who, ...] = ("leader", "mentor")
MEMBER = MemberRecord("1001", "member@union.example", "Mem", "Ber", region="north")
OTHER = MemberRecord("1002", "other@union.example", "Oth", "Er", region="south")
GUEST = PersonRecord("Kim Guest", "guest@guest.example")
ADDRESSES: dict[Who, str] = {
    "member": MEMBER.email,
    "other_member": OTHER.email,
    "leader": "leader@union.example",
    "mentor": "mentor@union.example",
    "reviewer": "reviewer@union.example",
    "approver": "approver@union.example",
    "payroll": "payroll@union.example",
    "grievance": "grievance@union.example",
    "chair": "chair@union.example",
    "other_chair": "chair.south@union.example",
    "auditor": "auditor@union.example",
    "committee": "committee@union.example",
}


@dataclass
class SignedInUsers:
    """An application, its members, and a client for each kind of user.

    `member` is the id of a member of the region north (chair: `chair`); `other_member` that
    of one in the south (chair: `other_chair`). `person` is the person of `member`, and `guest`
    one who is no member. `rung`: how often pages woke the jobs,
    `woken`: which. `shelf`: the curricula, which a test may change.
    """

    config: Config
    database: Database
    clock: Clock
    forms: bool = False
    rung: list[None] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)
    shelf: list[Curriculum] = field(default_factory=lambda: [PATH])
    features: Sequence[Feature] = FEATURES

    def __post_init__(self) -> None:
        self.app = self._application()
        with self.database.transaction() as session:
            written = upsert_members(session, [MEMBER, OTHER], self.clock())
        ids = [one for one in written.ids if one is not None]
        self.member, self.other_member = ids
        with self.database.transaction() as session:
            self.person = records.person_of_member(session, self.member, self.clock())
            self.guest = records.find_or_add(session, GUEST, self.clock()).id
        self._ids = {"member": self.member, "other_member": self.other_member}
        self.count()

    def address(self, template: str) -> str:
        """An address with the IDs filled in, such as `/committee/members/{member}`."""
        names = ("member", "other_member", "person", "guest")
        return template.format(**{name: getattr(self, name) for name in names})

    def count(self) -> None:
        """Update the saved statistics, as the jobs do."""
        count(self.database, self.clock, self.shelf)

    def _application(self) -> Flask:
        app = create_app(
            self.config,
            self.database,
            self.shelf,
            now=self.clock,
            metrics=Metrics(),
            trigger_job=self._trigger_job,
            features=self.features,
        )
        app.config["WTF_CSRF_ENABLED"] = self.forms
        return app

    def _trigger_job(self, job: str = "outbox") -> None:
        self.rung.append(None)
        self.woken.append(job)

    def client(self, who: Who) -> FlaskClient:
        """A client that is signed in as this user."""
        browser = self.app.test_client()
        token = f"session-of-{who}"
        if who in ADDRESSES:
            with self.database.transaction() as session:
                logins.end(session, token)
                logins.start(session, token, ADDRESSES[who], self._ids.get(who), self.clock())
        if who != "nobody":
            browser.set_cookie(cookie_name(self.config, COOKIE), token)
        return browser
