"""Answers are checked by the type of the field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.curriculum.forms.answers import check_answers, fit_answers, tidy
from bridge.curriculum.forms.field import AnswerValue
from bridge.curriculum.forms.register import TYPE_NAMES
from bridge.messages import Message

from .sample_form import form

FORM = form()
COMPLETE = {"topic": ["Grievances"], "rules": ["agreed"]}
VALID: list[tuple[str, list[str], AnswerValue]] = [
    ("topic", ["  two \n words "], "two words"),
    ("topic", ["e\u0301"], "é"),
    ("why", ["one\r\ntwo\r\n"], "one\ntwo"),
    ("why", ["   \n "], None),
    ("place", ["hall"], "hall"),
    ("days", ["wed", "mon"], ["mon", "wed"]),
    ("days", ["wed", "wed", "mon"], ["mon", "wed"]),
    ("before", ["no"], False),
    ("before", ["yes"], True),
    ("before", [], None),
    ("from", ["2027-2-3"], "2027-02-03"),
    ("hours", ["3,5"], "3.5"),
    ("hours", ["3.5"], "3.5"),
    ("hours", ["1\u202f234,5"], "1234.5"),
    ("hours", ["1 234"], "1234"),
    ("hours", ["1.234,5"], "1234.5"),
    ("hours", ["1,234.5"], "1234.5"),
    ("hours", ["0,500"], "0.500"),
    ("letter", ["12", "letter.pdf"], ["12", "letter.pdf"]),
    ("rules", ["agreed"], True),
]
WRONG: list[tuple[str, list[str], str]] = [
    ("topic", [], "Fill in this field."),
    ("topic", ["", " "], "Fill in this field."),
    ("topic", ["x" * 21], "21 characters; at most 20 are allowed."),
    ("topic", ["a bell\x07"], "be seen or printed: U+0007"),
    ("why", ["a b c d e f"], "6 words; at most 5 are allowed."),
    ("why", ["x" * 20_001], "20,001 characters"),
    ("place", ["moon"], "isn't one of those listed any more."),
    ("days", ["mon"], "Choose at least 2."),
    ("days", ["mon", "tue", "wed", "thu"], "Choose at most 3."),
    ("days", ["mon", "tue", "sun"], "isn't one of those listed any more."),
    ("before", ["perhaps"], "Choose yes or no."),
    ("from", ["2027-02-29"], "There is no such date."),
    ("from", ["2027-01-30"], "Enter 2027-01-31 or a later date."),
    ("from", ["2028-01-01"], "Enter 2027-12-31 or an earlier date."),
    ("from", ["31/01/2027"], "year-month-day"),
    ("from", ["2027-01-٣١"], "year-month-day"),
    ("hours", ["1,234"], "Do you mean 1234 or 1.234?"),
    ("hours", ["three"], "in digits"),
    ("hours", ["1e3"], "in digits"),
    ("hours", ["NaN"], "in digits"),
    ("hours", ["9" * 400], "in digits"),
    ("hours", ["0"], "Enter 0.5 or more."),
    ("hours", ["8000,01"], "Enter 8000 or less."),
    ("letter", ["../etc/passwd"], "Choose a file."),
    ("letter", ["-1", "x"], "Choose a file."),
    ("rules", [], "Tick this box"),
    ("rules", ["no"], "Tick this box"),
    ("rules", ["yes"], "Tick this box"),  # of a field that asked something else
]


@pytest.mark.parametrize(("key", "typed", "value"), VALID)
def test_valid_answers(key: str, typed: list[str], value: AnswerValue) -> None:
    checked = check_answers(FORM, {**COMPLETE, key: typed})
    assert (checked.values[key], checked.problems) == (value, {})


@pytest.mark.parametrize(("key", "typed", "problem"), WRONG)
def test_problems(key: str, typed: list[str], problem: str) -> None:
    checked = check_answers(FORM, {**COMPLETE, key: typed})
    assert list(checked.problems) == [key]
    assert problem in checked.problems[key]


@pytest.mark.parametrize("examples", [VALID, WRONG])
def test_every_type_has_examples_of_valid_and_wrong_answers(
    examples: list[tuple[str, object, object]],
) -> None:
    keys = {key for key, _, _ in examples}
    lacking = set(TYPE_NAMES) - {each.type for each in FORM.fields if each.key in keys}
    assert not lacking, f"Add an answer of each of these types to VALID and to WRONG: {lacking}"


def test_a_required_file_that_is_missing() -> None:
    needed = form("label: A letter", "label: A letter\n        required: yes")
    assert check_answers(needed, COMPLETE).problems == {"letter": "Choose a file."}


def test_a_text_of_ten_thousand_characters_without_limit_is_accepted() -> None:
    free = form("        words: 5\n", "")
    assert not check_answers(free, {**COMPLETE, "why": ["x" * 10_000]}).problems
    assert check_answers(free, {**COMPLETE, "why": ["x" * 10_001]}).problems


def test_unknown_fields_are_ignored() -> None:
    checked = check_answers(FORM, {**COMPLETE, "admin": ["yes"]})
    assert set(checked.values) == {each.key for each in FORM.fields}


def test_a_renamed_field_keeps_its_answer() -> None:
    renamed = form("field: why", "field: reason\n        previously: why")
    fitted = fit_answers(renamed, {"why": ["Because."], "topic": ["Law"]})
    assert fitted.asked == {"reason": ["Because."], "topic": ["Law"]}
    assert fitted.no_longer_asked == {}


def test_a_renamed_field_never_replaces_a_newer_answer() -> None:
    renamed = form("field: why", "field: reason\n        previously: why")
    fitted = fit_answers(renamed, {"why": ["Old."], "reason": ["New."]})
    assert fitted.asked == {"reason": ["New."]}
    assert fitted.no_longer_asked == {"why": ["Old."]}


def test_the_answer_to_a_removed_field_is_kept_apart() -> None:
    fitted = fit_answers(FORM, {"gone": ["Typed with care."], "topic": ["Law"], "empty": [""]})
    assert fitted.asked == {"topic": ["Law"]}
    assert fitted.no_longer_asked == {"gone": ["Typed with care."]}


def test_answers_in_words() -> None:
    typed = {**COMPLETE, "place": ["hall"], "days": ["mon", "tue"], "before": ["no"],
             "hours": ["3,5"], "letter": ["4", "letter.pdf"]}  # fmt: skip
    values = check_answers(FORM, typed).values
    words = {each.key: each.in_words(values[each.key], "en") for each in FORM.fields
             if values[each.key] is not None}  # fmt: skip
    assert words == {
        "topic": "Grievances", "place": "At the hall", "days": "Monday, Tuesday", "before": "No",
        "hours": "3.5", "letter": "letter.pdf", "rules": "Yes",
    }  # fmt: skip
    hours = FORM.field("hours")
    assert hours
    assert hours.in_words("3.5", "fr") == "3,5"
    assert isinstance(words["before"], Message)


@given(st.dictionaries(st.sampled_from([each.key for each in FORM.fields]), st.lists(st.text())))
def test_nothing_raises_and_every_answer_can_be_stored(typed: dict[str, list[str]]) -> None:
    checked = check_answers(FORM, typed)
    assert "\0" not in repr(checked.values)
    for each in FORM.fields:
        if checked.values[each.key] is not None and each.key not in checked.problems:
            assert each.in_words(checked.values[each.key], "en")


@given(st.lists(st.text()))
def test_tidying_again_changes_nothing(typed: list[str]) -> None:
    assert tidy(tidy(typed)) == tidy(typed)
