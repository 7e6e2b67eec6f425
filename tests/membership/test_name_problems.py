"""Names that other programs have damaged are refused; real names are not."""

from __future__ import annotations

import pytest

from bridge.member_records import parse_record
from bridge.membership.names import name_problem
from bridge.membership.numbers import number_problem, number_warning


@pytest.mark.parametrize(
    "name", ["#N/A", "N/A", "#REF!", "=1+1", "-", ".", "kim@example.org", "Kim&#39;s", "12"]
)
def test_a_damaged_name_is_refused(name: str) -> None:
    values = {"number": "1042", "email": "kim@example.org", "first_name": name, "last_name": "Doe"}
    with pytest.raises(ValueError, match="`"):
        parse_record(values, {})


@pytest.mark.parametrize("name", ["", "Kim", "Null", "O’Neil", "Anne-Marie", "J. R.", "ᓄᓇ", "X"])
def test_a_name_is_accepted(name: str) -> None:
    assert name_problem(name) == ""


@pytest.mark.parametrize("number", ["0", "000", "-5", "No. 1042", "n° 1042", "1042 (old)"])
def test_a_number_with_something_else_is_refused(number: str) -> None:
    assert number_problem(number)


@pytest.mark.parametrize("number", ["1042", "N1042", "NO-1042", "10-42", "A(3)7"])
def test_a_number_is_accepted(number: str) -> None:
    assert number_problem(number) == ""


@pytest.mark.parametrize(("number", "asks"), [("1O42", True), ("l042", True), ("O1042", False)])
def test_a_letter_that_looks_like_a_digit_is_a_question(number: str, asks: bool) -> None:
    assert bool(number_warning(number)) is asks
