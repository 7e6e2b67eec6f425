from __future__ import annotations

import csv
import io

import pytest

from bridge.web.lists.csv_export import escape_formula

SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cells(text: str, separator: str) -> list[str]:
    out = io.StringIO()
    csv.writer(out).writerow(["first", escape_formula(text), "last"])
    rows = csv.reader(io.StringIO(out.getvalue()), delimiter=separator)
    return [cell for row in rows for cell in row]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    "text", ["{}1+1", "a;{}1+1", "a; {}1+1", 'a;"{}1+1"', "a\t{}1+1", "a\n{}1+1", " {}1+1", "a|{}1"]
)
def test_no_cell_is_a_formula_whatever_separates_cells(text: str, sign: str) -> None:
    for separator in (",", ";", "\t", "|"):
        for cell in cells(text.format(sign), separator):
            assert not cell.strip(" \"'").startswith(SIGNS) or "'" in cell.partition(sign)[0]


@pytest.mark.parametrize("text", ["", "Kim; Lee", "a-b", "1 + 1", "x=y", "mail@union.example"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert escape_formula(text) == text


def test_a_long_run_of_lines_is_looked_through_once() -> None:
    text = "a" + "\n" * 200_000
    assert escape_formula(f"{text}b") == f"{text}b"
    assert escape_formula(f"{text}=1") == f"{text}'=1"
