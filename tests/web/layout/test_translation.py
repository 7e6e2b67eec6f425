"""Messages of other layers on pages: in the visitor's language, quotes in their own."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask_babel import force_locale

from bridge.curriculum.reader import Reading, read_text
from bridge.errors import MoodleMisconfigured
from bridge.messages import Message, Quote, as_data
from bridge.web.layout.translation import translate, translate_error
from tests.curriculum import test_problems
from tests.curriculum.sample_files import files, read_first, read_second, read_top
from tests.web.signed_in_users import SignedInUsers
from tests.web.translation_catalogue import french


@pytest.fixture
def app(users: SignedInUsers) -> Flask:
    return users.app


def test_values_are_translated_formatted_or_escaped(app: Flask) -> None:
    problem = Message(
        "%(label)s is longer than %(limit)s characters.",
        label=Message("%(label)s (item %(place)s)", label="`<b>`", place=2), limit=100_000,
    )  # fmt: skip
    with app.test_request_context(), force_locale("fr"):
        assert re.fullmatch(
            r"`&lt;b&gt;` \(élément 2\) compte plus de 100\s000 caractères\.", translate(problem)
        )
        share = Message("%(label)s: %(wrong)s", label="%d %(x)s", wrong="100%")
        assert translate(share) == "%d %(x)s\u00a0: 100%"


def test_a_quote_is_marked_with_its_language(app: Flask) -> None:
    broken = Message("It cannot be read: %(why)s.", why=Quote("<Permission denied>"))
    with app.test_request_context(), force_locale("fr"):
        assert translate(broken) == (
            'Impossible de le lire\u00a0: <span lang="en">&lt;Permission denied&gt;</span>.'
        )
        assert translate("what an old row says") == '<span lang="en">what an old row says</span>'
    with app.test_request_context(), force_locale("en"):
        assert translate(broken) == "It cannot be read: &lt;Permission denied&gt;."


def test_a_stored_error_is_shown_with_place_and_advice(app: Flask) -> None:
    error = MoodleMisconfigured(
        Message("%(reason)s [%(code)s]", reason=Quote("Jeton non valide", ""), code="no"),
        where="core_get_info",
        todo=Message("Try again later."),
    )
    with app.test_request_context(), force_locale("fr"):
        assert translate_error(error.as_data()) == (
            'core_get_info: <span lang="">Jeton non valide</span> [no] Réessayez plus tard.'
        )
        assert translate_error(as_data("plain")) == '<span lang="en">plain</span>'


def readings() -> list[Reading]:
    """Every mistake that the tests of the reader make."""
    two = [read_first(old, new) for old, new, *_ in test_problems.FIRST_PROBLEMS]
    more = [read_second(old, new) for old, new, *_ in test_problems.SECOND_PROBLEMS]
    top = [read_top(old, new) for old, new, *_ in test_problems.TOP_PROBLEMS]
    return [*two, *more, *top, read_text(files(top="")), read_text({})]


def test_every_reader_message_has_a_french_translation() -> None:
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
