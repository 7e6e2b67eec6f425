"""Reading a pasted list of people to invite."""

from __future__ import annotations

import pytest

from bridge.consultations.invitations.pasted_people import MAX_PASTED, Named, read_people
from bridge.errors import ConsultationError

LINES = [f"{'Very Long Name ' * 4}{n:04d} <person{n:04d}@employers.example>" for n in range(480)]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Kim Example <kim@x.example>", [Named("Kim Example", "kim@x.example")]),
        ("Kim, Example, kim@x.example", [Named("Kim Example", "kim@x.example")]),
        ("a@x.example; b@x.example", [Named(f"{n}@x.example", f"{n}@x.example") for n in "ab"]),
        ("Dr. No-Name Jr. (kim@x.example)", [Named("Dr. No-Name Jr.", "kim@x.example")]),
        ("J.P. Example @ Work <kim@x.example>", [Named("J.P. Example @ Work", "kim@x.example")]),
        ("Mr.Smith <kim@x.example>", [Named("Mr.Smith", "kim@x.example")]),
    ],
)
def test_what_a_line_may_be(line: str, people: list[Named]) -> None:
    assert read_people(line) == (people, [])


def test_a_long_list_is_read_whole_or_refused() -> None:
    people, unreadable = read_people("\r\n".join(LINES))
    assert (len(people), unreadable) == (480, [])
    with pytest.raises(ConsultationError, match="more than"):
        read_people("\r\n".join(LINES).ljust(MAX_PASTED + 1))


def test_an_address_with_a_long_name_is_not_cut() -> None:
    people, unreadable = read_people("x" * 300 + "kim@x.example")
    assert people == []
    assert [each.number for each in unreadable] == [1]


@pytest.mark.parametrize(
    "name", ["Ann http://evil.example/x", "www.evil.example", "Ann evil.example", "HTTPS://E.X"]
)
def test_a_name_is_not_a_link(name: str) -> None:
    people, unreadable = read_people(f"{name} <ann@x.example>")
    assert people == []
    assert ["web address" in each.problem for each in unreadable] == [True]
