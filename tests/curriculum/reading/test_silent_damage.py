"""Mistakes that YAML or Markdown accept, but that change what learners read, are reported."""

from __future__ import annotations

import pytest

from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import read_text
from tests.curriculum.sample_files import FIRST, SECOND, TOP, changed, files, read_first

TITLE = "title: First Step"
ITEM = "  - Knows where the agreement is"
NEXT = "next: Go on."
RIGHT = "                  right: speaks"
LEFT = "                - left: Steward"
CHOICE = "                - right: A\n"


def only(old: str, new: str, text: str = FIRST) -> Problem:
    kind = "first" if text is FIRST else "second"
    problems = read_text(files(**{kind: changed(text, old, new)})).problems
    assert len(problems) == 1, problems
    return problems[0]


FOUND = [
    (TITLE, "title: Local # 5", (2, 14), "ends before this `#`"),
    (TITLE, "title: Press #", (2, 14), "ends before this `#`"),
    (ITEM, "  - One # two", (8, 9), "ends before this `#`"),
    (ITEM, "  - One\n    – two", (9, 5), "This line continues"),
    (ITEM, "  - One\n    - two", (9, 5), "This line continues"),
    (NEXT, "next: |\n  – One\n  – Two", (30, 3), "`–` begins no list"),
    (NEXT, "next: |\n  • One\n  • Two", (30, 3), "`•` begins no list"),
    (NEXT, "next: |\n  -\u00a0One\n  -\u00a0Two", (30, 3), "begins no list"),
    (NEXT, "next: So 5*3*2 is 30.", (29, 10), "the stars in `5*3*` disappear"),
    (NEXT, "next: Les délégué*e et formateur*trice.", (29, 17), "disappear"),
    (NEXT, "next: A&#8238;b", (29, 8), "U+202E (right-to-left override)"),
    (NEXT, "next: A&#x200B;b", (29, 8), "U+200B (zero width space)"),
    (NEXT, "next: |\n  <<<<<<< mine\n  A\n  =======\n  B\n  >>>>>>> theirs", (30, 3), "conflict"),
    (NEXT, "next: dÃ©lÃ©guÃ©e", (29, 8), "A letter became `Ã©`"),
    (NEXT, "next: the memberâ€™s", (29, 17), "A letter became `â€™`"),
    (NEXT, "next: d√©l√©gu√©e", (29, 8), "A letter became `√©`"),
    (TITLE, "title: The **best** step", (2, 12), "`**best**` will be shown as typed"),
    (TITLE, "title: The _best_ step", (2, 12), "`_best_` will be shown as typed"),
    (TITLE, "title: The <b>best", (2, 12), "`<b>` will be shown as typed"),
    (TITLE, "title: Caf&eacute;", (2, 11), "`&eacute;` will be shown as typed"),
    (TITLE, "title: See [it](https://example.org)", (2, 12), "will be shown as typed"),
    (TITLE, "title: '# First'", (2, 9), "will be shown as typed"),
    (TITLE, 'title: "C:\\new"', (2, 11), "this backslash begins a code"),
    (ITEM, "  - '- Knows'", (8, 5), "is a single line: a heading or list"),
    (NEXT, "next: |\n  -one\n  -two", (30, 3), "`-` begins no list"),
    (NEXT, "next: |\n  1)one\n  2)two", (30, 3), "`1)` begins no list"),
    (ITEM, "  - '# Knows'", (8, 5), "is a single line: a heading or list"),
    (ITEM, "  - Knows <i>it</i>", (8, 11), "HTML is not supported"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "message"), FOUND, ids=[f[1] for f in FOUND])
def test_damage_is_reported_at_its_place(
    old: str, new: str, place: tuple[int, int], message: str
) -> None:
    problems = read_first(old, new).problems
    assert message in problems[0].message
    assert (problems[0].line, problems[0].column) == place
    assert problems[0].suggestion


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (RIGHT, f"{RIGHT} **up**", "`**up**` will be shown as typed"),
        (RIGHT, f"{RIGHT} <i>up</i>", "`<i>` will be shown as typed"),
        (LEFT, f"{LEFT} 5*3*2", "disappear"),
        (CHOICE, "                - right: '# A'\n", "a heading or list"),
        (CHOICE, "                - right: <b>A</b>\n", "HTML is not supported"),
    ],
)
def test_marks_in_pairs_and_choices_are_reported(old: str, new: str, message: str) -> None:
    reading = read_text(files(second=changed(SECOND, old, new)))
    assert message in reading.problems[0].message
    assert {each.severity for each in reading.problems} == {"warning"}


ODD = [
    (TITLE, "title:\u00a0First", (2, 7), "U+00A0 (no-break space)"),
    (TITLE, "title\u202f: First", (2, 6), "U+202F (narrow no-break space)"),
    (TITLE, "\u00a0title: First", (2, 1), "U+00A0 (no-break space)"),
    (ITEM, "  -\u00a0Knows", (8, 4), "U+00A0 (no-break space)"),
    (ITEM, "\u00a0\u00a0- Knows", (8, 1), "U+00A0 (no-break space)"),
    (ITEM, "  – One\n  – Two", (8, 3), "U+2013 (en dash)"),
    (ITEM, "  — One", (8, 3), "U+2014 (em dash)"),
    (ITEM, "  • One", (8, 3), "U+2022 (bullet)"),
    (ITEM, "  − One", (8, 3), "U+2212 (minus sign)"),
    (ITEM, "  * One\n  * Two", (8, 3), "cannot begin with `*`"),
    (ITEM, "  -One\n  -Two", (8, 4), "There must be a space after the hyphen"),
    (ITEM, "  - One\n  – Two", (9, 3), "U+2013 (en dash)"),
    (TITLE, "title: Fi\u200brst", (2, 10), "U+200B (zero width space)"),
    (TITLE, "title: Fi\u202erst", (2, 10), "U+202E (right-to-left override)"),
    (TITLE, "tit\u200dle: First", (2, 4), "U+200D (zero width joiner)"),
    (TITLE, 'title: "Fi\\u202erst"', (2, 8), "U+202E (right-to-left override)"),
    (TITLE, 'title: "Fi\\u200brst"', (2, 8), "U+200B (zero width space)"),
    (TITLE, 'title: "Fi\\arst"', (2, 11), "`\\a` disappears from the text"),
    (TITLE, 'title: "C:\\Users"', (2, 13), "a backslash begins a code"),
    (TITLE, "title: | text", (2, 10), "the text begins on the next line"),
    (TITLE, "title: > text", (2, 10), "the text begins on the next line"),
    (TITLE, "title: - - x", (2, 8), "A list cannot begin on the same line"),
    (ITEM, "  - - x", (8, 5), "two `- `"),
    (NEXT, "next: |\n  a\n<<<<<<< HEAD\n  b", (31, 1), "conflict"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "message"), ODD, ids=[repr(f[1]) for f in ODD])
def test_an_odd_character_is_named_at_its_place(
    old: str, new: str, place: tuple[int, int], message: str
) -> None:
    first = read_first(old, new).problems[0]
    assert message in first.message
    assert (first.line, first.column) == place
    assert first.suggestion


def test_a_double_list_of_activities_is_explained() -> None:
    reading = read_first("        - page: welcome\n", "        - - page: welcome\n")
    assert any("two `- `" in each.message for each in reading.errors)


def test_a_language_listed_twice_is_an_error() -> None:
    (problem,) = read_text(files(top=changed(TOP, "[en]", "[en, en]"))).problems
    assert problem.message == "The language `en` is listed twice."


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("EN", "en"),
        ("english", "en"),
        ("Fr-CA", "fr"),
        ("fr_CA", "fr"),
        ("fra", "fr"),
        ("Es-MX", "es-mx"),
    ],
)
def test_a_language_code_is_suggested(typed: str, better: str) -> None:
    errors = read_text(files(top=changed(TOP, "[en]", f"[{typed}]"))).errors
    assert errors[0].suggestion == f"write `{better}`"


@pytest.mark.parametrize(
    ("name", "better"),
    [("truefalse", "true-false"), ("shortanswer", "short"), ("numerical", "number"),
     ("matching", "match"), ("ddmatch", "match"), ("qtype_matching", "match"),
     ("radio", "one"), ("checkboxes", "many")],
)  # fmt: skip
def test_moodles_name_of_a_type_suggests_ours(name: str, better: str) -> None:
    problem = only("type: short", f"type: {name}", SECOND)
    assert problem.suggestion.values["better"] == better


@pytest.mark.parametrize(
    ("name", "advice"),
    [("multichoice", "write `one` if one choice is right, or `many`"),
     ("Multiple choice", "write `one` if one choice is right, or `many`"),
     ("essay", "nothing can mark such answers"), ("cloze", "there is no such type here")],
)  # fmt: skip
def test_a_type_without_a_clear_counterpart_is_explained(name: str, advice: str) -> None:
    assert only("type: short", f"type: {name}", SECOND).suggestion.startswith(advice)


def test_a_no_break_space_before_a_colon_in_a_text_is_no_odd_key() -> None:
    (error,) = read_first(NEXT, "next: Venez.\n  Ouvert\u00a0: à 18 h.").errors
    assert "special space" not in error.message


@pytest.mark.parametrize(
    ("old", "typed"),
    [
        ("        - quiz: the-check", "\u00a0\u00a0      - quiz: the-check"),
        ("        - quiz: the-check", "        \u00a0- quiz: the-check"),
        ("          title: Check what", "\u00a0         title: Check what"),
        ("  role: steward\ncourse", "\u00a0\u00a0role: steward\ncourse"),
        ("  after: [first-step]\n  role: steward\ncourse", "\u00a0\u00a0role: steward\ncourse"),
    ],
)
def test_a_special_space_in_the_indentation_is_named(old: str, typed: str) -> None:
    problems = read_text(files(second=changed(SECOND, old, typed))).problems
    line = SECOND[: SECOND.index(old)].count("\n") + 1
    assert [each.line for each in problems if "special space" in each.message] == [line]
    assert not [each for each in problems if "Unknown key" in each.message]
