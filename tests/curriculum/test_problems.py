"""Every kind of problem in curriculum files is reported at its position."""

from __future__ import annotations

import re

import pytest

from bridge.curriculum.problems import (
    MAX_PROBLEMS_PER_FILE,
    Position,
    Report,
    format_problem,
)
from bridge.curriculum.reader import read_text

from .sample_files import (
    FIRST,
    SECOND,
    TOP,
    changed,
    files,
    only,
    read_first,
    read_second,
    read_top,
)


def test_a_formatted_problem_shows_position_line_caret_and_suggestion() -> None:
    problem = only(read_first("milestone: first-step", "miletsone: first-step"))
    assert format_problem(problem) == (
        "first-step.yaml:1:1: error: Unknown key `miletsone`. – did you mean `milestone`?\n"
        "    miletsone: first-step\n"
        "    ^"
    )


def test_problems_in_all_files_are_reported_at_once() -> None:
    reading = read_text(
        files(
            top=changed(TOP, "title: A small path", "titel: A small path"),
            first=changed(FIRST, "access: open", "access: opne"),
            second=changed(SECOND, "pass: 80", "pass: 180").replace("type: many", "type: several"),
        )
    )
    assert [(p.file, p.line) for p in reading.problems] == [
        ("curriculum.yaml", 2),
        ("first-step.yaml", 4),
        ("second-step.yaml", 20),
        ("second-step.yaml", 31),
    ]


FIRST_PROBLEMS = [
    ("title: First Step", "title:", 2, 7, "`title` is empty"),
    ("title: First Step", "title: Rights: yours", 2, 14, "a colon inside the text"),
    ("title: First Step", "title: Local #5 guide", 2, 14, "ends before this `#`"),
    ("title: First Step", "title: *bold", 2, 8, "cannot begin with the character *"),
    ("title: First Step", "title: **bold**", 2, 9, "cannot begin with the character *"),
    ("title: First Step", "title: &name x", 2, 8, "cannot begin with the character &"),
    ("title: First Step", "title: !now x", 2, 8, "cannot begin with the character !"),
    ("title: First Step", "title: !!str x", 2, 8, "cannot begin with the character !"),
    ("title: First Step", "title: @home", 2, 8, "cannot begin with the character @"),
    ("title: First Step", "title: 'don't'", 2, 13, "must end with the same quote"),
    ("title: First Step", 'title: "open', 2, 8, "must end with the same quote"),
    ("title: First Step", "title: “Rights: yours”", 2, 15, "curly quotes"),
    ("title: First Step", "title: [Draft] x", 2, 16, "as a list or mapping"),
    ("title: First Step", "title: [Draft]", 2, 8, "must be a text, not a list"),
    ("title: First Step", "title:First", 2, 1, "There must be a space"),
    ("title: First Step", "title First", 2, 1, "A colon is missing"),
    ("title: First Step", "\ttitle: First", 2, 1, "begins with a tab"),
    ("title: First Step", "title: a\ntitle: b", 3, 1, "given twice; the first is on line 2"),
    ("title: First Step", "title: {fr: b}", 2, 9, "not one of the curriculum's languages"),
    ("title: First Step", f"title: {'x' * 255}", 2, 8, "255 characters; Moodle keeps only 254"),
    ("title: First Step", "title: a\x07b", 2, 9, "control character here (U+0007)"),
    ("title: First Step", "title: a\u2028b", 2, 9, "(U+2028 (line separator))"),
    ("title: First Step", "title: a\nother: {<<: {a: b}}", 3, 9, "Merging mappings with `<<`"),
    ("title: First Step", "title: a\ntime_limit: 5", 3, 1, "no time limit"),
    ("title: First Step", "title: a\nTimeLimit: 5", 3, 1, "no time limit"),
    ("title: First Step", "title: a\ncloses: 5", 3, 1, "not to weed people out"),
    ("title: First Step", "title: a\n? [x]\n: b", 3, 3, "mapping cannot be a key"),
    ("title: First Step", "title: a\n---\nb: c", 3, 1, "A second YAML document begins"),
    ("audience: members", "audience: everybody", 3, 11, "is not one of `members`, `stewards`"),
    ("audience: members", "audience: [members]", 3, 11, "must be `members`, `stewards` or cond"),
    ("audience: members", "audience: {}", 3, 11, "`audience` has no condition"),
    ("audience: members", "audience: {rolle: trustee}", 3, 12, "Unknown key `rolle`"),
    ("audience: members", "audience: {role: Trustee!}", 3, 18, "is not a valid key"),
    ("audience: members", "audience: {status: gone}", 3, 20, "is not one of `not-yet-member`"),
    ("audience: members", "audience: {milestone: nowhere}", 3, 23, "no milestone `nowhere`"),
    ("audience: members", f"audience: {{unit: {'x' * 101}}}", 3, 18, "at most 100 are allowed"),
    ("audience: members\n", "", 1, 1, "`audience` is missing in this milestone"),
    ("expectations:\n  - Knows where the agreement is", "expectations: Knows", 7, 15, "be a list"),
    ("expectations:\n  - Knows where the agreement is", "expectations:", 7, 14, "is empty"),
    ("expectations:\n  - Knows where the agreement is", "expectations: []", 7, 15, "is empty"),
    ("  - Knows where", "  - Knows: where", 8, 5, "the colon after `Knows` cuts it in two"),
    (
        "page: welcome\n          title",
        "pgae: welcome\n          title",
        15,
        11,
        "Unknown key `pgae`",
    ),
    ("page: welcome\n          title", "video: x\n          title", 15, 11, "`page:` or `link:`"),
    ("section: start", "section: Début du cours", 11, 16, "is not a valid key"),
    ("section: start", "section: 2nd", 11, 16, "is not a valid key"),
    ("section: start", f"section: {'s' * 29}", 11, 16, "29 characters; a key can have"),
    ("https://example.org/agreement?a=1&b=2", "javascript:alert(1)", 21, 16, "does not begin with"),
    ("https://example.org/agreement?a=1&b=2", "ftp://example.org", 21, 16, "does not begin with"),
    ("https://example.org/agreement?a=1&b=2", "https://", 21, 16, "does not begin with"),
    ("https://example.org/agreement?a=1&b=2", "https://a b.org", 21, 16, "not allowed"),
    ("https://example.org/agreement?a=1&b=2", "https://u:p@x.org", 21, 16, "user name or password"),
    ("https://example.org/agreement?a=1&b=2", "https://[x", 21, 16, "is not a web address"),
    ("next: Go on.", "next: '[x](javascript:alert(1))'", 29, 12, "the link `javascript:alert(1)`"),
    ("next: Go on.", "next: '![x](pictures/x.png)'", 29, 13, "`next` can't show images"),
    ("next: Go on.", "next: '[x](ftp://x.org)'", 29, 12, "the link `ftp://x.org`"),
    ("Hello.", "'![x](mailto:a@b.org)'", 18, 19, "the image `mailto:a@b.org` is on another site"),
    ("next: Go on.", "next: <vbscript:x>", 29, 8, "the link `vbscript:x`"),
    ("s:\n  - page: welcome", "s:\n  - page: wellcome", 24, 11, "There is no page `wellcome`"),
    ("s:\n  - page: welcome", "s:\n  - quiz: welcome", 24, 11, "is a page, not a quiz"),
    ("s:\n  - page: welcome", "s:\n  - page: welcome\n  - page: welcome", 25, 5, "required twice"),
    ("link: agreement\n          title", "link: welcome\n          title", 19, 17, "used twice"),
    (
        "page: welcome\n          title",
        "page: welcome\n          previously: agreement\n          title",
        16,
        23,
        "is the key of another activity, in first-step.yaml:20",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "column", "message"), FIRST_PROBLEMS)
def test_problem_in_a_milestone(old: str, new: str, line: int, column: int, message: str) -> None:
    errors = [p for p in read_first(old, new).errors if message in p.message]
    assert [(p.line, p.column) for p in errors] == [(line, column)], read_first(old, new).problems


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


SECOND_PROBLEMS = [
    ("- right: Yes", "- wrong: Yes", "question: single", "has no right choice"),
    ("- wrong: No", "- right: No", "- right: No", "second of 2 right choices"),
    ("- wrong: No", "- wrong: yes", "- wrong: yes", "`yes` is listed twice"),
    ("- wrong: C", "- right: C", "question: several", "has no wrong choice"),
    ("- wrong: C", "- worng: C", "- worng: C", "Unknown key `worng`"),
    ("- wrong: C", "- text: C", "- text: C", "must be a choice with `right:` or `wrong:`"),
    ("- wrong: C", "- wrong: C\n                  right: D", "wrong: C", "key `wrong` does not"),
    (
        "- wrong: C",
        "".join(f"- wrong: {n}\n                " for n in range(11)),
        "- wrong: 10",
        "There are 11 wrong choices",
    ),
    ("type: many", "type: multiple", "type: multiple", "is not one of `one`, `many`"),
    ("              type: many\n", "", "question: several", "`type` is missing"),
    (
        "type: many",
        "type: short",
        "choices:\n                - right: A",
        "`choices` does not belong",
    ),
    ("                  feedback: Look again.\n", "", "question: single", "has no feedback"),
    ("              if-false: Right.\n", "", "question: statement", "has no feedback"),
    ("              feedback: Ten.\n", "", "question: days", "has no feedback"),
    ("correct: no", "correct: maybe", "correct: maybe", "is not one of `true`, `false`"),
    ("- right: shop steward", "- right: '*'", "- right: '*'", "accepts any answer"),
    ("- right: shop steward", "- wrong: '*'", "- wrong: '*'", "after it are ignored"),
    ("- right: shop steward", "- right: Steward", "- right: Steward", "is listed twice"),
    (
        "- right: shop steward",
        "- {answer: steward}",
        "- {answer",
        "must be an answer with `right:` or",
    ),
    ("- right: shop steward", "- [steward]", "- [steward]", "must be an answer with `right:`"),
    ("- right: shop steward", "- {fr: délégué}", "- {fr", "not one of the curriculum's languages"),
    ("number: 10", "number: ten", "number: ten", "is not a number"),
    ("number: 10", "number: ١٠", "number: ١٠", "is not a number"),
    ("tolerance: 0.5", "tolerance: -1", "tolerance: -1", "-1 is less than 0"),
    ("                - right: plays golf\n", "", "question: pairs", "three different right"),
    (
        "                - right: records\n                  left: Secretary\n",
        "",
        "question: pairs",
        "at least two pairs",
    ),
    ("pass: 80", "pass: 0", "pass: 0", "0 is not between 1 and 100"),
    ("pass: 80", "pass: 101", "pass: 101", "101 is not between 1 and 100"),
    ("pass: 80", "pass: 80%", "pass: 80%", "is not a whole number"),
    ("pass: 80", "pass: 80\n          attempts: 2", "attempts: 2", "no time limit"),
    ("- at-least: 1", "- at-least: 3", "at-least: 3", "there are only 2 requirements"),
    ("- at-least: 1", "- at-least: 0", "at-least: 0", "0 is not between"),
    ("after: [first-step]", "after: [frist-step]", "after:", "There is no milestone `frist-step`"),
    ("after: [first-step]", "after: [first-step, first-step]", "after:", "listed twice"),
    ("after: [first-step]", "after: [second-step]", "after:", "`second-step` needs `second-step`"),
    ("previously: step-two", "previously: first-step", "previously:", "key of another milestone"),
    ("previously: step-two", "previously: [b, first-step]", "previously:", "another milestone"),
    ("previously: step-two", "previously: [Step Two]", "previously:", "lower-case letters"),
    ("previously: step-two", "previously: {a: b}", "previously:", "must be a list"),
    ("image: badges/second.png", "image: badges/Second.png", "image:", "There is no file"),
    ("image: badges/second.png", "image: ../secret.png", "image:", "is outside the"),
    ("image: badges/second.png", "image: /etc/x.png", "image:", "is outside the"),
    ("image: badges/second.png", "image: C:/x.png", "image:", "is outside the"),
    ("image: badges/second.png", "image: badges\\second.png", "image:", "backslash"),
    ("image: badges/second.png", "image: badges/second.jpg", "image:", "is not a PNG"),
]


@pytest.mark.parametrize(("old", "new", "where", "message"), SECOND_PROBLEMS)
def test_problem_in_quiz_entry_or_badge(old: str, new: str, where: str, message: str) -> None:
    reading = read_second(old, new)
    errors = [p for p in reading.errors if message in p.message]
    assert [p.line for p in errors] == [line_of(changed(SECOND, old, new), where)], reading.problems


def test_a_quiz_without_questions_is_an_error() -> None:
    start, end = SECOND.index("          questions:"), SECOND.index("requirements:")
    second = SECOND[:start] + "          questions: []\n" + SECOND[end:]
    assert "`questions` is empty" in only(read_text(files(second=second))).message


TOP_PROBLEMS = [
    ("[first-step, second-step]", "[first-step, secnd-step]", "No file begins with", "second-step"),
    ("[first-step, second-step]", "[first-step, third]", "`milestone: third`", "third.yaml"),
    ("[first-step, second-step]", "[first-step]", "is not listed under", "add it to that list"),
    ("[first-step, second-step]", "[first-step, first-step, second-step]", "listed twice", ""),
    ("languages: [en]", "languages: [English]", "not a language code", "`en`"),
    ("curriculum: small", "milestone: small", "must begin with `curriculum: …`", ""),
    ("curriculum: small", f"curriculum: {'c' * 31}", "at most 30", "for example"),
]


@pytest.mark.parametrize(("old", "new", "message", "advice"), TOP_PROBLEMS)
def test_problem_in_curriculum_yaml(old: str, new: str, message: str, advice: str) -> None:
    problems = [p for p in read_top(old, new).errors if message in p.message]
    assert len(problems) == 1
    assert advice in problems[0].suggestion


def test_duplicate_keys_across_files_name_both_places() -> None:
    reading = read_second("section: check", "section: start")
    problem = only(reading)
    assert (problem.file, problem.line) == ("second-step.yaml", line_of(SECOND, "section: check"))
    assert "the first is in first-step.yaml:11" in problem.message


def test_a_milestone_in_two_files_is_an_error() -> None:
    reading = read_text({**files(), "copy.yaml": FIRST.encode()})
    assert any("milestone key `first-step` is used twice" in p.message for p in reading.problems)


def test_a_circle_of_prerequisites_is_reported_once() -> None:
    entry = "access: open\nentry: {after: [second-step]}"
    problem = only(read_first("access: open", entry))
    assert "`first-step` needs `second-step` needs `first-step`" in problem.message


def test_a_requirement_that_opens_too_late_is_an_error() -> None:
    problem = only(read_first("s:\n  - page: welcome", "s:\n  - quiz: the-check"))
    assert (problem.line, problem.column) == (24, 5)
    assert "cannot be met before `first-step` is earned" in problem.message


def test_requirement_of_an_earlier_milestone_can_be_met() -> None:
    assert read_second("s:\n  - quiz: the-check", "s:\n  - page: welcome").problems == ()


def test_an_any_requirement_needs_only_one_reachable_part() -> None:
    assert (
        read_first("any:\n      - link: agreement\n", "any:\n      - quiz: the-check\n").problems
        == ()
    )


def test_a_broken_file_does_not_affect_problems_in_other_files() -> None:
    reading = read_text(files(first="title: [", second=changed(SECOND, "pass: 80", "pass: x")))
    assert [p.file for p in reading.problems] == ["first-step.yaml", "second-step.yaml"]


def test_the_number_of_problems_per_file_is_limited() -> None:
    many = "".join(f"unknown{number}: x\n" for number in range(MAX_PROBLEMS_PER_FILE + 50))
    reading = read_text(files(first=FIRST + many))
    assert len(reading.problems) == MAX_PROBLEMS_PER_FILE + 1
    assert "There are more problems" in "".join(p.message for p in reading.problems)


def test_many_warnings_are_no_error_and_hide_none() -> None:
    """A language that was just added has no texts yet."""
    question = SECOND[SECOND.index("            - question: several") :].partition(
        "            - question: statement"
    )[0]
    copies = "".join(question.replace("several", f"more-{n}") for n in range(60))
    second = SECOND.replace(question, copies)
    added = TOP.replace("[en]", "[en, fr]")
    reading = read_text(files(top=added, second=in_english(second)))
    assert reading.curriculum is not None
    found = [each for each in reading.problems if each.file == "second-step.yaml"]
    assert len(found) == MAX_PROBLEMS_PER_FILE + 1
    assert {each.severity for each in found} == {"warning"}
    wrong = changed(in_english(second), "pass: 80", "pass: x")
    problems = read_text(files(top=added, second=wrong)).problems
    assert "error" in {each.severity for each in problems}


def in_english(text: str) -> str:
    """`text` with its titles and choices in English."""
    return re.sub(r"(text|right|wrong): (.*)", r"\1: {en: \2}", text)


def test_long_lines_are_cut_around_the_caret() -> None:
    report = Report()
    report.add_source("a.yaml", "x" * 300 + "\x1b[31mred" + "y" * 300)
    report.error(Position("a.yaml", 1, 301), "Here.")
    _, line, caret = format_problem(report.problems()[0]).split("\n")
    assert "\x1b" not in line
    assert len(line) < 120
    assert line[caret.index("^")] == "�"


def test_the_caret_is_below_wide_letters() -> None:
    report = Report()
    report.add_source("a.yaml", "é漢字 x")
    report.error(Position("a.yaml", 1, 5), "Here.")
    assert format_problem(report.problems()[0]).split("\n")[2] == "    " + " " * 6 + "^"
