"""Patterns of short answers: the same as Moodle's, and which one hides which."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bridge.curriculum.question_types.typed_answers.wildcards import (
    covers,
    matches,
    matches_everything,
    spellings,
    without_stars,
)

PATTERNS = st.text("ab*\\' ", max_size=7)
TYPED = st.text("ab*' ", max_size=6)


def moodles_expression(pattern: str) -> str:
    """The regular expression that Moodle makes of a pattern."""
    parts = re.split(r"(?<!\\)\*+", pattern)
    return ".*".join(re.escape(part.replace("\\*", "*")) for part in parts)


@given(PATTERNS, TYPED)
def test_a_pattern_matches_what_moodles_expression_matches(pattern: str, typed: str) -> None:
    assert matches(pattern, typed) is bool(re.fullmatch(moodles_expression(pattern), typed))


@given(PATTERNS, PATTERNS, TYPED)
def test_a_pattern_that_covers_another_matches_all_of_it(
    wide: str, narrow: str, typed: str
) -> None:
    if covers(wide, narrow) and matches(narrow, typed):
        assert matches(wide, typed)


@given(PATTERNS.map(str.strip))
def test_every_pattern_matches_itself_and_its_text_without_stars(pattern: str) -> None:
    assert covers(pattern, pattern)
    assert matches(pattern, without_stars(pattern)) or " " in pattern


def test_only_stars_and_spaces_match_everything() -> None:
    assert [matches_everything(each) for each in ("*", "* *", " ** ", "a*", r"\*", "", " ")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip


def test_both_apostrophes_are_exported() -> None:
    assert spellings("l'unité d’aide") == ("l'unité d’aide", "l'unité d'aide", "l’unité d’aide")
    assert spellings("l'unité") == ("l'unité", "l’unité")
    assert spellings("dix\u00a0 jours\n") == ("dix jours",)


def test_a_long_pattern_is_not_slow() -> None:
    assert not matches("a*" * 5000 + "c", "a" * 20_000 + "b")
