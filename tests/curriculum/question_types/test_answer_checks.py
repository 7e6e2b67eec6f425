"""Answers of a `short` question that never or always count, in any language."""

from __future__ import annotations

import pytest

from tests.curriculum.question_types.bilingual import messages_of

QUESTION = """
- question: word
  type: short
  text: {{en: Which word?, fr: Quel mot?}}
  feedback: {{en: That word., fr: Ce mot.}}
  answers:
{answers}
"""


def messages(*answers: str, languages: str = "en, fr") -> list[tuple[str, str]]:
    listed = "\n".join(f"    - {answer}" for answer in answers)
    return messages_of(QUESTION.format(answers=listed), languages)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        # A wrong answer hides a right one.
        (
            ["{wrong: 'super*', feedback: No.}", "{right: supervisor}"],
            "`supervisor` never counts: the wrong answer `super*` before it matches first.",
        ),
        (
            ["{wrong: 'super*'}", "{right: boss}", "{right: '*supervisor', feedback: Yes.}"],
            None,
        ),
        (
            ["boss", "{wrong: {en: 'super*', fr: non}}", "{right: {en: chief, fr: superviseur}}"],
            "`superviseur` never counts: the wrong answer `super*` before it matches first.",
        ),
        (
            ["boss", "{wrong: 's*r'}", "{right: 'su*or'}"],
            "`su*or` never counts: the wrong answer `s*r` before it matches first.",
        ),
        (
            ['{wrong: "l\'*"}', "{right: {en: unit, fr: l’unité}}"],
            "`l’unité` never counts: the wrong answer `l'*` before it matches first.",
        ),
        (
            ["{wrong: 'É*'}", "{right: {en: school, fr: e\u0301cole}}"],
            "`e\u0301cole` never counts: the wrong answer `É*` before it matches first.",
        ),
        # A right answer accepts an expected mistake.
        (
            ["'*visor'", "{wrong: advisor}"],
            "`advisor` counts as right: the right answer `*visor` before it matches first.",
        ),
        # The same text is right and wrong.
        (
            ["{right: {en: cat, fr: chat}}", "{wrong: {en: Chat, fr: bavardage}}"],
            "`Chat` is listed as a right and as a wrong answer.",
        ),
        (
            ["{wrong: 'n*o'}", "yes", "{right: 'n**o'}"],
            "`n**o` is listed as a right and as a wrong answer.",
        ),
        # Stars alone, in any language.
        (["'*'"], "`*` alone accepts any answer."),
        (["{right: {en: '*', fr: '* *'}}"], "`*` alone accepts any answer."),
        (
            ["{right: {en: steward, fr: '*'}}"],
            "`*` in `fr` accepts any answer in any language.",
        ),
        (
            ["boss", "{wrong: {en: chief, fr: '**'}}", "steward"],
            "`*` matches everything, so the answers after it are ignored.",
        ),
        (["boss", "{wrong: {en: '*', fr: non}}"], None),
        # Twice.
        (
            ["{right: {en: boss, fr: chef}}", "{right: {en: Boss, fr: chef}}"],
            "`Boss` is listed twice.",
        ),
        (["{right: {en: boss, fr: l'aide}}", "l’aide"], "`l’aide` is listed twice."),
        (["{right: {en: boss, fr: chef}}", "{right: {en: head, fr: chef}}"], None),
        (["steward", "{right: '*steward*'}", "{wrong: '*'}"], None),
        (["{wrong: steward}", "{right: '*steward*'}"], None),
        # Too long to be typed.
        (["boss", "a" * 201], "members can type 200 characters at most."),
        (["boss", "a" * 200], None),
    ],
)
def test_answers_that_never_or_always_count(answers: list[str], message: str | None) -> None:
    found = messages(*answers)
    assert len(found) == (message is not None), found
    for severity, text in found:
        assert severity == "error"
        assert text.endswith(message or "")


def test_feedback_that_is_never_shown() -> None:
    found = messages("{right: '*visor'}", "{right: supervisor, feedback: {en: Yes., fr: Oui.}}")
    lost = "The feedback of `supervisor` is never shown: `*visor` before it matches first."
    assert found == [("warning", lost)]
    assert messages("{right: '*visor'}", "supervisor") == []


@pytest.mark.parametrize(
    ("answers", "languages", "refused"),
    [
        (["'3.5'"], "en, fr", "`3.5` is compared as a text, so `3,5` is refused."),
        (["'3.5'", "'3,5'"], "en, fr", ""),
        (["{right: {en: '3.5', fr: '3,5'}}"], "en, fr", ""),
        (["{right: {en: '*3.5', fr: '3,5'}}"], "en, fr", ""),
        (["'3.5'"], "en", ""),
        (["'1,000'"], "en", "`1,000` is compared as a text, so `1000` is refused."),
        (["'1,000'", "'1000'"], "en, fr", "`1,000` is compared as a text, so `1 000` is refused."),
        (["'1946'"], "en, fr", ""),
        (["'3.5.1'"], "en, fr", ""),
        (["steward", "{wrong: '3.5'}"], "en, fr", ""),
    ],
)
def test_numbers_compared_as_texts(answers: list[str], languages: str, refused: str) -> None:
    found = messages(*answers, languages=languages)
    assert found == ([("warning", refused)] if refused else [])
