"""Check the answers of a `short` question: in every language, against those before it."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.curriculum.problems import Report, quoted
from bridge.curriculum.question_types.responses import MAX_RESPONSE_LENGTH
from bridge.curriculum.question_types.typed_answers.listed_answers import (
    ListedAnswer,
    ListedAnswers,
)
from bridge.curriculum.question_types.typed_answers.marks_in_answers import check_marks
from bridge.curriculum.question_types.typed_answers.numbers import ways_to_write, written_number
from bridge.curriculum.question_types.typed_answers.wildcards import (
    covers,
    matches_everything,
    single_spaces,
    with_straight_apostrophes,
    without_stars,
)
from bridge.curriculum.text import Language
from bridge.messages import Message


def check_listed_answers(
    answers: Sequence[ListedAnswer], languages: Sequence[Language], report: Report
) -> None:
    """Report answers that never or always count. `languages`: those of the question."""
    before = ListedAnswers()
    for answer in answers:
        if any(map(matches_everything, answer.patterns)):
            _report_everything(answer, answer is answers[-1], report)
            continue
        _check_reachable(answer, before, report)
        _check_length(answer, report)
        before.add(answer)
    right = [answer for answer in answers if answer.right]
    check_marks(right, report)
    accepted = ListedAnswers(right)
    for answer in right:
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


def _check_reachable(answer: ListedAnswer, before: ListedAnswers, report: Report) -> None:
    """Report what is never compared, because an answer before it matches first."""
    if answer.patterns and before.list_all_of(answer):
        text = quoted(next(answer.texts))
        report.error(
            answer.position, Message("%(text)s is listed twice.", text=text), Message("delete one")
        )
        return
    for text in answer.texts:
        first = before.first_match(text)
        if first and first.answer.right != answer.right:
            _report_hidden(answer, text, first.text, report)
            return
        if first and answer.explained:
            lost = Message(
                "The feedback of %(text)s is never shown: %(other)s before it matches first.",
                text=quoted(text), other=quoted(first.text),
            )  # fmt: skip
            report.warning(answer.position, lost, Message("move the more exact answer up"))


def _report_hidden(answer: ListedAnswer, text: str, other: str, report: Report) -> None:
    if _are_alike(text, other):
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


def _are_alike(text: str, other: str) -> bool:
    """Whether two patterns, of which the other one covers the first, match the same texts."""
    return covers(with_straight_apostrophes(text), with_straight_apostrophes(other))


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
    accepted: ListedAnswers,
    languages: Sequence[Language],
    report: Report,
) -> None:
    """Warn about a number that is refused when it is written as in another language."""
    for code, text in answer.text.translations:
        number = written_number(single_spaces(text), code)
        written = [each for one in languages if number for each in ways_to_write(number, one)]
        for typed in written:
            if not accepted.first_match(typed):
                refused = Message(
                    "%(text)s is compared as a text, so %(typed)s is refused.",
                    text=quoted(text), typed=quoted(typed),
                )  # fmt: skip
                advice = Message("add it as an answer, or write `type: number`")
                report.warning(answer.position, refused, advice)
                return
