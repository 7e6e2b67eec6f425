from __future__ import annotations

import unicodedata

import pytest

from bridge.printable_text import find_unprintable, unprintable_problem, visible

PRINTABLE = {
    "accents": "Zoë Łuczak-O’Neill",
    "a no-break space": "10\u00a0km",
    "Arabic": "سارة الحسن",
    "a Persian joiner": "می\u200cخواهم",
    "a Hindi joiner": "क्\u200dष",
    "a family": "👩🏽\u200d🚀",
    "a rainbow flag": "🏳\ufe0f\u200d🌈",
    "Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "a keycap": "1\ufe0f\u20e3",
    "a variant of a Japanese letter": "辻\U000e0100",
    "an Arabic number sign": "\u060012",
}
REFUSED = {
    "NUL": "\x00",
    "escape": "\x1b",
    "delete": "\x7f",
    "next line": "\x85",
    "line separator": "\u2028",
    "surrogate": "\ud800",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "right-to-left mark": "\u200f",
    "zero-width space": "\u200b",
    "byte-order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "Hangul filler": "\u3164",
    "tag": "\U000e0041",
    "noncharacter": "\uffff",
    "joiner between Latin letters": "\u200d",
    "variation of a Latin letter": "\ufe0e",
}


@pytest.mark.parametrize("text", PRINTABLE.values(), ids=PRINTABLE)
def test_what_people_can_see_is_printable(text: str) -> None:
    assert find_unprintable(text) is None
    assert visible(text) == text


@pytest.mark.parametrize("character", REFUSED.values(), ids=REFUSED)
def test_a_character_that_nobody_sees_is_refused_and_named(character: str) -> None:
    for lines in (False, True):
        found = find_unprintable(f"Ka{character}te", lines=lines)
        assert found is not None
        assert (found.character, found.index, found.column) == (character, 2, 3)
    assert unprintable_problem(f"Ka{character}te").startswith("Character 3 can't be seen")
    shown = visible(f"Ka{character}te")
    assert find_unprintable(shown) is None
    assert shown.startswith("Ka\\")


def test_only_texts_with_lines_have_line_ends_and_tabs() -> None:
    text = "one\r\ntwo\tthree\n"
    assert find_unprintable(text, lines=True) is None
    assert visible(text, lines=True) == text
    assert unprintable_problem(text) == "Use a single line of text."
    assert find_unprintable("a\rb", lines=True) is not None
    assert visible("a\nb") == "a\\nb"


def test_a_problem_in_a_long_text_names_line_and_character() -> None:
    assert unprintable_problem("one\ntw\x07o", lines=True) == (
        "Line 2, character 3 can't be seen or printed: U+0007. Delete it."
    )
    assert "U+202E (right-to-left override)" in unprintable_problem("a\u202eb", lines=True)


def test_joiners_stand_between_letters_that_join() -> None:
    for text in ("\u200dक", "क\u200d", "क\u200d ष", "a\u200dक", "क\u200d\u200dष"):
        assert find_unprintable(text) is not None


def test_every_control_and_format_character_is_refused_except_visible_ones() -> None:
    seen = {chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) in _HIDDEN}
    allowed = {each for each in seen if find_unprintable(each) is None}
    names = {unicodedata.name(each) for each in allowed}
    marks = ("ARABIC", "KAITHI")
    assert all(name.startswith(marks) for name in names), names


_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
