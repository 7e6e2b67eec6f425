"""A key that changes without `previously:` is reported."""

from __future__ import annotations

import pytest

from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.sample_files import FIRST, SECOND, TOP, changed, files, only


def changes(second: str = SECOND, first: str = FIRST, top: str = TOP) -> Reading:
    return read_text(files(top=top, first=first, second=second), former=files())


RENAMED = [
    ("second", "- section: check", "- section: checks"),
    ("second", "- quiz: the-check\n          title", "- quiz: new-check\n          title"),
    ("second", "- question: several", "- question: more"),
    ("first", "- page: welcome\n          title", "- page: hello\n          title"),
    ("first", "- link: agreement\n          title", "- link: contract\n          title"),
    ("second", "- section: check\n      title: Check", "- section: look\n      title: Look"),
    (
        "second",
        "- quiz: the-check\n          title: Check what you know",
        "- quiz: test\n          title: What you know",
    ),
    (
        "second",
        "- question: days\n              type: number\n              text: How many days?",
        "- question: term\n              type: number\n              text: How many days then?",
    ),
    (
        "first",
        "- page: welcome\n          title: Welcome\n          body: |\n            Hello.",
        "- page: hello\n          title: Good day\n          body: |\n            Good morning.",
    ),
]


@pytest.mark.parametrize(("file", "old", "new"), RENAMED)
def test_a_renamed_key_is_reported_where_it_is(file: str, old: str, new: str) -> None:
    text = {"first": FIRST, "second": SECOND}[file]
    reading = changes(**{file: changed(text, old, new)})
    found = [each for each in reading.problems if "Did you rename it?" in each.message]
    assert len(found) == 1
    assert found[0].severity == "warning"
    was, now = (part.split(": ")[1].split("\n")[0] for part in (old, new))
    assert found[0].message == f"The key `{now}` is new, and `{was}` is gone. Did you rename it?"


def test_a_renamed_milestone_is_reported() -> None:
    first = changed(FIRST, "milestone: first-step", "milestone: step-one")
    second = changed(SECOND, "[first-step]", "[step-one]")
    top = changed(TOP, "[first-step,", "[step-one,")
    assert "`first-step` is gone" in only(changes(second, first, top)).message


def test_a_renamed_curriculum_is_reported() -> None:
    problem = only(changes(top=changed(TOP, "curriculum: small", "curriculum: little")))
    assert (problem.severity, problem.line) == ("warning", 1)
    assert "The courses, results and awards of `small` stay behind." in problem.message
    assert "write `small` again" in problem.suggestion
    assert changes(top=changed(TOP, "title: A small path", "title: A path")).problems == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("signoff: met-in-person", "signoff: talked-with"),
        ("signoff: met-in-person\n        title: Met in person", "signoff: met-in-persom"),
        (
            "signoff: met-in-person\n        title: Met in person",
            "signoff: first-talk\n        title: Talked with us",
        ),
    ],
)
def test_a_renamed_sign_off_is_reported(old: str, new: str) -> None:
    problem = only(changes(first=changed(FIRST, old, new)))
    assert "`met-in-person` is gone. Did you rename it?" in problem.message
    assert "write `met-in-person` again" in problem.suggestion


def test_another_sign_off_is_not_a_rename() -> None:
    old = "signoff: met-in-person\n        title: Met in person"
    elsewhere = changed(FIRST, "requirements:", "requirements:\n  - signoff: first-meeting")
    assert changes(first=changed(elsewhere, old, "role: steward")).problems == ()
    title = changed(FIRST, "title: Met in person", "title: Talked in person")
    assert changes(first=title).problems == ()


@pytest.mark.parametrize("former", ["several", "[many, several]"])
def test_with_previously_nothing_is_reported(former: str) -> None:
    new = f"- question: more\n              previously: {former}"
    assert changes(changed(SECOND, "- question: several", new)).problems == ()


def test_another_title_or_a_new_or_removed_item_is_not_a_rename() -> None:
    assert changes(changed(SECOND, "title: Check what you know", "title: Look")).problems == ()
    new = SECOND[SECOND.index("            - question: days") : SECOND.index("requirements:")]
    other = new.replace("question: days", "question: hours").replace("pairs\n", "sides\n", 1)
    other = other.replace("How many days?", "How many hours?").replace("text: Match.", "text: Fit.")
    assert changes(changed(SECOND, new, new + other)).problems == ()
    assert changes(changed(SECOND, new, other)).problems == ()
    assert changes(changed(SECOND, new, "")).problems == ()


def test_without_former_files_nothing_is_reported() -> None:
    renamed = changed(SECOND, "- question: several", "- question: more")
    assert read_text(files(second=renamed)).problems == ()
