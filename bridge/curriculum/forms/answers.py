"""Read and check the answers to a form, and fit those of a draft to a form that has changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge.curriculum.forms.field import AnswerValue, Typed
from bridge.curriculum.forms.form import Form
from bridge.membership.values import DIRECTION_MARKS
from bridge.messages import Message

TypedAnswers = Mapping[str, Typed]
"""What was typed, by the key of the field."""


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """`values`: the answer to each field. `problems`: what is wrong, by the key of the field."""

    values: dict[str, AnswerValue]
    problems: dict[str, Message]


@dataclass(frozen=True, slots=True)
class FittedAnswers:
    """The answers of a draft: to fields that the form has, and to those it no longer has."""

    asked: dict[str, list[str]]
    no_longer_asked: dict[str, list[str]]


def tidy(typed: Sequence[str]) -> list[str]:
    """What was typed without control characters, with plain line ends; blanks count as empty.

    Databases can't store a NUL, and nobody types one on purpose. Marks that reverse or embed a
    direction could make a text look like another; languages don't need them.
    """
    lines = (text.replace("\r\n", "\n").replace("\r", "\n") for text in typed)
    clean = ["".join(each for each in text if _is_text(each)) for text in lines]
    return [unicodedata.normalize("NFC", text) if text.strip() else "" for text in clean]


def check_answers(form: Form, typed: TypedAnswers) -> CheckedAnswers:
    """Check the answers to all fields. Answers to other fields are ignored."""
    found = {each.key: each.accept(tidy(typed.get(each.key, ()))) for each in form.fields}
    values = {key: answer.value for key, answer in found.items()}
    problems = {key: answer.problem for key, answer in found.items() if answer.problem}
    return CheckedAnswers(values, problems)


def fit_answers(form: Form, typed: TypedAnswers) -> FittedAnswers:
    """Fit what was typed to the form as it is now. An answer follows its field's `previously`."""
    left = {key: list(answer) for key, answer in typed.items() if any(answer)}
    asked = {each.key: left.pop(each.key) for each in form.fields if each.key in left}
    for each in form.fields:
        if each.key not in asked and each.previously in left:
            asked[each.key] = left.pop(each.previously)
    return FittedAnswers(asked, left)


def typed_again(answers: Mapping[str, AnswerValue]) -> dict[str, list[str]]:
    """What to type for these answers, to correct them."""
    return {key: _typed(value) for key, value in answers.items() if value is not None}


def _typed(value: AnswerValue) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [value] if isinstance(value, str) else list(value or ())


def _is_text(character: str) -> bool:
    if character in DIRECTION_MARKS:
        return False
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
