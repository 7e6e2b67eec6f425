"""The answers of a `short` question in a curriculum file, and which of them matches first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bridge.curriculum.problems import Position
from bridge.curriculum.question_types.typed_answers.wildcards import (
    covers,
    fold,
    has_stars,
    single_spaces,
    with_straight_apostrophes,
)
from bridge.curriculum.text import Text


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


@dataclass(frozen=True, slots=True)
class Match:
    """An answer, its place, and its text that matches."""

    place: int
    answer: ListedAnswer
    text: str


class ListedAnswers:
    """Answers in their order. Both apostrophes are the same, since both are exported."""

    def __init__(self, answers: Iterable[ListedAnswer] = ()) -> None:
        self._count = 0
        self._words: dict[str, Match] = {}
        self._patterns: list[tuple[str, Match]] = []
        self._listed: set[tuple[bool, str]] = set()
        for answer in answers:
            self.add(answer)

    def add(self, answer: ListedAnswer) -> None:
        """Add an answer after the others."""
        for text in answer.texts:
            pattern, match = with_straight_apostrophes(text), Match(self._count, answer, text)
            self._listed.add((answer.right, fold(pattern)))
            if has_stars(pattern):
                self._patterns.append((pattern, match))
            else:
                self._words.setdefault(fold(pattern), match)
        self._count += 1

    def list_all_of(self, answer: ListedAnswer) -> bool:
        """Whether every text of an answer is listed, with the same verdict."""
        texts = map(with_straight_apostrophes, answer.texts)
        return all((answer.right, fold(text)) in self._listed for text in texts)

    def first_match(self, text: str) -> Match | None:
        """The first answer that matches everything that a text matches."""
        wanted = with_straight_apostrophes(text)
        word = None if has_stars(wanted) else self._words.get(fold(wanted))
        for pattern, match in self._patterns:
            if word and word.place < match.place:
                break
            if covers(pattern, wanted):
                return match
        return word
