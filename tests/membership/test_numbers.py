"""Member numbers: damaged ones are refused, in every source, with what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.member_records import parse_record, record_warnings
from bridge.membership.known_roles import NO_KNOWN_ROLES
from bridge.membership.numbers import (
    MAX_KEY_LENGTH,
    number_key,
    number_problem,
    number_warning,
    parse_number,
)

DAMAGED = {
    "1042.0": "as a quantity",
    "1042,00": "as a quantity",
    "1,042": "as a quantity",
    "1\u202f042\u202f000": "as a quantity",
    "1e+05": "shortened",
    "1,00E+05": "shortened",
    "1.23E+05": "shortened",
    "'00123": "quotation mark",
    "\u201900123": "quotation mark",
    '"00123"': "quotation mark",
    '="00124"': "formula",
    "+1042": "formula",
    "#N/A": "formula",
    "#####": "formula",
    "12-Jan": "for a date",
    "2026-01-31 00:00:00": "for a date",
    "2026-01-05": "for a date",
    "2026/1/5": "for a date",
    "05/01/2026": "for a date",
    "1/31/2026 0:00": "for a date",
    "01.05.2026": "for a date",
    "31-12-2026": "for a date",
    "Jan-05": "for a date",
    "janv-05": "for a date",
    "12-déc.": "for a date",
    "5 janvier 2026": "for a date",
    "January 5, 2026": "for a date",
    "12-Dez": "for a date",
    "5-août-26": "for a date",
    "1.042.000": "as a quantity",
    "TRUE": "has at least one digit",
    "VRAI": "has at least one digit",
    "TBD": "has at least one digit",
    "Kim Doe": "has at least one digit",
    "kim2@union.example": "is an email address",
    "05/01/26": "for a date",
    "5-1-26": "for a date",
    "12.05.26": "for a date",
    "26-01-31": "for a date",
    "1/31/26 0:00": "for a date",
    "1042; 1043": "more than one number",
    "1042 & 1043": "more than one number",
    "1042 and AB-1043": "more than one number",
    "1042 à 1045": "more than one number",
    "1042, 1043": "more than one number",
    "AB-1042\nAB-1043": "unprintable",
    "N/A": "is no member number",
    "null": "is no member number",
    "-": "is no member number",
    "\u200b1042": "unprintable character (U+200B, character 1)",
    "10\u200b42": "unprintable character (U+200B, character 3)",
}
SOUND = (
    "1042",
    "00125",
    "A-1042",
    "A 1042",
    "12/03",
    "12-3",
    "#1042",
    "1 042",
    "12.5",
    "E12",
    "AB-1042",
    "MAR-1042",
    "DEC-2001",
    "12-MARS-OUEST-7",
    "2026-1042",
    "45-13-2026",
    "2026-00-17",
    "5/1",
    "1-2-3",
    "45.13.26",
    "AB/1042",
    "1042/1043",
    "12/034/26",
    "123.456.789",
    "MAI7",
    "١٢",
    "é7",
)


@pytest.mark.parametrize("number", DAMAGED)
def test_a_damaged_number_is_refused_with_a_reason(number: str) -> None:
    values = {"number": number, "email": "a@b.ca", "first_name": "A", "last_name": "B"}
    with pytest.raises(ValueError, match=r"\w") as caught:
        parse_record(values, ())
    assert DAMAGED[number] in str(caught.value)


@pytest.mark.parametrize("number", SOUND)
def test_a_sound_number_stays_as_it_is(number: str) -> None:
    assert parse_number(number) == number


@pytest.mark.parametrize(
    "number", ["1042/1043", "1042-1043", "1042–1060", "AB-1042/AB-1043", "AB1042/1043", "0998/1003"]
)
def test_what_may_be_a_list_or_a_range_is_a_question(number: str) -> None:
    assert parse_number(number) == number
    warning = f"`{number}` may be two numbers or a range"
    assert number_warning(number).startswith(warning)
    values = {"number": number, "email": "a@b.ca", "first_name": "A", "last_name": "B"}
    record = parse_record(values, ())
    assert record_warnings(record, NO_KNOWN_ROLES)[0].startswith(warning)
    assert number not in record_warnings(record, NO_KNOWN_ROLES, quote=False)[0]


@pytest.mark.parametrize(
    "number", ["AB/1042", "12/1042", "2026-1042", "2026/0001", "1043/1042", "12-13", "AB-1042/7"]
)
def test_a_number_in_two_parts_is_none(number: str) -> None:
    assert number_warning(number) == ""


@given(st.text(max_size=200))
def test_any_text_has_a_key_that_is_its_own_key(text: str) -> None:
    key = number_key(text)
    assert len(key) <= MAX_KEY_LENGTH
    assert number_key(key) == key
    assert number_key(f"  {text}") == key


@given(st.text(min_size=1, max_size=20))
def test_any_text_is_judged(text: str) -> None:
    assert isinstance(number_problem(text), str)


@pytest.mark.parametrize(("name", "meant"), [("ZoÃ©", "é"), ("MÃ¼ller", "ü"), ("Zo├®", "é")])
def test_a_name_in_a_wrong_encoding_is_refused(name: str, meant: str) -> None:
    values = {"number": "1042", "email": "a@b.ca", "first_name": name, "last_name": "B"}
    with pytest.raises(ValueError, match=f"which was `{meant}` before the file was read in a"):
        parse_record(values, ())


@pytest.mark.parametrize("name", ["Zoé", "Ângela", "João", "IRMÃ", "Ã", "Łukasz", "Chloë-Anaïs"])
def test_a_name_with_accents_is_accepted(name: str) -> None:
    values = {"number": "1042", "email": "a@b.ca", "first_name": name, "last_name": "B"}
    assert parse_record(values, ()).first_name == name
