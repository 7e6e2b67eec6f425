"""Check the answers of a `short` question: in every language, against those before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.curriculum.problems import Position, Report, quoted
from bridge.curriculum.question_types.responses import MAX_RESPONSE_LENGTH
from bridge.curriculum.question_types.typed_answers.numbers import ways_to_write, written_number
from bridge.curriculum.question_types.typed_answers.wildcards import (
    covers,
    fold,
    matches,
    matches_everything,
    single_spaces,
    without_stars,
)
from bridge.curriculum.text import Language, Text
from bridge.messages import Message


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """An accepted or wrong answer in a curriculum file. `patterns`: what Moodle compares."""

    position: Position
    text: Text
    patterns: tuple[str, ...]
    right: bool
    explained: bool

    @property
    def texts(self) -> Iterator[str]:
        """Its text in each language, with single spaces."""
        return (single_spaces(text) for _, text in self.text.translations if text.strip())


def check_listed_answers(
    answers: Sequence[ListedAnswer], languages: Sequence[Language], report: Report
) -> None:
    """Report answers that never or always count. `languages`: those of the question."""
    before: list[ListedAnswer] = []
    for answer in answers:
        if any(map(matches_everything, answer.patterns)):
            _report_everything(answer, answer is answers[-1], report)
            continue
        _check_reachable(answer, before, report)
        _check_length(answer, report)
        before.append(answer)
    accepted = [answer for answer in answers if answer.right]
    for answer in accepted:
        _check_number(answer, accepted, languages, report)


def _report_everything(answer: ListedAnswer, is_last: bool, report: Report) -> None:
    found = [code for code, text in answer.text.translations if matches_everything(text)]
    if answer.right:
        every = Message("`*` alone accepts any answer.")
        if len(found) < len(answer.text.translations):
            every = Message("`*` in `%(code)s` accepts any answer in any language.", code=found[0])
        report.error(answer.position, every, Message("write a word"))
    elif not is_last:
        every = Message("`*` matches everything, so the answers after it are ignored.")
        report.error(answer.position, every, Message("move it to the end"))


def _check_reachable(answer: ListedAnswer, before: Sequence[ListedAnswer], report: Report) -> None:
    """Report what is never compared, because an answer before it matches first."""
    listed = {
        fold(text) for other in before if other.right == answer.right for text in other.patterns
    }
    if {fold(pattern) for pattern in answer.patterns} <= listed:
        text = quoted(next(answer.texts))
        report.error(
            answer.position, Message("%(text)s is listed twice.", text=text), Message("delete one")
        )
        return
    for text in answer.texts:
        first = _first_match(text, before)
        if first and first[0].right != answer.right:
            _report_hidden(answer, text, first[1], report)
            return
        if first and answer.explained:
            lost = Message(
                "The feedback of %(text)s is never shown: %(other)s before it matches first.",
                text=quoted(text), other=quoted(first[1]),
            )  # fmt: skip
            report.warning(answer.position, lost, Message("move the more exact answer up"))


def _first_match(text: str, before: Sequence[ListedAnswer]) -> tuple[ListedAnswer, str] | None:
    """The first answer that matches everything that a text matches, with its pattern."""
    for other in before:
        for pattern in other.patterns:
            if covers(pattern, text):
                return other, pattern
    return None


def _report_hidden(answer: ListedAnswer, text: str, other: str, report: Report) -> None:
    if covers(text, other):
        both = Message("%(text)s is listed as a right and as a wrong answer.", text=quoted(text))
        report.error(answer.position, both, Message("delete one"))
    elif answer.right:
        never = Message(
            "%(text)s never counts: the wrong answer %(other)s before it matches first.",
            text=quoted(text), other=quoted(other),
        )  # fmt: skip
        report.error(answer.position, never, Message("move the more exact answer up"))
    else:
        always = Message(
            "%(text)s counts as right: the right answer %(other)s before it matches first.",
            text=quoted(text), other=quoted(other),
        )  # fmt: skip
        report.error(answer.position, always, Message("move the more exact answer up"))


def _check_length(answer: ListedAnswer, report: Report) -> None:
    for text in answer.texts:
        if len(without_stars(text)) > MAX_RESPONSE_LENGTH:
            long = Message(
                "%(text)s never counts: members can type %(limit)s characters at most.",
                text=quoted(text), limit=MAX_RESPONSE_LENGTH,
            )  # fmt: skip
            report.error(answer.position, long, Message("write one or a few words"))


def _check_number(
    answer: ListedAnswer,
    accepted: Sequence[ListedAnswer],
    languages: Sequence[Language],
    report: Report,
) -> None:
    """Warn about a number that is refused when it is written as in another language."""
    for code, text in answer.text.translations:
        number = written_number(single_spaces(text), code)
        written = [each for one in languages if number for each in ways_to_write(number, one)]
        for typed in written:
            if not any(matches(pattern, typed) for each in accepted for pattern in each.patterns):
                refused = Message(
                    "%(text)s is compared as a text, so %(typed)s is refused.",
                    text=quoted(text), typed=quoted(typed),
                )  # fmt: skip
                advice = Message("add it as an answer, or write `type: number`")
                report.warning(answer.position, refused, advice)
                return
