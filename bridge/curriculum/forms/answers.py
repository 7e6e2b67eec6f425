"""Read and check the answers to a form, and fit those of a draft to a form that has changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge.curriculum.forms.field import AnswerValue, FormField, Typed
from bridge.curriculum.forms.form import Form
from bridge.messages import Message

NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
TypedAnswers = Mapping[str, Typed]
"""What was typed, by the key of the field."""


FORMER = "former:"
"""Begins the keys of answers that no longer fit their field. No field's key has a colon."""


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """`values`: the answer to each field. `problems`: what is wrong, by the key of the field."""

    values: dict[str, AnswerValue]
    problems: dict[str, Message]


@dataclass(frozen=True, slots=True)
class FittedAnswers:
    """The answers of a draft: to fields that the form has, and those that are kept apart.

    Kept apart are answers to fields that the form no longer has and, under a key that begins with
    FORMER, those that a field can't show any more: it has another type or other choices now.
    """

    asked: dict[str, list[str]]
    no_longer_asked: dict[str, list[str]]


def tidy(typed: Sequence[str]) -> list[str]:
    """What was typed, with plain line ends; blanks count as empty.

    NUL and surrogates, which databases can't store in a draft, become �.
    """
    lines = (text.replace("\r\n", "\n").replace("\r", "\n") for text in typed)
    clean = [NOT_STORABLE.sub("\ufffd", text) for text in lines]
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
    asked: dict[str, list[str]] = {}
    own = [(each, left.pop(each.key)) for each in form.fields if each.key in left]
    for field, answer in own:
        _take(field, answer, asked, left)
    for field in form.fields:
        for key in (field.previously, f"{FORMER}{field.key}"):
            if field.key not in asked and field.showable(left.get(key, ())):
                _take(field, left.pop(key), asked, left)
    return FittedAnswers(asked, left)


def keep_apart(left: dict[str, list[str]], key: str, answer: list[str]) -> None:
    """Add an answer that doesn't fit its field any more."""
    name = f"{FORMER}{key}"
    while name in left:
        name = f"{FORMER}{name}"
    left[name] = answer


def _take(
    field: FormField, answer: list[str], asked: dict[str, list[str]], left: dict[str, list[str]]
) -> None:
    """Add what the field can show to `asked`, and the rest to `left`."""
    shown = field.showable(answer)
    if shown:
        asked[field.key] = shown
    if rest := [each for each in answer if each and each not in shown]:
        keep_apart(left, field.key, rest)


def typed_again(answers: Mapping[str, AnswerValue]) -> dict[str, list[str]]:
    """What to type for these answers, to correct them."""
    return {key: _typed(value) for key, value in answers.items() if value is not None}


def _typed(value: AnswerValue) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [value] if isinstance(value, str) else list(value or ())
