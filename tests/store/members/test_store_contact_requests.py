"""Contact requests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bridge.store.database import Database
from bridge.store.members import contact_requests
from bridge.store.members.contact_requests import ContactMessage
from tests.store.sample_members import LATER, NOW

MESSAGE = ContactMessage("Kim", "Kim@example.org", "", "north", "path:first", "Call me.", "en")


def test_requests_are_listed_and_handled_by_region(db: Database) -> None:
    def seen(**wanted: Any) -> list[int]:
        return [each.id for each in contact_requests.list_requests(session, 9, **wanted)]

    with db.transaction() as session:
        north = contact_requests.add_request(session, MESSAGE, NOW)
        south = contact_requests.add_request(
            session, replace(MESSAGE, region="south", about="path:n"), NOW
        )
        assert seen() == [north, south]
        assert seen(regions={"south"}) == seen(about=["path:n"]) == seen(after=north) == [south]
        assert seen(regions=frozenset()) == seen(handled=True) == []
        assert not contact_requests.handle(session, north, {"south"}, "chair", NOW)
        assert contact_requests.handle(session, north, {"north"}, "chair", NOW)
        assert not contact_requests.handle(session, north, None, "chair", NOW)
        assert (seen(), seen(handled=True)) == ([south], [north])
        contact_requests.prune(session, NOW)
        assert seen(handled=True) == [north]
        contact_requests.prune(session, LATER)
        assert (seen(), seen(handled=True)) == ([south], [])
