"""forms.yaml is read, and its mistakes are reported where they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bridge.curriculum.audience import Audience
from bridge.curriculum.forms.form import definition_of, form_of, revision_of
from bridge.curriculum.forms.register import FIELD_TYPES, TYPE_NAMES
from bridge.curriculum.reader import read_text
from tests.curriculum.sample_files import TOP, changed, files
from tests.support.documented_questions import DOCS, EXAMPLES

from .sample_form import FORMS, form, read_forms

ROOT = Path(__file__).parents[3]


def test_a_form_is_read() -> None:
    read = form()
    assert (read.key, read.audience) == ("mentor", Audience(stewards=True))
    assert [each.type for each in read.fields if each.required] == ["short-text", "must-agree"]
    assert {each.type for each in read.fields} == set(TYPE_NAMES)


def test_a_form_can_have_a_last_day() -> None:
    assert form().closes is None
    text = FORMS.replace("audience: stewards", "audience: stewards\n    closes: 2027-01-31", 1)
    reading = read_forms(text)
    assert reading.curriculum
    [read] = reading.curriculum.forms
    assert read.closes == date(2027, 1, 31)


def test_a_curriculum_without_forms_has_none() -> None:
    reading = read_forms("")
    assert reading.errors
    curriculum = read_text(files()).curriculum
    assert curriculum
    assert curriculum.forms == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("type: yes-no", "type: perhaps", "34:15", "`perhaps` is not one of `short-text`"),
        ("field: why", "field: topic", "12:16", "The field key `topic` is used twice"),
        ("choice: hall", "choice: online", "22:22", "The choice key `online` is used twice"),
        ("field: why", "field: why\n        previously: topic", "13:21", "of another field"),
        ("max: 3", "max: 1", "26:14", "`min` (2) is more than `max` (1)."),
        ("max: 3", "max: 5", "27:14", "`max` is 5, but there are only 4 choices."),
        ("max: 8000", "max: -1", "44:14", "`min` (0.5) is more than `max` (-1)."),
        ('"2027-12-31"', '"2027-02-30"', "40:14", "there is no date `2027-02-30`."),
        ('"2027-12-31"', "31.12.2027", "40:14", "`31.12.2027` is not a date such as 2027-01-31."),
        ('"2027-12-31"', "2026-12-31", "39:14", "is more than `max` (2026-12-31)."),
        ("words: 5", "words: lots", "16:16", "`lots` is not a whole number."),
        ("words: 5", "wrods: 5", "16:9", "Unknown key `wrods`."),
        ("label: I agree.", "label: I agree.\n        required: no", "52:9", "The key `required`"),
        ("audience: stewards", "closes: 2027-02-30", "5:13", "there is no date `2027-02-30`."),
        ("audience: stewards", "audience: guests", "5:15", "`guests` is not one of"),
        ("audience: stewards", "audience: {milestone: x}", "5:27", "no milestone `x`"),
        ("forms:", "formz:", "1:1", "Unknown key `formz`."),
        ("forms:", "milestone: x\nforrms:", "1:1", "must begin with `forms: …`."),
    ],
)
def test_mistakes_are_reported_with_their_place(
    old: str, new: str, place: str, message: str
) -> None:
    text = FORMS.replace(old, new, 1) if old == "forms:" else changed(FORMS, old, new)
    reading = read_forms(text)
    assert reading.curriculum is None
    found = [(f"{each.line}:{each.column}", each.message) for each in reading.errors]
    assert any(where == place and message in text for where, text in found), found


def test_forms_belong_in_their_own_file() -> None:
    reading = read_text({**files(), "more.yaml": FORMS.encode()})
    assert "`forms:` belongs only in forms.yaml." in reading.errors[0].message


def test_texts_need_every_language() -> None:
    top = changed(TOP, "languages: [en]", "languages: [en, fr]")
    translated = changed(FORMS, "label: I agree.", "label: {en: I agree., fr: J’accepte.}")
    reading = read_text({**files(top=top), "forms.yaml": translated.encode()})
    lacking = {each.line for each in reading.problems if each.file == "forms.yaml"}
    assert {3, 4, 9} <= lacking
    assert len(FORMS.splitlines()) not in lacking


def test_a_definition_shows_the_same_form_later() -> None:
    again = form_of(definition_of(form()))
    assert again == replace(form(), audience=Audience())
    assert revision_of(again) == revision_of(form())


def test_every_change_is_another_revision() -> None:
    changes = [("label: Why?", "label: Why not?"), ("words: 5", "words: 6"), ("max: 3", "max: 4")]
    revisions = {revision_of(form(*change)) for change in changes}
    assert len(revisions | {revision_of(form())}) == 4


def test_every_type_is_registered_and_documented() -> None:
    """If this fails, complete `FIELD_TYPES` and the table in docs/curricula.md."""
    modules = (ROOT / "bridge/curriculum/forms").glob("*.py")
    pattern = r'(?m)^    type: ClassVar\[str\] = "(.+)"'
    written = {name for path in modules for name in re.findall(pattern, path.read_text("utf-8"))}
    assert written == set(TYPE_NAMES)
    assert len(FIELD_TYPES) == len(written)
    table = DOCS.partition("| `type` of field |")[2].partition("\n\n")[0]
    assert re.findall(r"(?m)^\| `([a-z-]+)` \|", table) == list(TYPE_NAMES)


def test_the_documented_form_is_read_and_has_every_type() -> None:
    (example,) = (each for each in EXAMPLES if each.startswith("forms:"))
    reading = read_forms(example)
    assert reading.problems == ()
    assert reading.curriculum
    assert {field.type for field in reading.curriculum.forms[0].fields} == set(TYPE_NAMES), (
        "Give the example of a forms.yaml in docs/curricula.md a field of each type."
    )
