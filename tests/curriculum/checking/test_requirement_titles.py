"""One sign-off or credit has one title."""

from __future__ import annotations

import pytest

from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.sample_files import FIRST, SECOND, changed, files, only


def with_titles(kind: str, first: str, second: str) -> Reading:
    old = "      - signoff: met-in-person\n        title: Met in person\n"
    one = changed(FIRST, old, f"      - {kind}: aid\n{first}")
    other = changed(SECOND, "      - signoff: training\n", f"      - {kind}: aid\n{second}")
    return read_text(files(first=one, second=other))


@pytest.mark.parametrize("kind", ["signoff", "session", "certificate", "program"])
def test_two_titles_are_a_warning(kind: str) -> None:
    title = "        title: {}\n"
    problem = only(with_titles(kind, title.format("First aid"), title.format("Aid")))
    assert problem.severity == "warning"
    assert problem.message == (
        f"`{kind}: aid` has another title, `First aid`, in first-step.yaml:28."
    )


def test_one_title_is_enough() -> None:
    title = "        title: First aid\n"
    assert with_titles("signoff", title, "").problems == ()
    assert with_titles("signoff", title, title).problems == ()
