"""Marks responses like Moodle's deferred feedback: fractions, no penalties.

A response maps form field names to texts, with Moodle's names: `answer`; `choice0`… for several
choices; `sub0`… for matching (0: no answer, otherwise the number of the choice).
"""

from __future__ import annotations

import hashlib
import re

from bridge.moodle.sandbox.quiz.question_types import Answer, Definition

Response = dict[str, str]


def order(definition: Definition, seed: str) -> list[int]:
    """The display order of the answers; the same for the same `seed`."""
    indexes = list(range(len(definition.answers)))
    if not definition.shuffle or definition.type not in ("multichoice", "matching"):
        return indexes
    return sorted(indexes, key=lambda i: hashlib.sha256(f"{seed}:{i}".encode()).digest())


def stems(definition: Definition, seed: str) -> list[Answer]:
    """The left sides of a matching question, in display order."""
    shown = (definition.answers[index] for index in order(definition, f"stem:{seed}"))
    return [answer for answer in shown if answer.text.strip()]


def matches(definition: Definition, seed: str) -> list[str]:
    """The right sides of a matching question, in display order, without duplicates."""
    shown = (definition.answers[index].match for index in order(definition, seed))
    return list(dict.fromkeys(shown))


def mark(definition: Definition, seed: str, response: Response) -> float:
    """The mark of `response`, from 0.0 to 1.0."""
    if definition.type == "matching":
        return _mark_matching(definition, seed, response)
    if definition.type == "multichoice" and not definition.single:
        worth = sum(answer.fraction for answer in chosen(definition, seed, response))
        return min(1.0, max(0.0, round(worth, 7)))
    return max(0.0, sum(answer.fraction for answer in chosen(definition, seed, response)))


def _mark_matching(definition: Definition, seed: str, response: Response) -> float:
    offered, sides = matches(definition, seed), stems(definition, seed)
    right = sum(
        _number(response.get(f"sub{index}", "")) == offered.index(side.match) + 1
        for index, side in enumerate(sides)
    )
    return right / len(sides)


def chosen(definition: Definition, seed: str, response: Response) -> list[Answer]:
    """The answers of the definition that the response matches, for all types except matching."""
    text = response.get("answer", "").strip()
    if definition.type == "multichoice":
        return _chosen_choices(definition, seed, response)
    if not text:
        return []
    if definition.type == "truefalse":
        wanted = "true" if text == "1" else "false"
        return [answer for answer in definition.answers if answer.text == wanted]
    return [answer for answer in definition.answers if _fits(definition, answer, text)][:1]


def _chosen_choices(definition: Definition, seed: str, response: Response) -> list[Answer]:
    shown = [definition.answers[index] for index in order(definition, seed)]
    if definition.single:
        index = _number(response.get("answer", ""))
        return [shown[index]] if 0 <= index < len(shown) else []
    return [a for index, a in enumerate(shown) if response.get(f"choice{index}") == "1"]


def _fits(definition: Definition, answer: Answer, text: str) -> bool:
    if definition.type == "numerical":
        return _number_fits(answer, text)
    parts = re.split(r"(?<!\\)\*", answer.text)
    pattern = ".*".join(re.escape(part.replace(r"\*", "*")) for part in parts)
    flags = re.DOTALL if definition.usecase else re.DOTALL | re.IGNORECASE
    return bool(re.fullmatch(pattern, text, flags))


def _number_fits(answer: Answer, text: str) -> bool:
    if answer.text == "*":
        return True
    try:
        value = float(text.replace(" ", "").replace(",", "."))
    except ValueError:
        return False
    wanted = float(answer.text)
    tolerance = max(answer.tolerance, abs(wanted) * 1e-9)
    return abs(value - wanted) <= tolerance


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else -1


def right_answers(definition: Definition) -> list[str]:
    """The correct answers, as HTML."""
    if definition.type == "matching":
        return [f"{side.text} → {side.match}" for side in definition.answers if side.text.strip()]
    best = max(answer.fraction for answer in definition.answers)
    several = definition.type == "multichoice" and not definition.single
    return [
        a.text for a in definition.answers if (a.fraction > 0 if several else a.fraction == best)
    ]
