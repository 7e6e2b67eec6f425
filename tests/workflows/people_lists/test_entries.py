"""Numbers and emails in what people paste."""

from __future__ import annotations

import pytest

from bridge.workflows.people_lists.entries import MAX_LENGTH, read_entries


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("  \n\n", []),
        ("1042\n1043\r\n1044", ["1042", "1043", "1044"]),
        ("1042, 1043; 1044\t1045", ["1042", "1043", "1044", "1045"]),
        ("Kim Doe\t1042", ["1042"]),
        ("Kim Doe <kim@a.example>, Lee <lee@b.example>", ["kim@a.example", "lee@b.example"]),
        ("kim@example.org.", ["kim@example.org"]),
        ("Kim Doe", ["Kim Doe"]),
        ("1002 kim@a.example", ["kim@a.example", "1002"]),
        ("Kim Doe <kim@a.example> (1042)", ["kim@a.example", "Kim Doe 1042"]),
        ("1,001", ["1001"]),
        ('"1,001"\tKim', ["1001"]),
        ("1\u202f001", ["1001"]),
        ("1,001,5", ["1", "001", "5"]),
        ("1, 001", ["1", "001"]),
        ("1001，1002 & 1003 and 1004", ["1001", "1002", "1003", "1004"]),
        ("N 12-3", ["N 12-3"]),
        ("| 1042 | Kim |", ["1042"]),
        ("Ｎ１２", ["Ｎ１２"]),
    ],
)  # fmt: skip
def test_entries_are_numbers_and_emails(text: str, found: list[str]) -> None:
    assert [each.text for each in read_entries(text)] == found


def test_an_entry_says_where_it_was_typed() -> None:
    assert [each.line for each in read_entries("1\n\n2, 3")] == [1, 3, 3]


def test_several_numbers_in_one_place_may_be_one_number() -> None:
    [entry] = read_entries("12 13")
    assert (entry.text, entry.parts) == ("12 13", ("12", "13"))
    [name] = read_entries("Kim 13")
    assert (name.parts, name.names) == (("13",), ("Kim",))
    [several] = read_entries("Kim 13 14")
    assert several.parts == ()
    [thousands] = read_entries("12,345")
    assert thousands.parts == ()
    [either] = read_entries("101,102")
    assert (either.text, either.parts) == ("101102", ("101", "102"))


def test_a_whole_number_may_have_a_decimal() -> None:
    [entry] = read_entries("1001.0")
    assert (entry.text, entry.parts) == ("1001.0", ("1001",))


def test_a_long_word_is_looked_through_once() -> None:
    [entry] = read_entries("x" * 200_000)
    assert entry.text == "x" * MAX_LENGTH
