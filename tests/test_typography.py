"""French marks get their no-break spaces when a text is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.typography import french_spacing

NARROW, WIDE = "\u202f", "\u00a0"
MARKS = st.text(st.sampled_from(f"ab1 \n:;?!«»`<>/&.{NARROW}{WIDE}"), max_size=30)
PIECES = st.sampled_from(
    ["`a ? b`", "<code>a : b</code>", "<a title='x ?'>", "</a>", "https://a.example/?b=c", " ", "a",
     " ?", " :", "«", "»", "&nbsp;", "12:30", "`", "<", "<pre>", "</pre>"]
)  # fmt: skip
TEXTS = MARKS | st.lists(PIECES, max_size=12).map("".join)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Qui ?", f"Qui{NARROW}?"),
        ("Vraiment ?! Oui !", f"Vraiment{NARROW}?! Oui{NARROW}!"),
        ("un ; deux", f"un{NARROW}; deux"),
        ("Bonjour!", f"Bonjour{NARROW}!"),
        ("Quoi?! (Un; deux?) «Oui!»",
         f"Quoi{NARROW}?! (Un{NARROW}; deux{NARROW}?) «{WIDE}Oui{NARROW}!{WIDE}»"),
        ("Nom: Kim", f"Nom{WIDE}: Kim"),
        ("Nom : Kim", f"Nom{WIDE}: Kim"),
        ("le quiz « Bases »", f"le quiz «{WIDE}Bases{WIDE}»"),
        ("le quiz «Bases»", f"le quiz «{WIDE}Bases{WIDE}»"),
        (f"Nom{NARROW}: Qui{WIDE}?", f"Nom{WIDE}: Qui{NARROW}?"),
        ("<b>Nom</b> : <i>Kim</i> !", f"<b>Nom</b>{WIDE}: <i>Kim</i>{NARROW}!"),
        (r"Donc \(a : b !\) : \[x ; y\] et $$a ? b$$ !",
         rf"Donc \(a : b !\){WIDE}: \[x ; y\] et $$a ? b$$ !".replace("$ !", f"${NARROW}!")),
        ("<math><mi>a</mi> <mo>:</mo> <mi>b</mi></math> : c",
         f"<math><mi>a</mi> <mo>:</mo> <mi>b</mi></math>{WIDE}: c"),
        ("« %(title)s » : %(count)s ?", f"«{WIDE}%(title)s{WIDE}»{WIDE}: %(count)s{NARROW}?"),
    ],
)  # fmt: skip
def test_spaces_before_marks_do_not_break(typed: str, shown: str) -> None:
    assert french_spacing(typed) == shown


@pytest.mark.parametrize(
    "text",
    [
        "à 12:30",
        "https://union.example/a?b=c;d:e!",
        "Tom &amp; Kim&nbsp;; l&#39;un",
        "la clé :quiz et l’option !x",
        "`a ? b : c`",
        "<code>a ? b : « c »</code>",
        '<a title="a ; b ?" href="/x">y</a>',
    ],
)
def test_other_marks_stay_as_they_are(text: str) -> None:
    assert french_spacing(text) == text


@given(TEXTS)
def test_spacing_a_text_twice_changes_nothing(text: str) -> None:
    once = french_spacing(text)
    assert french_spacing(once) == once


@given(TEXTS)
def test_only_spaces_are_changed(text: str) -> None:
    spaces = str.maketrans("", "", f" {NARROW}{WIDE}")
    assert french_spacing(text).translate(spaces) == text.translate(spaces)
