"""Mark responses to the questions of a self-check. Pure functions.

A response is the list of values that a form sends for the question, in the order of its fields:

one, many: the indexes (from 0, in the curriculum's order) of the chosen answers; true-false: `true`
or `false`; short, number: the typed text; match: for each left side in the order shown, the index
of the pair whose right side was chosen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bridge.curriculum.model import NO_TEXT, Answer, Question, Text

Response = Sequence[str]
Verdict = Literal["right", "wrong", "missed", ""]
MAX_RESPONSE_LENGTH = 200
"""Characters of a typed answer that are compared."""


@dataclass(frozen=True, slots=True)
class ResponseNote:
    """The verdict on one choice, pair or answer. `missed`: right, but not chosen."""

    text: Text
    verdict: Verdict
    feedback: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """`notes` are about the parts, `feedback` about the whole; `answer` is the right answer."""

    right: bool
    answered: bool
    notes: tuple[ResponseNote, ...] = ()
    feedback: Text = NO_TEXT
    answer: tuple[Text, ...] = ()


def shuffled(count: int, seed: str) -> list[int]:
    """The numbers from 0 to `count` - 1, in an order that depends only on `seed`."""
    return sorted(range(count), key=lambda i: hashlib.sha256(f"{seed}:{i}".encode()).digest())


def left_sides(question: Question, seed: str) -> list[int]:
    """The indexes of the pairs that have a left side, in the order shown."""
    return [at for at in shuffled(len(question.pairs), f"left:{seed}") if question.pairs[at].left]


def right_sides(question: Question, seed: str) -> list[int]:
    """The index of one pair for each different right side, in the order shown."""
    first = {pair.right: at for at, pair in reversed(list(enumerate(question.pairs)))}
    return [at for at in shuffled(len(question.pairs), f"right:{seed}") if at in first.values()]


def mark(question: Question, response: Response, seed: str) -> MarkedQuestion:
    """Mark a response. Never raises: an invalid value counts as not answered."""
    if question.type in ("one", "many"):
        return _choices(question, response)
    if question.type == "true-false":
        return _true_or_false(question, response)
    if question.type == "short":
        return _short(question, response)
    if question.type == "number":
        return _number(question, response)
    return _match(question, response, seed)


def _choices(question: Question, response: Response) -> MarkedQuestion:
    several = question.type == "many"
    chosen = set(_valid_indexes(response if several else response[:1], len(question.choices)))
    notes = tuple(
        ResponseNote(choice.text, _verdict(choice.right, at in chosen), choice.feedback)
        for at, choice in enumerate(question.choices)
        if at in chosen or (several and choice.right)
    )
    right_indexes = {at for at, choice in enumerate(question.choices) if choice.right}
    right = chosen == right_indexes if several else bool(chosen) and chosen <= right_indexes
    answer = tuple(choice.text for choice in question.choices if choice.right)
    return MarkedQuestion(right, bool(chosen), notes, question.feedback, answer)


def _verdict(right: bool, chosen: bool) -> Verdict:
    if chosen:
        return "right" if right else "wrong"
    return "missed" if right else ""


def _true_or_false(question: Question, response: Response) -> MarkedQuestion:
    answered = {"true": True, "false": False}.get(_typed(response))
    if answered is None:
        return MarkedQuestion(False, False, (), question.feedback)
    right = answered == question.correct
    feedback = question.if_true if answered else question.if_false
    note = ResponseNote(NO_TEXT, "right" if right else "wrong", feedback)
    return MarkedQuestion(right, True, (note,), question.feedback)


def _short(question: Question, response: Response) -> MarkedQuestion:
    typed = _typed(response)
    found = next((a for a in question.answers if typed and _matches_answer(a, typed)), None)
    right = found is not None and found.right
    notes: tuple[ResponseNote, ...] = ()
    if found and found.feedback:
        notes = (ResponseNote(NO_TEXT, "right" if right else "wrong", found.feedback),)
    answer = tuple(a.text for a in question.answers if a.right)[:1]
    return MarkedQuestion(right, bool(typed), notes, question.feedback, answer)


def _matches_answer(answer: Answer, typed: str) -> bool:
    """Whether `typed` matches in any language, ignoring case. `*` matches anything."""
    return any(_matches_pattern(pattern, typed) for _, pattern in answer.text.translations)


def _matches_pattern(pattern: str, typed: str) -> bool:
    """Compare part by part, so that no pattern is slow. `\\*` matches a star."""
    parts = [_normalized(part.replace("\\*", "*")) for part in re.split(r"(?<!\\)\*", pattern)]
    text = _normalized(typed)
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    end = len(text) - len(last)
    if not (text.startswith(first) and text.endswith(last) and len(first) <= end):
        return False
    at = len(first)
    for part in middle:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def _normalized(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).casefold()


def _number(question: Question, response: Response) -> MarkedQuestion:
    typed = _typed(response)
    correct, tolerance = Decimal(question.number), Decimal(question.tolerance)
    right = any(abs(value - correct) <= tolerance for value in _possible_numbers(typed))
    answer = Text((("", question.number),))
    return MarkedQuestion(right, bool(typed), (), question.feedback, (answer,))


def _possible_numbers(typed: str) -> Iterator[Decimal]:
    """What a typed number may mean: a comma separates thousands in English, decimals in French."""
    bare = re.sub(r"[\s$€%]", "", typed).replace("−", "-")
    for text in {bare.replace(",", "."), bare.replace(",", "")}:
        if re.fullmatch(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", text, re.ASCII):
            yield Decimal(text)


def _match(question: Question, response: Response, seed: str) -> MarkedQuestion:
    asked = left_sides(question, seed)
    given = [*response, *("" for _ in asked)][: len(asked)]
    notes = []
    for at, value in zip(asked, given, strict=True):
        pair = question.pairs[at]
        chosen = next(_valid_indexes([value], len(question.pairs)), None)
        fits = chosen is not None and question.pairs[chosen].right == pair.right
        notes.append(ResponseNote(pair.left, "right" if fits else "wrong", pair.right))
    right = all(note.verdict == "right" for note in notes)
    return MarkedQuestion(right, any(given), tuple(notes), question.feedback)


def _typed(response: Response) -> str:
    return response[0][:MAX_RESPONSE_LENGTH].strip() if response else ""


def _valid_indexes(values: Response, count: int) -> Iterator[int]:
    """The values that are numbers below `count`."""
    for value in values:
        if re.fullmatch(r"\d{1,4}", value, re.ASCII) and int(value) < count:
            yield int(value)
