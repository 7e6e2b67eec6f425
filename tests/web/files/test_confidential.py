"""Claims, applications, reviews and grievance files: who gets them, and what the log shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Literal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from bridge.access.file_purposes import FilePurpose
from bridge.access.form_readers import FORM_FILES
from bridge.access.roles import Role
from bridge.access.visitor import Visitor
from bridge.features import FEATURES
from bridge.foundations.feature import Context, Feature, RolesFor
from bridge.foundations.files import rows
from bridge.foundations.files.file_types import FileType
from bridge.foundations.files.storage import open_files
from bridge.foundations.owners import Owner
from bridge.privacy import export_person, export_person_for_committee
from bridge.sessions.feature import SESSIONS
from bridge.store.auth import logins
from bridge.store.operations import audit_log
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry
from bridge.web.app import create_app
from bridge.web.common.access import open_to
from bridge.web.common.metrics import Metrics
from bridge.web.common.visitor import COOKIE
from tests.web.sample_site import PATH
from tests.web.signed_in_users import ADDRESSES, EVERYBODY, SignedInUsers, Who

OPENED_BY: dict[str, set[Who]] = {
    "form": {"member", "committee", "auditor"},
    "application": {"member", "reviewer"},
    "claim": {"member", "approver"},
    "review": {"member"},
    "grievance": {"member", "grievance"},
    "reviewers-forms": {"member", "reviewer"},
    "approvers-forms": {"member", "approver"},
    "payroll-forms": {"member", "payroll"},
    "grievance-forms": {"member", "grievance"},
}
"""Who reads a file that `member` sent, by its purpose: once more than in the table."""
OFFICES = (
    FilePurpose("application", "applications", "application"),
    FilePurpose("claim", "claims", "claim"),
    FilePurpose("review", "reviews", "review"),
    FilePurpose("grievance", "grievance-files", "grievance"),
)
PURPOSES = {each.key: each for each in (*FORM_FILES, *OFFICES)}
EVERYONE_FOR_ALL: frozenset[Role] = frozenset(
    {"leader", "mentor", "reviewer", "approver", "payroll", "grievance", "chair", "committee"}
)


def of_address(
    role: Literal["leader", "mentor"], _context: Context, visitor: Visitor, _subject: str
) -> frozenset[Role]:
    """The leader leads session 1 and the mentor has pair 1; nobody else does."""
    named = visitor.email == ADDRESSES[role] and _subject.endswith(":1")
    return frozenset({role}) if named else frozenset()


@pytest.fixture
def users(users: SignedInUsers) -> SignedInUsers:
    """With features that name everyone for every object but sessions and pairs."""
    kinds = {each.attached_to: lambda *_: EVERYONE_FOR_ALL for each in PURPOSES.values()}
    give(users, {**kinds, "session": partial(of_address, "leader"),
                 "pair": partial(of_address, "mentor")})  # fmt: skip
    return users


def give(users: SignedInUsers, subjects: Mapping[str, RolesFor]) -> None:
    """The application with a feature that has files for several roles, and these subjects.

    The feature has sessions of its own, instead of those of the product.
    """
    feature = Feature(name="offices", file_purposes=OFFICES, subjects=subjects)
    users.app = create_app(
        users.config, users.database, [PATH], now=users.clock, metrics=Metrics(),
        features=(*(each for each in FEATURES if each != SESSIONS), feature),
    )  # fmt: skip
    users.app.config["WTF_CSRF_ENABLED"] = False


def sent(users: SignedInUsers, purpose: str, name: str = "secret-illness.pdf") -> int:
    """A file of `member` that was sent."""
    number = open_files(users.config, users.database).store(
        b"%PDF-", FileType.PDF, name, owner=Owner(users.member), purpose=PURPOSES[purpose],
        now=users.clock(),
    )  # fmt: skip
    subject = f"{PURPOSES[purpose].attached_to}:1"
    with users.database.transaction() as session:
        assert rows.attach(
            session, number, Owner(users.member), purpose, subject, None, users.clock()
        )
    return number


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_file_is_for_its_own_roles_only(users: SignedInUsers, purpose: str) -> None:
    number = sent(users, purpose)
    opened = {
        who for who in EVERYBODY if users.client(who).get(f"/files/{number}").status_code == 200
    }
    assert opened == OPENED_BY[purpose]


def test_nobody_may_know_that_a_claims_file_exists(users: SignedInUsers) -> None:
    number = sent(users, "claim")
    for who in ("committee", "auditor", "chair", "payroll", "grievance", "other_member"):
        assert users.client(who).get(f"/files/{number}").status_code == 404


def test_a_file_that_was_not_sent_is_its_owners(users: SignedInUsers) -> None:
    number = sent(users, "claim")
    with users.database.transaction() as session:
        rows.attach(session, number, Owner(users.member), "claim", "draft:1", None, users.clock())
    assert users.client("approver").get(f"/files/{number}").status_code == 404
    assert users.client("member").get(f"/files/{number}").status_code == 200


def test_an_approver_of_other_benefits_does_not_get_it(users: SignedInUsers) -> None:
    number = sent(users, "claim")
    give(users, {"claim": lambda *_: frozenset({"committee"})})
    assert users.client("approver").get(f"/files/{number}").status_code == 404


def entries(users: SignedInUsers, action: str) -> list[AuditEntry]:
    with users.database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.action == action)
        found = list(session.scalars(query))
        session.expunge_all()
    return found


def test_reading_a_claim_is_recorded_and_its_content_hidden(users: SignedInUsers) -> None:
    number = sent(users, "claim")
    users.client("approver").get(f"/files/{number}")
    [read] = entries(users, "file-read")
    assert (read.actor, read.needs) == ("approver@union.example", "claims")
    assert (read.member_id, read.after["name"]) == (users.member, "secret-illness.pdf")
    for who in ("committee", "auditor"):
        for address in ("", "/list.csv"):
            text = users.client(who).get(f"/committee/audit{address}").text
            assert "approver@union.example" in text
            assert "Claims and their receipts" in text
            assert "secret-illness" not in text
            assert f"member:{users.member}" not in text
            assert f"/committee/members/{users.member}" not in text


def test_no_filter_tells_whose_claim_it_is(users: SignedInUsers) -> None:
    sent(users, "claim")
    browser = users.client("committee")
    for query in (f"member={users.member}", "region=north"):
        assert "Claims and their receipts" not in browser.get(f"/committee/audit?{query}").text
    assert "Claims and their receipts" in browser.get("/committee/audit?action=file-stored").text


def test_whoever_handles_them_reads_the_entries(users: SignedInUsers) -> None:
    """Somebody on the committee who is on the grievance committee too."""
    sent(users, "grievance")
    sent(users, "claim", "receipt.pdf")
    both = users.config.model_copy(update={"auditors": (ADDRESSES["grievance"],)})
    object.__setattr__(users.app.extensions["stewardpath"], "config", both)
    text = users.client("grievance").get("/committee/audit").text
    assert "secret-illness.pdf" in text
    assert "receipt.pdf" not in text


def test_members_see_what_happened_to_their_own(users: SignedInUsers) -> None:
    sent(users, "claim")
    browser = users.client("member")
    assert "secret-illness.pdf" in browser.get("/me/data").text
    assert "secret-illness.pdf" in browser.get("/me/data/download").text


def test_the_committees_export_leaves_them_out(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        for needs in (None, "claims"):
            audit_log.write(
                session, "a@union.example", "person", None, {}, {"claim": str(needs)},
                users.clock(), person_id=users.guest, needs=needs,
            )  # fmt: skip
        everything = export_person(session, users.guest)
        shown = export_person_for_committee(session, users.guest)
    kept, all_rows = shown["audit"], everything["audit"]
    assert isinstance(kept, list)
    assert isinstance(all_rows, list)
    assert len(all_rows) == len(kept) + 1
    assert shown["left_out"] == 1
    text = users.client("committee").get(f"/committee/people/{users.guest}/data.json").text
    assert '"claim": "claims"' not in text
    assert '"claim": "None"' in text


def add_page(users: SignedInUsers) -> None:
    users.app.add_url_rule(
        "/sessions/<int:session>/roster", "roster",
        open_to("session-roster", subject="session")(lambda session: f"roster {session}"),
    )  # fmt: skip
    users.app.add_url_rule("/pairs/<int:pair>/notes", "notes",
                           open_to("pair-notes", subject="pair")(lambda pair: "x"))  # fmt: skip
    users.app.add_url_rule("/forgotten", "forgotten", lambda: "open")


def statuses(users: SignedInUsers, address: str) -> dict[int, set[Who]]:
    found: dict[int, set[Who]] = {}
    for who in EVERYBODY:
        found.setdefault(users.client(who).get(address).status_code, set()).add(who)
    return found


def test_a_page_about_one_object_is_for_those_whom_its_feature_names(users: SignedInUsers) -> None:
    add_page(users)
    roster = statuses(users, "/sessions/1/roster")
    assert roster[200] == {"leader", "committee", "auditor"}
    assert roster[303] == {"nobody", "bad_token"}
    assert statuses(users, "/sessions/2/roster")[200] == {"committee", "auditor"}
    assert statuses(users, "/pairs/1/notes")[200] == {"mentor"}
    assert 200 not in statuses(users, "/pairs/2/notes")


def test_a_leader_who_is_no_longer_named_loses_the_session_with_the_next_request(
    users: SignedInUsers,
) -> None:
    named = [ADDRESSES["leader"]]

    def leaders(_context: Context, visitor: Visitor, _subject: str) -> frozenset[Role]:
        return frozenset({"leader"}) if visitor.email in named else frozenset()

    give(users, {"session": leaders})
    add_page(users)
    browser = users.client("leader")
    assert browser.get("/sessions/1/roster").status_code == 200
    named.clear()
    assert browser.get("/sessions/1/roster").status_code == 404
    named.append(ADDRESSES["leader"])
    assert browser.get("/sessions/1/roster").status_code == 200


def test_a_route_without_a_right_is_closed(users: SignedInUsers) -> None:
    add_page(users)
    assert set(statuses(users, "/forgotten")) == {403}


def test_a_role_that_the_configuration_takes_away_ends_with_the_next_request(
    users: SignedInUsers,
) -> None:
    number, browser = sent(users, "claim"), users.client("approver")
    assert browser.get(f"/files/{number}").status_code == 200
    without = users.config.model_copy(update={"approvers": ()})
    object.__setattr__(users.app.extensions["stewardpath"], "config", without)
    assert browser.get(f"/files/{number}").status_code == 403


def test_a_member_who_types_an_approvers_address_gets_nothing(users: SignedInUsers) -> None:
    """The address of the sign-in link counts, not the one in a record or a form."""
    number = sent(users, "claim")
    users.client("other_member").post(
        "/me/data/edit", data={"first_name": "A", "last_name": "B", "language": "en",
                               "email": ADDRESSES["approver"]},
    )  # fmt: skip
    assert users.client("other_member").get(f"/files/{number}").status_code == 404


def test_an_approver_who_is_a_member_has_both(users: SignedInUsers) -> None:
    number = sent(users, "claim")
    with users.database.transaction() as session:
        address = ADDRESSES["approver"]
        session.execute(
            update(Member)
            .where(Member.id == users.other_member)
            .values(email=address, email_key=address)
        )
        logins.start(session, "both", address, users.other_member, users.clock())
    browser: FlaskClient = users.app.test_client()
    browser.set_cookie(COOKIE, "both")
    assert browser.get(f"/files/{number}").status_code == 200
    assert browser.get("/me").status_code == 200
