"""Texts that look like mistakes and aren't have no warnings."""

from __future__ import annotations

import pytest

from bridge.curriculum.reader import read_text
from tests.curriculum.sample_files import FIRST, SECOND, TOP, changed, files

BILINGUAL = changed(TOP, "[en]", "[en, fr]")

LINES = [
    "Learn C# and F#",
    "Local 5#",
    "See example.org/a#part-2",
    "Dues are $25.50 or 2%",
    "Meet at 18:30",
    "Ratio 3:2",
    "18 h 30 à 20 h",
    "Don't sign",
    "L'accueil des membres d'ici",
    "The members’ rights",
    "She said “call me” and left",
    '"Call me"',
    "« Bonjour » à toutes et à tous",
    "Rights – yours",
    "A - B",
    "5 * 3 * 2 = 30",
    "5×3×2",
    "Members* and friends",
    "Fill in ____ and ____",
    "snake_case_name",
    "AT&T and R&D",
    "Q & A",
    "a < b and b > c",
    "Email <3 members",
    "I/we",
    "Yes",
    "No",
    "2026-01-31",
    "1.10",
    "+1 613 555 0100",
    "(optional)",
    "Step 1. Read",
    "1. Welcome",
    "and/or",
    "50/50",
    "Êtes-vous prêt·e·s ?",
    "délégué(e)s",
    "À ÎLE-ÂTRE, ÂGE",
    "Año, Ångström, naïve, œuvre, €5",
    "ᐃᓄᒃᑎᑐᑦ",
    "mentor-mentee",
    "Section 7(b), par. 2",
    "What now?",
    "C:\\Users\\me",
    "Use {braces} inside",
    "see [1] and [a]",
    "e.g. this",
    "…and more",
    "-5 degrees",
    "10% off, today; tomorrow",
]

QUOTED = [
    "Rights: yours",
    "Ouvert\u00a0: à 18 h",
    "Droits : les vôtres",
    "Local #5 and # 6",
    "{notes} first",
    "[Draft] x",
    "- not a list",
    "@home",
    "`tick",
    "100 % : oui",
    "Note: see C:\\new",
    "It's “so”: yes",
    "{a: b}",
    "<- back",
]

MARKDOWN = [
    "Use *stars* and **more**, `code*with*stars` and 2 * 3.",
    "A list:\n\n- one\n- two\n\n1. three\n2. four",
    "— Bonjour, dit-elle.\n\n— Bonjour.",
    "A line – with a dash\nand – another",
    "[link](https://example.org/a_b_c#d?e=f&g=h) and <https://example.org/x>",
    "[https://example.org/x](https://example.org/x)",
    "[mail](mailto:us@example.org)",
    "# Heading\n\n## Another\n\nText\n====\n\nMore",
    "> quoted\n> text",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "`<b>` is HTML",
    "&amp; &nbsp; &eacute; are codes",
    "2 < 3 > 1",
    "*un*, deux",
    "(*un*) — *deux*.",
    "l'*accueil*",
    "« *accueil* »",
    "10*",
    "Price: 5 # not a comment in a block",
    "=======\nunderlined",
    "Backslash \\* and C:\\temp",
]


def warnings(first: str) -> list[str]:
    problems = read_text(files(first=first)).problems
    return [f"{each.message} {each.suggestion}" for each in problems]


@pytest.mark.parametrize("text", LINES)
@pytest.mark.parametrize(
    ("old", "new"),
    [("title: First Step", "title: {}"), ("Knows where the agreement is", "{}"),
     ("next: Go on.", "next: {}")],
)  # fmt: skip
def test_a_harmless_line_has_no_warning(text: str, old: str, new: str) -> None:
    typed = f"'{text}'" if text[0] in '"…+(-' and text[0] == '"' else text
    assert warnings(changed(FIRST, old, new.format(typed))) == []


@pytest.mark.parametrize("text", QUOTED)
def test_a_harmless_text_in_quotes_has_no_warning(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    assert warnings(changed(FIRST, "title: First Step", f"title: {quoted}")) == []
    both = f"title: {{en: {quoted}, fr: {quoted}}}"
    reading = read_text(files(top=BILINGUAL, first=changed(FIRST, "title: First Step", both)))
    assert [each for each in reading.problems if each.line == 2 and "first" in each.file] == []


@pytest.mark.parametrize("text", MARKDOWN)
def test_harmless_markdown_has_no_warning(text: str) -> None:
    body = "|\n" + "\n".join(f"  {line}" for line in text.split("\n"))
    assert warnings(changed(FIRST, "next: Go on.", f"next: {body}")) == []


@pytest.mark.parametrize("answer", ["*steward*", "st?ward", "3*4", "s*", "_", "shop *"])
def test_wildcards_in_answers_have_no_warning(answer: str) -> None:
    second = changed(SECOND, "- right: shop steward", f"- right: '{answer}'")
    messages = [each.message for each in read_text(files(second=second)).problems]
    assert [each for each in messages if "shown as typed" in each] == []


@pytest.mark.parametrize(
    "role", ["chief-steward", "co-steward", "trustee", "trainer", "mentor", "area-2", "recorder"]
)
def test_other_roles_have_no_warning(role: str) -> None:
    second = changed(SECOND, "      - role: steward", f"      - role: {role}")
    assert read_text(files(second=second)).problems == ()


def test_comments_have_no_warning() -> None:
    first = changed(FIRST, "title: First Step", "title: First Step  # a note\n# a line")
    first = changed(first, "access: open", "access: open # a note")
    assert warnings(first) == []
