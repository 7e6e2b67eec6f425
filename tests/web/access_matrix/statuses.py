"""A row of the access matrix: a request, and its status for every kind of user."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bridge.access.rights import Right
from bridge.web.lists.filter_fields import REGION
from bridge.web.lists.list_page import ListPage
from tests.web.signed_in_users import EVERYBODY, Who

Statuses = dict[Who, int]


def everybody(status: int, **others: int) -> Statuses:
    """The same status for all users, except those that are named."""
    statuses: Statuses = dict.fromkeys(EVERYBODY, status)
    return statuses | others  # type: ignore[operator, no-any-return]


def members(status: int, **others: int) -> Statuses:
    """Open to members. Users without a login must sign in; other users are refused."""
    asked = {"nobody": 303, "bad_token": 303, "member": status, "other_member": status}
    return everybody(403, **asked | others)


def committee(status: int, **others: int) -> Statuses:
    """Open to the committee, auditors and all chairs."""
    opened = dict.fromkeys(("committee", "auditor", "chair", "other_chair"), status)
    return everybody(403, nobody=303, bad_token=303, **opened | others)


def north(status: int, **others: int) -> Statuses:
    """About the region north: not found for the chair of another region."""
    return committee(status, **{"other_chair": 404} | others)


def editors(status: int, **others: int) -> Statuses:
    """Open to the committee only."""
    return everybody(403, **{"nobody": 303, "bad_token": 303, "committee": status} | others)


def readers(status: int) -> Statuses:
    """Open to the committee and auditors, who see all regions; not to chairs."""
    return editors(status, auditor=status)


def form_readers(status: int) -> Statuses:
    """Open to readers, and to those who may be named as the readers of a form."""
    specialists = ("reviewer", "approver", "payroll", "grievance")
    return readers(status) | dict.fromkeys(specialists, status)  # type: ignore[arg-type]


CHAIRS = {"chair": 404, "other_chair": 404}
SHELF = "/committee/curricula/member-steward-path"
SHEET = "/committee/curricula/member-steward-path/new-member.yaml"
ACCOUNTS = "/committee/account-questions"
NUMBERS = "/committee/number-questions"
DIFFERENCES = "/committee/moodle-differences"
PLAN = "/committee/curricula/member-steward-path/plan"
ROLE = "/committee/members/{member}/role"
PEOPLE = "/committee/people"
RECORD = "/committee/members/{member}/record"


@dataclass(frozen=True)
class Row:
    """A request and its expected statuses. For `{member}` in the address, see `SignedInUsers`."""

    endpoint: str
    method: str
    address: str
    expected: Statuses
    data: dict[str, str] | None = None


WRITER = {"email": "new@union.example", "region": "north"}
GUEST = {"name": "Kim Guest", "email": "kim@guest.example", "language": "en"}
CONTACT = WRITER | {"name": "New Hire", "message": "Who is my steward?"}
JOIN = WRITER | {"first_name": "New", "last_name": "Hire", "language": "en", "consent": "y"}

OPEN_TO: dict[Right, Callable[[int], Statuses]] = {
    "members": committee,
    "people": committee,
    "contact-requests": committee,
    "deliveries": committee,
    "accounts": committee,
    "forms-page": form_readers,
    "sessions": committee,
    "consultations": readers,
    "emails": readers,
    "audit-log": readers,
    "saved-filters": committee,
    "member-emails": editors,
}
"""The statuses of a list page, by the right it needs, once more than in the table of rights.

A list with another right needs a line here (tests.web.access_matrix.statuses.py).
"""


def list_rows(page: ListPage[Any]) -> Iterator[Row]:
    """A list page and its CSV: as they are, with every filter, and with wrong values."""
    opened = OPEN_TO[page.access]
    by_region = north if OPEN_TO[page.access] is committee else opened
    yield Row(page.endpoint, "GET", page.address, opened(200))
    yield Row(page.endpoint, "GET", f"{page.address}?after=never", opened(404))
    for name in (each.name for each in page.fields if each.in_address):
        yield Row(page.endpoint, "GET", f"{page.address}?{name}=no-such-value", opened(404))
    asked = {each.name: "Mem" for each in page.fields if not each.in_address} or None
    if page.is_search:
        yield Row(page.endpoint, "POST", page.address, opened(303), asked)
    method, region = "POST" if page.is_search else "GET", REGION in page.fields
    if region:
        yield Row(page.endpoint, "GET", f"{page.address}?region=north", by_region(200))
    if page.export:
        yield Row(page.csv_endpoint, method, page.csv_address, opened(200), asked)
    if page.export and region:
        yield Row(page.csv_endpoint, method, f"{page.csv_address}?region=north", by_region(200),
                  asked)  # fmt: skip
