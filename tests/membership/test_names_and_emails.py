"""Names and email addresses: what a member's record and a Moodle account accept."""

from __future__ import annotations

import pytest

from bridge.member_records import parse_record
from bridge.membership.emails import is_member_email
from bridge.membership.names import for_moodle, from_moodle, full_name, greeting_name

VALUES = {"number": "1042", "email": "kim@example.org", "first_name": "Kim", "last_name": "Doe"}
LONG = f"{'k' * 60}@{'e' * 36}.org"


@pytest.mark.parametrize(
    ("email", "accepted"),
    [
        ("kim@example.org", True),
        ("o'neil+union@mail.example.org", True),
        ("kim@1.example", True),
        ("kim@xn--e1afmkfd.xn--p1ai", True),
        ("kim@b.c-d", True),
        (f"{'k' * 64}@example.org", True),
        (f"{'k' * 65}@example.org", False),
        (f"kim@{'e' * 63}.org", True),
        (f"kim@{'e' * 64}.org", False),
        ("kim@example.1", False),
        ("kim@example", False),
        ("kim..doe@example.org", False),
    ],
)
def test_the_addresses_that_moodle_accepts(email: str, accepted: bool) -> None:
    """As PHP's FILTER_VALIDATE_EMAIL says."""
    assert is_member_email(email) is accepted


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"first_name": "<b>Kim</b>"}, "the first name contains < or >, which Moodle refuses"),
        ({"last_name": "Doe <3"}, "the last name contains < or >, which Moodle refuses"),
        ({"first_name": "", "last_name": ""}, "the name is missing"),
        ({"email": LONG}, "the email is longer than 100 characters, the most that Moodle accepts"),
        ({"email": "kim@example.1"}, "the email is not an address"),
    ],
)
def test_what_moodle_would_refuse_is_refused_with_a_reason(
    wrong: dict[str, str], reason: str
) -> None:
    assert len(LONG) == 101
    with pytest.raises(ValueError, match=reason):
        parse_record(VALUES | wrong, ())


@pytest.mark.parametrize("missing", ["first_name", "last_name"])
def test_a_single_name_is_a_valid_name(missing: str) -> None:
    record = parse_record(VALUES | {missing: ""}, ())
    first, last = record.first_name, record.last_name
    assert full_name(first, last) == greeting_name(first, last) != ""
    assert for_moodle(first)
    assert for_moodle(last)
    assert (from_moodle(for_moodle(first)), from_moodle(for_moodle(last))) == (first, last)
