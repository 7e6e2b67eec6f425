"""Deactivating, reactivating and erasing a member, and notes about them."""

from __future__ import annotations

import json

from bridge.membership.status import LEFT
from bridge.store.delivery import delivery_queries
from bridge.store.member_changes import notes
from bridge.store.members import queries
from bridge.store.operations import audit_queries
from bridge.store.tables.members import Member
from tests.web.committee.members.confidential import write_in_confidence
from tests.web.signed_in_users import SignedInUsers, Who


def post(users: SignedInUsers, page: str, who: Who = "committee", **data: str) -> str:
    address = f"/committee/members/{users.member}/{page}"
    return users.client(who).post(address, data=data, follow_redirects=True).text


def member(users: SignedInUsers) -> Member | None:
    with users.database.reading() as session:
        return queries.find(session, users.member)


def logged(users: SignedInUsers) -> list[tuple[str, object]]:
    with users.database.reading() as session:
        lines = audit_queries.entries(session, 100)
    return [(line.action, line.after) for line in reversed(lines) if line.action != "looked"]


def written(users: SignedInUsers) -> list[tuple[int, str, str]]:
    with users.database.reading() as session:
        return [(n.id, n.author, n.text) for n in notes.notes_of(session, users.member)]


def test_a_member_is_deactivated_and_reactivated_with_a_reason(users: SignedInUsers) -> None:
    assert "Say why." in post(users, "deactivate")
    page = post(users, "deactivate", reason="Moved away")
    assert "The member was deactivated." in page
    assert "left the union" in page
    found = member(users)
    assert found
    assert found.status == LEFT
    assert "No change." in post(users, "deactivate", reason="Again")
    page = post(users, "reactivate", reason="Is back", status="retired")
    assert "The member was reactivated." in page
    assert "retired member" in page
    assert "No change." in post(users, "reactivate", reason="Is back", status="member")
    assert logged(users) == [
        ("member", {"status": LEFT, "reason": "Moved away"}),
        ("member", {"status": "retired", "reason": "Is back"}),
    ]
    with users.database.reading() as session:
        kinds = {each.kind for each in delivery_queries.deliveries_of(session, users.member)}
    assert {"account", "welcome"} <= kinds  # what waits for them goes on


def test_the_member_reads_why(users: SignedInUsers) -> None:
    post(users, "deactivate", reason="Moved away")
    assert "Moved away" in users.client("member").get("/me/data/download").text


def test_notes_are_written_changed_and_removed_by_their_author(users: SignedInUsers) -> None:
    page = post(users, "notes", text="Call after <b>five</b>")
    assert "Call after &lt;b&gt;five&lt;/b&gt;" in page
    assert "No change." in post(users, "notes", text="Call after <b>five</b>")
    [(note, author, _)] = written(users)
    assert author == "committee@union.example"
    shown = "Call after <b>five</b>"
    assert "The note was saved." in post(users, f"notes/{note}", text="At six", shown=shown)
    page = post(users, f"notes/{note}", text="At seven", shown=shown)
    assert "changed meanwhile" in page
    assert "At seven" in page
    assert "At six" in page
    assert written(users)[0][2] == "At six"
    assert "The note was removed." in post(users, f"notes/{note}/remove")
    assert written(users) == []
    actions = [("note-added", note), ("note-changed", note), ("note-removed", note)]
    assert logged(users) == [(action, {"note": number}) for action, number in actions]


def test_a_note_of_someone_else_is_read_only(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        found = notes.add(session, users.member, "From a colleague", "lee@union.example",
                          users.clock())  # fmt: skip
        assert found
        note = found.id
    address = f"/committee/members/{users.member}/notes"
    committee = users.client("committee")
    assert "From a colleague" in committee.get(address).text
    assert f"notes/{note}/remove" not in committee.get(address).text
    for page in (f"{address}/{note}", f"{address}/{note}/remove"):
        assert committee.get(page).status_code == 404
        assert committee.post(page, data={"text": "x"}).status_code == 404
    other = f"/committee/members/{users.other_member}/notes/{note}"
    assert committee.get(other).status_code == 404


def test_an_empty_note_and_a_long_one_are_refused(users: SignedInUsers) -> None:
    assert "Write something." in post(users, "notes", text=" ")
    page = post(users, "notes", text="x" * (notes.MAX_LENGTH + 1))
    assert "cannot be longer than" in page
    assert "x" * 100 in page
    assert written(users) == []


def test_only_the_committee_and_the_member_get_the_notes(users: SignedInUsers) -> None:
    post(users, "notes", text="Called on Monday")
    page = f"/committee/members/{users.member}"
    assert "Notes (1)" in users.client("committee").get(page).text
    for who in ("auditor", "chair"):
        assert "Notes" not in users.client(who).get(page).text
    assert "Called on Monday" not in users.client("auditor").get("/committee/audit").text
    held = json.loads(users.client("member").get("/me/data/download").text)
    assert [each["text"] for each in held["member_note"]] == ["Called on Monday"]


def test_a_member_is_erased_after_a_tick(users: SignedInUsers) -> None:
    post(users, "notes", text="Called on Monday")
    with users.database.transaction() as session:
        queries.set_moodle_users(session, {users.member: 77})
    assert "Tick the box to confirm." in post(users, "erase")
    assert member(users) is not None
    page = post(users, "erase", sure="y")
    assert "The member was erased." in page
    assert "User 77 still exists in Moodle." in page
    assert member(users) is None
    assert logged(users)[-1] == ("forgot", {})
    assert "files" in users.woken
    assert users.client("committee").get(f"/committee/members/{users.member}").status_code == 404


def test_what_a_member_wrote_in_confidence_is_not_erased_by_others(users: SignedInUsers) -> None:
    write_in_confidence(users)
    page = post(users, "erase", sure="y")
    assert "something confidential" in page
    assert "they erase their data themselves" in page
    assert member(users) is not None
