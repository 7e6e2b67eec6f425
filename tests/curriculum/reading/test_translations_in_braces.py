"""Mistakes in `{en: …, fr: …}` are explained, and the correct line is suggested."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.sample_files import FIRST, SECOND, TOP, changed, files

BILINGUAL = changed(TOP, "[en]", "[en, fr]")
TITLE = "title: First Step"


def read(title: str) -> Reading:
    return read_text(files(top=BILINGUAL, first=changed(FIRST, TITLE, f"title: {title}")))


MISTAKES = [
    ("{en: One, two, fr: Un, deux}", "The comma in the `en` text", ("One, two", "Un, deux")),
    ("{en: Yes, no, fr: Oui, non}", "The comma in the `en` text", ("Yes, no", "Oui, non")),
    ("{en: One, fr: Droits : les vôtres}", "The colon in the `fr`", ("One", "Droits : les vôtres")),
    ("{en: Rights: yours, fr: Un}", "The colon in the `en` text", ("Rights: yours", "Un")),
    ("{en: 'Member's guide', fr: Un}", "must end with the quote", ("Member's guide", "Un")),
    ("{en: One, fr: 'L'accueil'}", "must end with the quote", ("One", "L'accueil")),
    ('{en: "One, fr: "Un"}', "must end with the quote", ("One", "Un")),
    ("{en: One, fr: Un", "The `}` after the last language", ("One", "Un")),
    ("{en: One, fr: Un (ou deux)", "The `}` after the last", ("One", "Un (ou deux)")),
    ("en: One, fr: Un}", "The `{` before the first language", ("One", "Un")),
    ("en: One, fr: Un", "The `{` before the first language", ("One", "Un")),
    ("[en: One, fr: Un]", "Translations are written in `{…}`", ("One", "Un")),
    ("{EN: One, FR: Un}", "`EN` is not a language code", ("One", "Un")),
    ("{En: One, fr: Un}", "`En` is not a language code", ("One", "Un")),
    ("{english: One, français: Un}", "`english` is not a language code", ("One", "Un")),
    ("{en:One, fr:Un}", "There must be a space after `en:`", ("One", "Un")),
    ("{en: One, fr:Un}", "There must be a space after `fr:`", ("One", "Un")),
    ("{en: One fr: Un}", "A comma is missing before `fr:`", ("One", "Un")),
    ("{en: Local #5, fr: Section 5}", "The `#` in the `en` text", ("Local #5", "Section 5")),
    ("{en: @home, fr: Chez vous}", "cannot have the character @", ("@home", "Chez vous")),
    ("{en: [Draft] One, fr: Un}", "cannot have the character [", ("[Draft] One", "Un")),
    ("{en: “One, two”, fr: « Un, deux »}", "The comma in the", ("One, two", "Un, deux")),
    ("{en: One, two,\n  fr: Un}", "The comma in the `en` text", ("One, two", "Un")),
    ('"{en: One, two, fr: Un}"', "Readers would see the braces", ("One, two", "Un")),
    ("'{en: One, fr: L''accueil}'", "Readers would see the braces", ("One", "L'accueil")),
    ('{en: "Yes" is right, fr: "Oui" convient}', "must end", ('"Yes" is right', '"Oui" convient')),
    ("{en: 'Yes' is right, fr: Un}", "must end with the quote", ("'Yes' is right", "Un")),
    ("{en: 'Members' guide', fr: Un}", "must end with the quote", ("Members' guide", "Un")),
    ('{en: "He said "yes"", fr: Un}', "must end with the quote", ('He said "yes"', "Un")),
    ("{en: 'tis known, fr: Un}", "must end with the quote", ("'tis known", "Un")),
    ("{en: '90s rules, fr: Un}", "must end with the quote", ("'90s rules", "Un")),
    ("{en: One}, {fr: Un}", "All languages of a text are written in one", ("One", "Un")),
    ("{en: One} {fr: Un}", "All languages of a text are written in one", ("One", "Un")),
    ("{en-CA: One, fr-CA: Un}", "`en-CA` is not a language code", ("One", "Un")),
    ("{en_ca: One, fr_ca: Un}", "`en_ca` is not a language code", ("One", "Un")),
    ("{eng: One, fra: Un}", "`eng` is not a language code", ("One", "Un")),
    ("{en= One, fr= Un}", "There must be a colon after `en`", ("One", "Un")),
    ("{en： One, fr： Un}", "There must be a colon after `en`", ("One", "Un")),
    ("{\u0435n: One, fr: Un}", "looks like a Latin one", ("One", "Un")),
    ("{en: One; fr: Un}", "A comma is missing before `fr:`", ("One", "Un")),
    ("{en: - One, fr: Un}", "cannot have the character -", ("- One", "Un")),
    ("{en:\u00a0One, fr:\u00a0Un}", "There is a special space", ("One", "Un")),
    ("{en: One,\u00a0fr: Un}", "There is a special space", ("One", "Un")),
    ("{{en: One, fr: Un}}", "There are two `{`", ("One", "Un")),
    ("{ {en: One, two, fr: Un} }", "There are two `{`", ("One, two", "Un")),
    ('"{{en: One, fr: Un}}"', "Readers would see the braces", ("One", "Un")),
    ('"{en: One, fr: "Un"}"', "has no quotes around it", ("One", "Un")),
    ("'{en: One, fr: L'accueil}'", "has no quotes around it", ("One", "L'accueil")),
    ("|\n  {en: One, fr: Un}", "Readers would see the braces", ("One", "Un")),
]


@pytest.mark.parametrize(("typed", "reason", "meant"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_explained_and_the_correct_line_is_suggested(
    typed: str, reason: str, meant: tuple[str, str]
) -> None:
    errors = read(typed).errors
    problem = next(each for each in errors if reason in each.message)
    assert problem.line == 2
    better = problem.suggestion.values["better"]
    followed = read(str(better)).curriculum
    assert followed is not None
    assert followed.milestones[0].title.translations == (("en", meant[0]), ("fr", meant[1]))


@pytest.mark.parametrize("typed", [*(m[0] for m in MISTAKES), "{An: One, Fra: Un}", "{1: One}"])
def test_nobody_is_told_to_put_the_braces_in_quotes(typed: str) -> None:
    for error in read(typed).errors:
        assert "quotes" not in error.suggestion
        assert "is not closed" not in error.message


@pytest.mark.parametrize(
    ("old", "typed"),
    [
        ("- steward\n", "- {EN: steward, FR: délégué}\n"),
        ("- steward\n", "- {en: steward, rep, fr: délégué}\n"),
        ("- right: Yes\n", "- right: {en: Yes, now, fr: Oui}\n"),
        ("- wrong: boss\n", "- wrong: {en: boss, chief, fr: patron}\n"),
    ],
)
def test_mistakes_in_answers_and_choices_are_explained(old: str, typed: str) -> None:
    reading = read_text(files(top=BILINGUAL, second=changed(SECOND, old, typed)))
    (error,) = [each for each in reading.errors if each.suggestion.startswith("write `{en: ")]
    assert error.line == SECOND[: SECOND.index(old)].count("\n") + 1


def test_a_language_in_capital_letters_below_a_key_is_explained() -> None:
    errors = read("\n  EN: One\n  FR: Un").errors
    assert [error.suggestion for error in errors] == ["write `en`"]


TEXT = st.text(st.sampled_from(list("abé,:;'\"#?!()[]{}-–’“»%&@*|>\\ ")), min_size=1, max_size=16)


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT)
def test_translations_in_quotes_have_no_errors(english: str, french: str) -> None:
    quoted = ['"' + t.replace("\\", "\\\\").replace('"', '\\"') + 'a"' for t in (english, french)]
    reading = read(f"{{en: {quoted[0]}, fr: {quoted[1]}}}")
    assert reading.errors == ()


def test_an_answer_in_an_undeclared_language_only_is_an_error() -> None:
    (error,) = read_text(files(second=changed(SECOND, "wrong: boss", "wrong: {fr: patron}"))).errors
    assert "is not one of the curriculum's languages" in error.message
