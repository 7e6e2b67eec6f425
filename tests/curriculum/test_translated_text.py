"""Texts in one or more languages: languages, lengths, HTML and comments."""

from __future__ import annotations

from bridge.curriculum.reader import read_text

from .sample_files import FIRST, TOP, changed, files, only, read_first

BILINGUAL = changed(TOP, "languages: [en]", "languages: [en, fr]")


def test_missing_translations_are_warnings() -> None:
    first = changed(FIRST, "title: First Step", "title: {en: First Step, fr: Premier pas}")
    first = changed(first, "title: Welcome\n", "title: {en: Welcome}\n")
    reading = read_text(files(top=BILINGUAL, first=first))
    assert reading.curriculum is not None
    assert reading.curriculum.milestones[0].title.pick("fr") == "Premier pas"
    found = {(p.file, p.line): p.message for p in reading.problems}
    assert ("first-step.yaml", 2) not in found
    assert found["first-step.yaml", 16] == "`title` has no text in `fr`."
    assert "`summary` is written in one language only" in found["first-step.yaml", 5]
    assert {p.severity for p in reading.problems} == {"warning"}


def test_an_undeclared_language_is_ignored_with_one_warning() -> None:
    both = "title: {en: First Step, fr: Premier pas}"
    first = changed(FIRST, "title: First Step", both)
    first = changed(first, "title: Welcome\n", "title: {fr: Bienvenue, en: Welcome}\n")
    reading = read_text(files(first=first))
    assert reading.curriculum is not None
    assert reading.curriculum.milestones[0].title.translations == (("en", "First Step"),)
    (problem,) = reading.problems
    assert (problem.severity, problem.line, problem.column) == ("warning", 2, 25)
    assert problem.message.startswith("Texts in `fr` are ignored")
    assert problem.suggestion == "add it to `languages:` in curriculum.yaml"


def test_translations_are_in_the_order_of_the_declared_languages() -> None:
    first = changed(FIRST, "title: First Step", "title: {fr: Premier pas, en: First Step}")
    reading = read_text(files(top=BILINGUAL, first=first))
    assert reading.curriculum is not None
    assert reading.curriculum.milestones[0].title.languages == ("en", "fr")


def test_language_tags_count_towards_the_length_of_titles() -> None:
    long = "x" * 90
    title = f"title: {{en: {long}, fr: {long}}}"
    first = changed(FIRST, "title: First Step", title)
    errors = read_text(files(top=BILINGUAL, first=first)).errors
    assert [p.message for p in errors] == [
        "`title` has 262 characters, including the tags for its languages; Moodle keeps only 254."
    ]


def test_html_is_a_warning() -> None:
    problem = only(read_first("next: Go on.", "next: Go <b onclick=x> on."))
    assert (problem.severity, problem.line, problem.column) == ("warning", 29, 10)


def test_comments_and_quoted_hashes_are_allowed() -> None:
    assert read_first("title: First Step", "title: 'Local #5'  # a comment").problems == ()
    assert read_first("title: First Step", "title: First  # a comment").problems == ()
