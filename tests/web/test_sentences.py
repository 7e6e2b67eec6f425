"""Sentences of the pure core on the pages: in the visitor's language, quotes in their own."""

from __future__ import annotations

import re

import pytest
from curriculum import test_problems
from curriculum.builders import files, read_first, read_second, read_top
from flask import Flask
from flask_babel import force_locale

from bridge.curriculum.reader import Reading, read_text
from bridge.errors import MoodleMisconfigured
from bridge.sentences import Quote, Sentence, as_data
from bridge.web.sentences import said, told

from .cast import Cast
from .messages import french


@pytest.fixture
def app(cast: Cast) -> Flask:
    return cast.app


def test_gaps_are_filled_with_what_is_translated_formatted_or_escaped(app: Flask) -> None:
    problem = Sentence(
        "%(label)s has more than %(most)s characters.",
        label=Sentence("%(label)s (item %(place)s)", label="`<b>`", place=2), most=100_000,
    )  # fmt: skip
    with app.test_request_context(), force_locale("fr"):
        assert re.fullmatch(
            r"`&lt;b&gt;` \(élément 2\) compte plus de 100\s000 caractères\.", said(problem)
        )
        share = Sentence("%(label)s: %(wrong)s", label="%d %(x)s", wrong="100%")
        assert said(share) == "%d %(x)s : 100%"


def test_a_quote_is_marked_with_its_language(app: Flask) -> None:
    broken = Sentence("It cannot be read: %(why)s.", why=Quote("<Permission denied>"))
    with app.test_request_context(), force_locale("fr"):
        assert said(broken) == (
            'Impossible de le lire : <span lang="en">&lt;Permission denied&gt;</span>.'
        )
        assert said("what an old row says") == '<span lang="en">what an old row says</span>'
    with app.test_request_context(), force_locale("en"):
        assert said(broken) == "It cannot be read: &lt;Permission denied&gt;."


def test_an_error_that_was_kept_is_told_with_its_place_and_advice(app: Flask) -> None:
    error = MoodleMisconfigured(
        Sentence("%(reason)s [%(code)s]", reason=Quote("Jeton non valide", ""), code="no"),
        where="core_get_info",
        todo=Sentence("Try again later."),
    )
    with app.test_request_context(), force_locale("fr"):
        assert told(error.as_data()) == (
            'core_get_info: <span lang="">Jeton non valide</span> [no] Réessayez plus tard.'
        )
        assert told(as_data("plain")) == '<span lang="en">plain</span>'


def readings() -> list[Reading]:
    """Every mistake that the tests of the reader make."""
    two = [read_first(old, new) for old, new, *_ in test_problems.FIRST_PROBLEMS]
    more = [read_second(old, new) for old, new, *_ in test_problems.SECOND_PROBLEMS]
    top = [read_top(old, new) for old, new, *_ in test_problems.TOP_PROBLEMS]
    return [*two, *more, *top, read_text(files(top="")), read_text({})]


def test_whatever_the_reader_says_has_its_french() -> None:
    known = {message.id for message in french() if message.string}
    said = {
        text.template
        for reading in readings()
        for problem in reading.problems
        for text in (problem.message, problem.suggestion)
        if text
    }
    assert len(said) > 50
    assert said <= known
