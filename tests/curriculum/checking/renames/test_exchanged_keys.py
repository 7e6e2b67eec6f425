"""A key that now stands at what had another key is reported: results would count for the other."""

from __future__ import annotations

import pytest

from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import read_text
from tests.curriculum.sample_files import FIRST, SECOND, TOP, changed, files, only

PAGE = """\
        - page: welcome
          title: Welcome
          body: |
            Hello.
"""
FIRST_WITH_TWO = changed(
    FIRST, PAGE, PAGE + PAGE.replace("elcome", "orkplace").replace("Hello", "Look")
)
SIGNED_OFF = changed(
    FIRST, "next: Go on.", "  - signoff: visit\n    title: Visited us\nnext: Go on."
)


def with_keys(text: str, keys: dict[str, str]) -> str:
    """`text` with each `kind: key` of `keys` replaced, all at once."""
    for number, old in enumerate(keys):
        text = text.replace(f"- {old}\n", f"- <{number}>\n", 1)
    for number, new in enumerate(keys.values()):
        text = text.replace(f"<{number}>", new)
    return text


def warnings(before: dict[str, bytes], now: dict[str, bytes]) -> tuple[Problem, ...]:
    assert read_text(before).problems == ()
    return read_text(now, former=before).problems


EXCHANGED = [
    ("second", SECOND, "question: single", "question: statement", 22),
    ("second", SECOND, "question: word", "question: days", 44),
    ("first", FIRST_WITH_TWO, "page: welcome", "page: workplace", 15),
    ("first", SIGNED_OFF, "signoff: met-in-person", "signoff: visit", 27),
]


@pytest.mark.parametrize(("file", "text", "one", "other", "line"), EXCHANGED)
def test_exchanged_keys_are_reported_once(
    file: str, text: str, one: str, other: str, line: int
) -> None:
    wrong = with_keys(text, {one: other, other: one})
    (problem,) = warnings(files(**{file: text}), files(**{file: wrong}))
    keys = [each.split(": ")[1] for each in (one, other)]
    assert f"The keys `{keys[1]}` and `{keys[0]}` have changed places." in problem.message
    assert problem.severity == "warning"
    assert problem.line == line


def test_exchanged_milestones_are_reported() -> None:
    first = changed(FIRST, "milestone: first-step", "milestone: second-step")
    second = changed(
        SECOND, "milestone: second-step\npreviously: step-two", "milestone: first-step"
    )
    second = changed(second, "[first-step]", "[second-step]")
    top = changed(TOP, "[first-step, second-step]", "[second-step, first-step]")
    now = {"curriculum.yaml": top.encode(), "second-step.yaml": first.encode()}
    now |= {"first-step.yaml": second.encode(), "badges/second.png": files()["badges/second.png"]}
    problem = only(read_text(now, former=files()))
    assert "`first-step` and `second-step` have changed places" in problem.message


def test_a_key_that_another_question_took_is_reported() -> None:
    taken = {"question: single": "question: which", "question: statement": "question: single"}
    (problem,) = warnings(files(), files(second=with_keys(SECOND, taken)))
    assert "This had the key `statement`, and `single` was the key" in problem.message
    assert problem.line == 38
    followed = {"question: single": "question: which"}
    (left,) = warnings(files(), files(second=with_keys(SECOND, followed)))
    assert "`which` is new, and `single` is gone. Did you rename it?" in left.message


def test_three_keys_in_a_circle_are_reported_each() -> None:
    circle = ["question: single", "question: several", "question: statement"]
    moved = dict(zip(circle, [*circle[1:], circle[0]], strict=True))
    found = warnings(files(), files(second=with_keys(SECOND, moved)))
    assert [each.suggestion[:20] for each in found] == [
        "write `single` again",
        "write `several` agai",
        "write `statement` ag",
    ]


def test_entries_that_moved_with_their_keys_have_no_warning() -> None:
    page, other = FIRST_WITH_TWO.split(PAGE)[1].split("        - link")[0], PAGE
    moved = changed(FIRST_WITH_TWO, other + page, page + other)
    assert warnings(files(first=FIRST_WITH_TWO), files(first=moved)) == ()


def test_another_title_has_no_warning() -> None:
    titles = changed(FIRST_WITH_TWO, "title: Welcome", "title: Workplace!")
    titles = changed(titles, "title: Workplace\n", "title: Welcome\n")
    assert warnings(files(first=FIRST_WITH_TWO), files(first=titles)) == ()
