"""Groups of requirements whose parts open at different times."""

from __future__ import annotations

import pytest

from tests.curriculum.sample_files import only, read_first

LATER, NOW = "{quiz: the-check}", "{page: welcome}"


@pytest.mark.parametrize(
    ("group", "reachable"),
    [
        (f"any: [{LATER}, {NOW}]", True),
        (f"any: [{LATER}, {{signoff: talk}}]", True),
        (f"any: [{LATER}]", False),
        (f"at-least: 1\n    of: [{LATER}, {NOW}]", True),
        (f"at-least: 2\n    of: [{LATER}, {NOW}]", False),
        (f"at-least: 2\n    of: [{LATER}, {NOW}, {{role: helper}}]", True),
        (f"any: [{{at-least: 2, of: [{LATER}, {NOW}]}}]", False),
    ],
)
def test_enough_parts_must_open_before_the_milestone_is_earned(group: str, reachable: bool) -> None:
    reading = read_first("s:\n  - page: welcome", f"s:\n  - {group}")
    if reachable:
        assert reading.problems == ()
    else:
        assert "cannot be met before `first-step` is earned" in only(reading).message
