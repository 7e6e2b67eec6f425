"""Check that questions can be answered, and that Moodle accepts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bridge.curriculum.model import Text
from bridge.curriculum.parsed_curriculum import ParsedCurriculum, activities
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Position, Report, quoted
from bridge.messages import Message

MAX_CHOICES_OF_A_KIND = 10
"""Maximum right (and wrong) choices of a `many` question: Moodle has no grade below 1/10."""


def check_questions(parsed: ParsedCurriculum, report: Report) -> None:
    """Report questions that have no right answer, no feedback, or too few or too many answers."""
    for milestone in parsed.milestones:
        for activity in activities(milestone):
            for question in activity.records("questions"):
                _check(question, report)


def _check(question: ParsedRecord, report: Report) -> None:
    _CHECKS[question.option("type")](question, report)
    _check_feedback(question, report)


def _check_one(question: ParsedRecord, report: Report) -> None:
    right, wrong = _choices(question, report)
    if len(right) > 1:
        report.error(
            right[1].position,
            Message(
                "This is the second of %(count)s right choices; `type: one` allows only one.",
                count=len(right),
            ),
            Message("write `type: many`, or make this one `wrong:`"),
        )
    _check_right_and_wrong(question, right, wrong, report)


def _check_many(question: ParsedRecord, report: Report) -> None:
    right, wrong = _choices(question, report)
    for choices in (right, wrong):
        if len(choices) > MAX_CHOICES_OF_A_KIND:
            report.error(choices[MAX_CHOICES_OF_A_KIND].position, _too_many(choices))
    _check_right_and_wrong(question, right, wrong, report)


def _too_many(choices: list[ParsedRecord]) -> Message:
    if choices[0].schema.name == "right-choice":
        return Message(
            "There are %(count)s right choices; Moodle allows at most %(limit)s.",
            count=len(choices), limit=MAX_CHOICES_OF_A_KIND,
        )  # fmt: skip
    return Message(
        "There are %(count)s wrong choices; Moodle allows at most %(limit)s.",
        count=len(choices), limit=MAX_CHOICES_OF_A_KIND,
    )  # fmt: skip


def _choices(
    question: ParsedRecord, report: Report
) -> tuple[list[ParsedRecord], list[ParsedRecord]]:
    choices = question.records("choices")
    _check_duplicates(((c.position, _text_of(c)) for c in choices), report)
    right = [choice for choice in choices if choice.schema.name == "right-choice"]
    return right, [choice for choice in choices if choice.schema.name == "wrong-choice"]


def _check_right_and_wrong(
    question: ParsedRecord, right: list[ParsedRecord], wrong: list[ParsedRecord], report: Report
) -> None:
    if not question.has("choices") or not right + wrong:
        return
    position = question.position_of("question")
    if not right:
        none = Message("This question has no right choice.")
        report.error(position, none, Message("start the right choice with `right:`"))
    if not wrong:
        none = Message("This question has no wrong choice.")
        report.error(position, none, Message("add one with `wrong:`"))


def _check_short(question: ParsedRecord, report: Report) -> None:
    answers = _answers(question)
    if answers and not any(right for _, _, right in answers):
        none = Message("This question has no right answer.")
        report.error(question.position_of("question"), none, Message("add one with `right:`"))
    for number, (position, text, right) in enumerate(answers):
        if set(text.pick().replace(" ", "")) != {"*"}:
            continue
        if right:
            every = Message("`*` alone accepts any answer.")
            report.error(position, every, Message("write a word"))
        elif number < len(answers) - 1:
            every = Message("`*` matches everything, so the answers after it are ignored.")
            report.error(position, every, Message("move it to the end"))
    _check_duplicates(((position, text) for position, text, _ in answers), report)


def _answers(question: ParsedRecord) -> list[tuple[Position, Text, bool]]:
    """(position, text, whether it is right) of every answer, in order."""
    plain = [(answer.position, answer.text, True) for answer in question.texts("answers")]
    mapped = [
        (answer.position, _text_of(answer), answer.schema.name == "right-answer")
        for answer in question.records("answers")
    ]
    return sorted(plain + mapped, key=lambda answer: answer[0])


def _text_of(answer: ParsedRecord) -> Text:
    return answer.text(answer.schema.keys[0].name)


def _check_duplicates(texts: Iterator[tuple[Position, Text]], report: Report) -> None:
    seen: set[str] = set()
    for position, text in texts:
        plain = text.pick().casefold()
        if plain in seen and plain:
            twice = Message("%(text)s is listed twice.", text=quoted(plain))
            report.error(position, twice, Message("delete one"))
        seen.add(plain)


def _check_match(question: ParsedRecord, report: Report) -> None:
    pairs = question.records("pairs")
    if not pairs:
        return
    position = question.position_of("question")
    whole = [pair for pair in pairs if pair.schema.name == "pair"]
    if len(whole) < 2:
        few = Message("A `match` question needs at least two pairs with a `left:`.")
        report.error(position, few)
    if len({pair.text("right").pick() for pair in pairs}) < 3:
        report.error(
            position,
            Message("A `match` question needs at least three different right sides."),
            Message("add a pair, or a line with only `- right: …` as one more wrong choice"),
        )
    _check_duplicates(((pair.position, pair.text("left")) for pair in whole), report)


def _check_keys_only(question: ParsedRecord, report: Report) -> None:
    """Number and true-false questions have no checks beyond their keys."""


def _check_feedback(question: ParsedRecord, report: Report) -> None:
    if question.has("feedback") or _each_has_feedback(question):
        return
    report.error(
        question.position_of("question"),
        Message("This question has no feedback to show after the answer."),
        Message("add `feedback:` to the question or to each of its answers"),
    )


def _each_has_feedback(question: ParsedRecord) -> bool:
    if question.option("type") == "true-false":
        return question.has("if-true") and question.has("if-false")
    answers = question.records("choices") + question.records("answers")
    explained = all(answer.has("feedback") for answer in answers)
    return bool(answers) and explained and not question.texts("answers")


_CHECKS: dict[str, Callable[[ParsedRecord, Report], None]] = {
    "one": _check_one,
    "many": _check_many,
    "true-false": _check_keys_only,
    "short": _check_short,
    "number": _check_keys_only,
    "match": _check_match,
}
