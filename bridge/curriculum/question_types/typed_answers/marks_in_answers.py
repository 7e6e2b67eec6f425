"""Find marks in accepted answers that nobody types: quotes, emphasis, full stops, and lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bridge.curriculum.problems import Report, instead, quoted
from bridge.curriculum.question_types.typed_answers.listed_answers import ListedAnswer
from bridge.curriculum.question_types.typed_answers.wildcards import fold
from bridge.messages import Message

_WRAPPED = re.compile(
    r"""(?P<mark>["'_])(?P<a>\w[^"_]*)(?P=mark)|[«“„]\s*(?P<b>\w[^«»“”]*?)\s*[»”“]"""
)
_EMPHASIS = re.compile(r"\*{2,3}(?P<words>[^*]+)\*{2,3}")
_END = re.compile(r"(?P<words>.*[^\W\d_]{3})[.;:,!]")
_SEPARATOR = re.compile(r",\s+|;\s*|\s+or\s+|\s+ou\s+|\s*/\s*")


def check_marks(right: Iterable[ListedAnswer], report: Report) -> None:
    """Warn about an answer that counts only with its marks, unless it is also listed without."""
    answers = list(right)
    known = {fold(text) for answer in answers for text in answer.texts}
    for answer in answers:
        for text in answer.texts:
            _check_wrapping(answer, text, known, report)
            _check_list(answer, text, known, report)


def _check_wrapping(
    answer: ListedAnswer, text: str, known: Collection[str], report: Report
) -> None:
    if found := _EMPHASIS.fullmatch(text):
        stars = Message("The stars of %(text)s match any characters here.", text=quoted(text))
        report.warning(answer.position, stars, instead(found["words"].strip()))
        return
    wrapped, end = _WRAPPED.fullmatch(text), _END.fullmatch(text)
    bare = wrapped["a"] or wrapped["b"] if wrapped else end["words"] if end else ""
    if bare and fold(bare) not in known:
        marks = Message("%(text)s counts only if members type its marks too.", text=quoted(text))
        report.warning(answer.position, marks, instead(bare))


def _check_list(answer: ListedAnswer, text: str, known: Collection[str], report: Report) -> None:
    parts = [part for part in _SEPARATOR.split(text) if part]
    is_list = len(parts) > 1 and all(re.search(r"[^\W\d_]{3}", part) for part in parts)
    if is_list and not any(fold(part) in known for part in parts):
        one = Message("%(text)s is one answer; members must type all of it.", text=quoted(text))
        report.warning(answer.position, one, Message("write each answer on a line of its own"))
