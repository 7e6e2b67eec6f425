"""Texts of the curriculum on pages: their language, their HTML, their French spaces."""

from __future__ import annotations

from bridge.curriculum.model import Text
from bridge.web.layout.content import block_html, inline_html, plain_text

QUESTION = Text((("en", "Who : **me** ?"), ("fr", "Qui : **moi** ?")))
ENGLISH = Text((("en", "Who : **me** ?"),))


def test_french_texts_have_no_break_spaces() -> None:
    assert plain_text(QUESTION, "fr") == "Qui\u00a0: **moi**\u202f?"
    assert block_html(QUESTION, "fr") == "<p>Qui\u00a0: <strong>moi</strong>\u202f?</p>"
    assert inline_html(QUESTION, "fr") == "Qui\u00a0: <strong>moi</strong>\u202f?"


def test_other_texts_stay_as_they_are() -> None:
    assert plain_text(QUESTION, "en") == "Who : **me** ?"
    assert plain_text(ENGLISH, "fr") == "Who : **me** ?"
    assert inline_html(ENGLISH, "fr") == "Who : <strong>me</strong> ?"


def test_html_of_a_text_is_sanitised() -> None:
    script = Text((("fr", "<script>alert(1)</script> !"),))
    assert "<script" not in block_html(script, "fr")
    assert "<script" not in inline_html(script, "fr")
