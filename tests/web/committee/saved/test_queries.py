"""The pages ask the database as often, however many filters and recipients there are."""

from __future__ import annotations

from bridge.store.saved_filters import filters
from tests.web.committee.saved.saving import SAVED, WHERE, email_weekly, save, saved
from tests.web.query_counter import counted
from tests.web.signed_in_users import ADDRESSES, SignedInUsers


def add_many(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        for number in range(20):
            row = filters.add(session, WHERE, f"Filter {number}", {"region": "north"},
                              ADDRESSES["committee"], True, users.clock())  # fmt: skip
            row.every, row.day = "weekly", 1
            people = [f"kim{number}.{each}@union.example" for each in range(5)]
            filters.set_recipients(session, row.id, people, "x", users.clock())


def asked(users: SignedInUsers, address: str) -> int:
    client = users.client("committee")
    with counted(users.database) as statements:
        assert client.get(address).status_code == 200
    return len(statements)


def test_pages_ask_as_often_with_many_filters(users: SignedInUsers) -> None:
    save(users)
    email_weekly(users, "committee")
    number = saved(users)[0].id
    addresses = (SAVED, "/committee/who-is-where", f"{SAVED}/{number}", f"{SAVED}/{number}/send")
    few = [asked(users, each) for each in addresses]
    add_many(users)
    with users.database.transaction() as session:
        people = [ADDRESSES["committee"], *(f"kim{each}@union.example" for each in range(30))]
        filters.set_recipients(session, number, people, "x", users.clock())
    assert [asked(users, each) for each in addresses] == few
    assert "Filter 7" in users.client("committee").get(SAVED).text
