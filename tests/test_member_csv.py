"""CSV as unions really export it: every row is accepted, or rejected with its line and reason."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import MemberError
from bridge.member_csv import COLUMNS, AcceptedRow, Notice, RejectedRow, read_member_csv
from bridge.member_records import MemberRecord, parse_record, validation_error
from bridge.membership.roles import HeldRole

HEADER = "number,email,first_name,last_name,region,language,role,role_since\n"
ANNA = "1001,anna@example.org,Anna,Ashevak,north,iu,steward,2026-01-31\n"
ANNA_RECORD = MemberRecord("1001", "anna@example.org", "Anna", "Ashevak", "north", "iu",
                           "steward", date(2026, 1, 31))  # fmt: skip
REGIONS = ("north", "East Coast")


def read(content: str | bytes) -> list[AcceptedRow | RejectedRow | Notice]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_member_csv(BytesIO(data), REGIONS))


def rejection_reason(row: str | bytes, line: int = 2) -> str:
    """The reason why a row is rejected. The row after it must still be accepted."""
    data = row.encode() if isinstance(row, str) else row
    rejected, accepted = read(HEADER.encode() + data + b"\n" + ANNA.encode())
    assert isinstance(rejected, RejectedRow)
    assert isinstance(accepted, AcceptedRow)
    assert (rejected.line, accepted.record) == (line, ANNA_RECORD)
    return rejected.reason


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("last", ["", "\n"], ids=["open end", "closed end"])
def test_common_csv_dialects_are_read(bom: bytes, end: str, delimiter: str, last: str) -> None:
    text = (HEADER + ANNA.rstrip() + last).replace(",", delimiter).replace("\n", end)
    assert read(bom + text.encode()) == [AcceptedRow(2, ANNA_RECORD)]


def test_lines_of_text_are_read() -> None:
    assert list(read_member_csv(["\ufeff" + HEADER, ANNA], REGIONS)) == [
        AcceptedRow(2, ANNA_RECORD)
    ]


def test_the_stream_is_not_closed() -> None:
    stream = BytesIO((HEADER + ANNA).encode())
    assert len(list(read_member_csv(stream, REGIONS))) == 1
    assert not stream.closed


def test_the_separator_line_of_excel_is_skipped() -> None:
    text = "sep=;\r\n" + (HEADER + ANNA).replace(",", ";")
    assert read(text) == [AcceptedRow(3, ANNA_RECORD)]


@pytest.mark.parametrize(
    "heading",
    [
        "Member Number,E-Mail,First Name,Surname",
        "MEMBER_NO,e-mail address,GIVEN-NAME,family name",
        "Membership number,Email,Forename,Last name",
        "Numéro de membre,Courriel,Prénom,Nom de famille",
        ' "number" ,email ,  first_name,last_name',
    ],
)
def test_alternative_headings_are_recognised(heading: str) -> None:
    [row] = read(f"{heading}\n7,a@b.ca,Aya,Benoît\n")
    assert row == AcceptedRow(2, MemberRecord("7", "a@b.ca", "Aya", "Benoît"))


def test_columns_can_be_in_any_order_and_unknown_ones_are_reported() -> None:
    notice, row, _ = read(
        "Shoe size;last name;number;e-mail;first name;;Colour\n"
        "43;Ashevak;1;a@b.ca;Anna;;red\n43;Bouchard;2;b@b.ca;Ben;;blue\n"
    )
    assert notice == Notice("Ignored columns: `Shoe size`, `Colour`.")
    assert row == AcceptedRow(2, MemberRecord("1", "a@b.ca", "Anna", "Ashevak"))


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (
            "",
            [
                "is empty",
                "must name `number`, `email`, `first_name`, `last_name`, and may name `region`",
            ],
        ),
        ("number,email,first_name\n1,a@b.ca,A", ["`last_name`", "line 1", "may name `region`"]),
        ("1,a@b.ca,Anna,Ashevak\n", ["`number`"]),
        ("number,email,e-mail,first_name,last_name\n", ["two columns", "`email` and `e-mail`"]),
        ("number,email,prénom,nom\n".encode("cp1252"), ["UTF-8", "line 1"]),
        ("number,email,first_name,last_name\n".encode("utf-16"), ["UTF-8"]),
        ("number,email,first_name,last_name\n".encode("utf-16-le"), ["UTF-8"]),
        (b"PK\x03\x04\x14\0\x06\0 a spreadsheet", ["UTF-8"]),
    ],
)
def test_a_file_that_is_not_a_member_list_is_an_error(
    content: str | bytes, parts: list[str]
) -> None:
    with pytest.raises(MemberError) as caught:
        read(content)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",a@b.ca,A,B,,,,", "the member number is missing."),
        ("1.23E+05,a@b.ca,A,B,,,,", "format the column as text"),
        ("1,,A,B,,,,", "the email address is missing."),
        ("1,nobody,A,B,,,,", "the email is not an address"),
        ("1,a@localhost,A,B,,,,", "the email is not an address"),
        ("1,andré@b.ca,A,B,,,,", "the email is not an address"),
        ("1,a@b.ca, ,,,,,", "the name is missing."),
        ("1,a@b.ca,A,B,nroth,,,", "no region `nroth`; did you mean `north`?"),
        ("1,a@b.ca,A,B,Atlantis,,,", "no region `Atlantis`; use one of East Coast, north."),
        ("1,a@b.ca,A,B,,English please,,", "not a language code such as en or fr"),
        ("1,a@b.ca,A,B,,,steward,31/01/2026", "the date `31/01/2026` is not a date"),
        ("1,a@b.ca,A,B,,,steward,20260131", "the date `20260131` is not a date"),
        ("1,a@b.ca,A,B,,,steward,2026-02-30", "the date `2026-02-30` is not a date"),
        ("1,a@b.ca,A\x07,B,,,,", "first name contains an unprintable character (U+0007"),
        ('1,a@b.ca,"A\nB",C,,,,', "unprintable character (U+000A, character 2)"),
        ("1,a@b.ca," + "x" * 101 + ",B,,,,", "first name is longer than 100 characters"),
        ("1" * 101 + ",a@b.ca,A,B,,,,", "number is longer than 100 characters"),
        ("1,a@b.ca,A,B", "8 fields, but this row has 4"),
        ("1,a@b.ca,A,B,,,,,extra", "8 fields, but this row has 9"),
        ("1,a@b.ca,A\0,B,,,,", "NUL"),
        ('1,a@b.ca,"A"x,B,,,,', "not valid CSV"),
        ("1,a@b.ca," + "x" * 140_000 + ",B,,,,", ""),
        ("1,a@b.ca,Zoé,B,,,,".encode("cp1252"), "not UTF-8. Save the file as “CSV UTF-8”"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_invalid_rows_are_rejected_with_a_reason(row: str | bytes, reason: str) -> None:
    if len(row) > 100_000:
        rows = read(HEADER + str(row) + "\n" + ANNA)
        assert rows[-1] == AcceptedRow(rows[-1].line, ANNA_RECORD)  # type: ignore[union-attr]
        assert {type(one) for one in rows[:-1]} == {RejectedRow}
        return
    assert reason in rejection_reason(row)


def test_an_unclosed_quotation_mark_rejects_one_row() -> None:
    good = "".join(f"{n},m{n}@b.ca,A,B,,,,\n" for n in range(2, 60))
    rejected, *rows = read(HEADER + '1,a@b.ca,"A,B,,,,\n' + good)
    assert rejected == RejectedRow(2, "a closing quotation mark is missing.")
    assert [row.line for row in rows if isinstance(row, AcceptedRow)] == list(range(3, 61))


def test_an_unclosed_quotation_mark_in_the_last_row_is_rejected() -> None:
    assert read(HEADER + '1,a@b.ca,"A,B,,,,') == [
        RejectedRow(2, "a closing quotation mark is missing.")
    ]


def test_line_numbers_match_an_editor() -> None:
    text = (
        'number,email,first_name,last_name,address\n1,a@b.ca,A,B,"5 Elm St\nOttawa\n"\n\n2,x,C,D,\n'
    )
    notice, first, second = read(text)
    assert isinstance(notice, Notice)
    assert isinstance(first, AcceptedRow)
    assert isinstance(second, RejectedRow)
    assert (first.line, second.line) == (2, 6)


def test_blank_rows_and_empty_trailing_columns_are_skipped() -> None:
    text = HEADER.rstrip() + ",,\n,,,,,,,,,\n\n" + ANNA.rstrip() + ",,\n   \n"
    assert read(text) == [AcceptedRow(4, ANNA_RECORD)]


def test_values_are_normalised() -> None:
    [row] = read(HEADER + " 1 ,a@b.ca, A ,B,EAST coast,FR_ca,Chief  Steward,\n")
    assert row == AcceptedRow(
        2, MemberRecord("1", "a@b.ca", "A", "B", "East Coast", "fr-ca", "chief-steward")
    )


FACTS_HEADER = (
    "number,email,first_name,last_name,Member status,Bargaining unit,Classification,Job class,"
    "Payroll No.,Supervisor,Supervisor e-mail\n"
)


def test_facts_from_the_membership_system_are_read() -> None:
    [row] = read(FACTS_HEADER + "1,a@b.ca,A,B,Retired,Transit 12,clerical,13,P-7,Sue,s@b.ca\n")
    assert row == AcceptedRow(
        2,
        MemberRecord(
            "1", "a@b.ca", "A", "B", status="retired", unit="Transit 12",
            classification="clerical", job_class="13", payroll_number="P-7",
            supervisor_name="Sue", supervisor_email="s@b.ca",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", ""), ("-", "-"), ("LEFT", "left"), ("Not yet a member", "not-yet-member"),
        ("not_yet_member", "not-yet-member"), ("Active", "member"), ("Retraité", "retired"),
    ],
)  # fmt: skip
def test_the_status_is_read_in_common_spellings(text: str, status: str) -> None:
    [row] = read(FACTS_HEADER + f"1,a@b.ca,A,B,{text},,,,,,\n")
    assert isinstance(row, AcceptedRow)
    assert row.record.status == status


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("retried,,,,,,", "there is no status `retried`; did you mean `retired`?"),
        ("_,,,,,,", "there is no status `_`; use one of not-yet-member, member, retired, left."),
        ("astronaut,,,,,,", "use one of not-yet-member, member, retired, left."),
        (",,,,,Sue,sue", "the supervisor email is not an address"),
        (f",{'x' * 101},,,,,", "the unit is longer than 100 characters."),
    ],
)
def test_invalid_facts_are_rejected_with_a_reason(row: str, reason: str) -> None:
    [rejected] = read(FACTS_HEADER + f"1,a@b.ca,A,B,{row}\n")
    assert isinstance(rejected, RejectedRow)
    assert reason in rejected.reason


def test_a_role_cell_may_list_several_with_scope_and_dates() -> None:
    [row] = read(HEADER + '1,a@b.ca,A,B,,,"steward;Trustee/region=NORTH/until=2027-06-30",\n')
    assert isinstance(row, AcceptedRow)
    assert row.record.roles == (
        HeldRole("steward"),
        HeldRole("trustee", "north", until=date(2027, 6, 30)),
    )


@pytest.mark.parametrize(
    ("role", "since", "reason"),
    [
        ("steward;trustee", "2026-01-31", "role_since is for one role"),
        ("", "2026-01-31", "it has role_since but no role"),
        ("steward/region=nroth", "", "no region `nroth`; did you mean `north`?"),
        ("steward/since=2026-02-01/until=2026-01-31", "", "`steward` ends before it begins"),
        ("steward;steward/since=2026-02-01", "", "`steward` is listed twice for the same time"),
        ("steward/x", "", "is not written like steward/region=north"),
    ],
)
def test_invalid_roles_are_rejected_with_a_reason(role: str, since: str, reason: str) -> None:
    assert reason in rejection_reason(f"1,a@b.ca,A,B,,,{role},{since}")


def test_a_dash_as_region_clears_it() -> None:
    [row] = read(HEADER + "1,a@b.ca,A,B,-,,-,\n")
    assert isinstance(row, AcceptedRow)
    assert (row.record.region, row.record.role) == ("-", "-")


def test_without_configured_regions_any_region_is_accepted() -> None:
    [row] = read_member_csv([HEADER, ANNA.replace("north", "Mars")], ())
    assert isinstance(row, AcceptedRow)
    assert row.record.region == "Mars"


def test_a_repeated_number_is_skipped_or_rejected() -> None:
    text = HEADER + ANNA + "1002,b@b.ca,B,B,,,,\n" + ANNA + ANNA.replace("Anna", "Hanna")
    rows = read(text)
    assert [row.line for row in rows if isinstance(row, AcceptedRow)] == [2, 3]
    assert rows[2:] == [RejectedRow(5, "line 2 has the same member number with different details.")]


def test_a_rejected_row_does_not_block_its_correction() -> None:
    _, row = read(HEADER + ANNA.replace("2026", "soon") + ANNA)
    assert row == AcceptedRow(3, ANNA_RECORD)


def many(count: int) -> Iterator[str]:
    yield HEADER
    for number in range(count):
        yield f"{number},m{number}@example.org,Anna,Ashevak,north,iu,,\n"


def test_a_hundred_thousand_rows_are_read() -> None:
    assert sum(1 for _ in read_member_csv(many(100_000), REGIONS)) == 100_000


def test_memory_per_row_is_small() -> None:
    tracemalloc.start()
    count = sum(1 for _ in read_member_csv(many(10_000), REGIONS))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / count < 300  # bytes: its number, its line, and what it said in 64 bits


def test_rows_are_returned_while_the_file_is_read() -> None:
    lines = many(1000)
    rows = read_member_csv(lines, REGIONS)
    next(rows)
    assert len(list(lines)) > 990


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8")))
def test_any_bytes_after_the_header_give_rows(content: bytes) -> None:
    for row in read(HEADER.encode() + content):
        assert isinstance(row, RejectedRow | AcceptedRow)
        if isinstance(row, AcceptedRow):
            assert validation_error(row.record) == ""


@given(st.binary(max_size=100))
def test_any_other_first_line_is_a_member_error(content: bytes) -> None:
    with pytest.raises(MemberError):
        read(content)


def test_every_column_is_a_record_field() -> None:
    assert set(COLUMNS) <= {field.name for field in fields(MemberRecord)}


def test_the_first_day_of_a_role_in_a_list_is_in_the_list() -> None:
    values = {"number": "1", "email": "a@b.ca", "first_name": "A", "role_since": "2026-01-31"}
    with pytest.raises(ValueError, match="role_since is for role"):
        parse_record(values, (), source="webhook", roles=(HeldRole("steward"),))
