"""Choices and pairs that members can't tell apart in one of the languages."""

from __future__ import annotations

import pytest

from tests.curriculum.question_types.bilingual import messages_of

CHOICES = """
- question: choice
  type: {type}
  text: {{en: Which?, fr: Lequel?}}
  feedback: {{en: That., fr: Cela.}}
  choices:
    - right: {right}
    - wrong: {{en: Neither, fr: Ni l'un ni l'autre}}
    - wrong: {wrong}
"""
PAIRS = """
- question: pairs
  type: match
  text: {{en: Match., fr: Reliez.}}
  feedback: {{en: As shown., fr: Ainsi.}}
  pairs:
    - {{left: {{en: Chair, fr: Présidence}}, right: {{en: presides, fr: préside}}}}
    - {{left: {{en: Secretary, fr: Secrétaire}}, right: {{en: records, fr: note}}}}
    - {{left: {{en: Clerk, fr: Commis}}, right: {{en: pays, fr: paie}}}}
    - {pair}
"""


@pytest.mark.parametrize("kind", ["one", "many"])
@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("{en: Yes, fr: Oui}", "{en: No, fr: Non}", ""),
        ("{en: Yes, fr: Oui}", "{en: Never, fr: oui}", "In `fr`, `oui` is listed twice; the first"),
        ("{en: Yes, fr: Oui}", "{en: YES, fr: Non}", "In `en`, `YES` is listed twice; the first"),
        ("{en: Yes, fr: Oui}", "{en: yes, fr: oui}", "`yes` is listed twice."),
        ("{en: A, fr: l'aide}", "{en: B, fr: L’aide}", "In `fr`, `L’aide` is listed twice"),
        ("{en: A, fr: Non ici}", "{en: B, fr: 'Non\u00a0 ici'}", "In `fr`, `Non ici` is listed"),
        ("{en: A, fr: e\u0301tat}", "{en: B, fr: état}", "In `fr`, `état` is listed twice"),
        ("{en: A, fr: Oui}", "{en: B, fr: '**Oui**'}", "In `fr`, `**Oui**` is listed twice"),
        ("{en: '2 * 3', fr: a}", "{en: '2 3', fr: b}", ""),
        ("{en: Oui, fr: b}", "{en: c, fr: Oui}", ""),
        ("Oui", "{en: Yes, fr: Oui}", "In `fr`, `Oui` is listed twice"),
    ],
)  # fmt: skip
def test_choices(kind: str, right: str, wrong: str, message: str) -> None:
    found = messages_of(CHOICES.format(type=kind, right=right, wrong=wrong))
    assert len(found) == bool(message), found
    assert all(severity == "error" and text.startswith(message) for severity, text in found)


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("{left: {en: Deputy, fr: Adjointe}, right: {en: presides, fr: préside}}", ""),
        (
            "{left: {en: Deputy, fr: Adjointe}, right: {en: leads, fr: préside}}",
            "In `fr`, the right side `préside` is also on line",
        ),
        (
            "{left: {en: Deputy, fr: Adjointe}, right: {en: presides, fr: dirige}}",
            "In `en`, the right side `presides` is also on line",
        ),
        (
            "{left: {en: Deputy, fr: Adjointe}, right: {en: Presides, fr: préside}}",
            "In `en`, the right side `Presides` is also on line",
        ),
        ("{right: {en: sleeps, fr: dort}}", ""),
        ("{right: {en: presides, fr: préside}}", "`presides` is listed twice."),
        ("{right: {en: sleeps, fr: préside}}", "In `fr`, `préside` is listed twice"),
        (
            "{left: {en: Chairman, fr: Présidence}, right: {en: sleeps, fr: dort}}",
            "In `fr`, `Présidence` is listed twice",
        ),
    ],
)
def test_pairs(pair: str, message: str) -> None:
    found = messages_of(PAIRS.format(pair=pair))
    assert len(found) == bool(message), found
    assert all(severity == "error" and text.startswith(message) for severity, text in found)
