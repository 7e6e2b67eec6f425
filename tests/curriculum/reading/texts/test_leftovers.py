"""Notes and sample texts that their author meant to replace are found, and little else."""

from __future__ import annotations

import pytest

from bridge.curriculum.reader import read_text
from bridge.curriculum.reading.texts.leftovers import leftovers
from tests.curriculum.sample_files import FIRST, TOP, changed, files, read_first

UNFINISHED = [
    ("Call TODO before noon.", "TODO"),
    ("FIXME: the date", "FIXME"),
    ("The room is TBD.", "TBD"),
    ("Call 555-XXXX.", "XXXX"),
    ("Article XXX says so.", "XXX"),
    ("Lorem ipsum dolor sit amet.", "Lorem ipsum"),
    ("Ask […] for the form.", "[…]"),
    ("Ask [...] for the form.", "[...]"),
    ("Ask [your local] for the form.", "[your local]"),
    ("Demandez à [votre section locale].", "[votre section locale]"),
    ("Write to [insert the address].", "[insert the address]"),
    ("The steps (to be written).", "(to be written)"),
    ("Les étapes [à compléter].", "[à compléter]"),
    ("First.\n\nTo be written.\n", "To be written"),
    ("## À rédiger", "À rédiger"),
    ("- your text here", "your text here"),
    ("…", "…"),
    ("...", "..."),
    ("???", "???"),
    ("Coming soon!", "Coming soon!"),
    ("Write the text of the page here.", "Write the text of the page here."),
]


@pytest.mark.parametrize(("text", "part"), UNFINISHED)
def test_what_is_unfinished(text: str, part: str) -> None:
    assert leftovers(text) == (part,)


FINISHED = [
    "Write `TODO` in your notes.",
    "Keep a TODO list.",
    "> “The employer shall […] pay overtime.”",
    "The article says “shall […] pay”.",
    "L'article dit « doit […] payer ».",
    'It says "shall [...] pay".',
    "> Sign by noon: [your link].",
    "See [your agreement](https://example.org).",
    "A letter to be written by the steward is due on Friday.",
    "Le formulaire à remplir est en ligne.",
    "The date (to be announced) is in May.",
    "By the end we will have decided …",
    "Louis XIV, chapter XX.",
    "What? Really??",
    "todo el mundo, todo",
    "Coming soon: the next course.",
    "The answer is right.",
]


@pytest.mark.parametrize("text", FINISHED)
def test_what_is_not(text: str) -> None:
    assert leftovers(text) == ()


def test_a_word_in_capital_letters_is_no_leftover_in_its_own_language() -> None:
    assert leftovers("TODO EL MUNDO", "es") == ()
    assert leftovers("TODO EL MUNDO", "fr") == ("TODO",)


def test_every_place_is_reported_with_its_line_and_column() -> None:
    found = read_first(
        "            Hello.", "            Hello TODO.\n\n            Then TODO, TBD."
    )
    assert [(p.severity, p.line, p.column) for p in found.problems] == [
        ("warning", 18, 19),
        ("warning", 20, 18),
        ("warning", 20, 24),
    ]
    assert "`body` is unfinished: `TODO`" in found.problems[0].message


def test_each_language_is_checked() -> None:
    top = changed(TOP, "languages: [en]", "languages: [en, fr]")
    first = changed(FIRST, "next: Go on.", "next: {en: Go on., fr: À rédiger}")
    problems = read_text(files(top, first)).problems
    found = [problem for problem in problems if "unfinished" in problem.message]
    assert [(p.line, p.column) for p in found] == [(29, 24)]


def test_comments_are_for_notes() -> None:
    assert read_first("next: Go on.", "next: Go on.  # TODO: ask the chair").problems == ()


def test_an_example_address_is_reported() -> None:
    url = "https://example.org/agreement?a=1&b=2"
    found = read_first(url, "https://example.org/your-local/agreement").problems
    assert [(p.severity, p.line, p.column) for p in found] == [("warning", 21, 16)]
    assert read_first(url, "https://union.example.ca/your-local").problems == ()
