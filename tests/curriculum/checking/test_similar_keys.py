"""Two keys of sign-offs that differ by one typing mistake are a warning."""

from __future__ import annotations

import pytest

from bridge.curriculum.checking.similar_keys import is_misspelling, is_renamed
from tests.curriculum.sample_files import only, read_second


@pytest.mark.parametrize("typed", ["trainin", "traning", "trainning", "trainnig", "tralning"])
def test_a_key_that_is_nearly_another_is_a_warning(typed: str) -> None:
    new = f"      - signoff: training\n  - signoff: {typed}\n"
    problem = only(read_second("      - signoff: training\n", new))
    assert (problem.severity, problem.line) == ("warning", 75)
    assert f"`signoff: {typed}` is nearly `training`, in second-step.yaml:74" in problem.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("basic-training", "steward-training"),
        ("group-1", "group-2"),
        ("meeting-a", "meeting-b"),
        ("trainer", "trainee"),
        ("trainers", "trainees"),
        ("north", "south"),
        ("training", "training"),
    ],
)
def test_other_keys_are_meant(one: str, other: str) -> None:
    assert not is_misspelling(one, other)


def test_a_new_key_with_other_digits_is_no_rename() -> None:
    assert is_renamed("basic-training", "basic-trainings")
    assert not is_renamed("training-2024", "training-2025")
