"""Costly pages leave threads for everyone else."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable

from bridge.web.common.limits import costly_pages
from bridge.web.common.limits.costly_pages import MAX_AT_ONCE, MAX_PER_VISITOR, Places
from bridge.web.curricula.storage.text_diff import MAX_PAIRS, compare, pairs_to_compare
from tests.support.work import count_calls
from tests.web.curricula.editor_helpers import ADDRESS


def test_places_are_few_and_come_back() -> None:
    places = Places()
    with ExitStack() as stack:
        for _ in range(MAX_PER_VISITOR):
            stack.enter_context(places.place("a"))
        with pytest.raises(ServiceUnavailable), places.place("a"):
            pass
        for number in range(MAX_AT_ONCE - MAX_PER_VISITOR):
            stack.enter_context(places.place(str(number)))
        with pytest.raises(ServiceUnavailable), places.place("b"):
            pass
    with places.place("a"), places.place("a"):
        pass


@pytest.mark.parametrize("page", ["preview", "check", "problems"])
def test_a_costly_page_without_a_place_says_when_to_retry(
    editor: FlaskClient, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costly_pages, "MAX_PER_VISITOR", 0)
    answer = editor.post(f"{ADDRESS}/{page}", data={"text": "milestone: x"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_comparing_with_an_earlier_version_is_costly(
    editor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costly_pages, "MAX_PER_VISITOR", 0)
    assert editor.get(f"{ADDRESS}/history/any").status_code == 503


def test_comparing_texts_of_repeating_lines_grows_with_their_length() -> None:
    def repeating(count: int) -> tuple[str, str]:
        lines = [str(n % 101) for n in range(count)]
        return "\n".join(lines), "\n".join(reversed(lines))

    counts = []
    for length in (10_000, 20_000):
        old, new = repeating(length)
        assert pairs_to_compare(old.split("\n"), new.split("\n")) > MAX_PAIRS
        counts.append(count_calls(lambda old=old, new=new: list(compare(old, new))))
    assert counts[1] < 2.5 * counts[0]


def test_a_coarse_comparison_shows_all_that_changed() -> None:
    old = "a\n" + "x\ny\n" * 1_000 + "z"
    new = "a\n" + "y\nx\n" * 1_000 + "w\nz"
    lines = list(compare(old, new))
    assert [each.text for each in lines if each.kind == "-"] == old.split("\n")[1:-1]
    assert [each.text for each in lines if each.kind == "+"] == new.split("\n")[1:-1]
