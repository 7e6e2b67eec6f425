"""`match`: pairs to match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self
from xml.etree.ElementTree import Element

from bridge.curriculum.markdown import moodle_inline_html, title_text
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report, quoted
from bridge.curriculum.question_types.checks import (
    check_duplicates,
    report_duplicate,
    same_texts,
)
from bridge.curriculum.question_types.question import (
    FormField,
    Marking,
    Option,
    Question,
    Response,
    ResponseNote,
    shared_values,
    shuffled,
)
from bridge.curriculum.question_types.responses import valid_indexes
from bridge.curriculum.question_types.xml_reading import BadQuestion, html_text, shared_from_xml
from bridge.curriculum.question_types.xml_writing import element, files, plain
from bridge.curriculum.text import Text
from bridge.curriculum.value_types import (
    ILLUSTRATED_LINE,
    MAX_TITLE_LENGTH,
    Field,
    ListOf,
    OneOf,
    Record,
    TranslatedText,
)
from bridge.messages import Message

_RIGHT_SIDE = TranslatedText("none", MAX_TITLE_LENGTH, may_be_quoted=True)
PAIR = Record(
    "pair",
    "Two sides that belong together.",
    (
        Field("left", ILLUSTRATED_LINE, "The left side."),
        Field("right", _RIGHT_SIDE, "The right side, which members choose from a list."),
    ),
)
EXTRA_PAIR = Record(
    "extra-pair",
    "An extra right side that matches nothing.",
    (Field("right", _RIGHT_SIDE, "A right side that matches nothing."),),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair. Without `left`, `right` is a wrong choice."""

    left: Text
    right: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Question):
    """Pairs to match.

    A response has, for each left side in the order shown, the index of the pair whose right side
    was chosen.
    """

    type: ClassVar[str] = "match"
    about: ClassVar[str] = "Pairs to match."
    keys: ClassVar[tuple[Field, ...]] = (
        Field(
            "pairs",
            ListOf(OneOf((PAIR.name, EXTRA_PAIR.name), "a pair"), minimum=2),
            "At least two pairs, and at least three different right sides.",
        ),
    )
    parts: ClassVar[tuple[Record, ...]] = (PAIR, EXTRA_PAIR)
    moodle_type: ClassVar[str] = "matching"

    pairs: tuple[Pair, ...]

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        pairs = record.records("pairs")
        if not pairs:
            return
        position = record.position_of("question")
        whole = [pair for pair in pairs if pair.schema is PAIR]
        if len(whole) < 2:
            few = Message("A `match` question needs at least two pairs with a `left:`.")
            report.error(position, few)
        if len({pair.text("right") for pair in pairs}) < 3:
            report.error(
                position,
                Message("A `match` question needs at least three different right sides."),
                Message("add a pair, or a line with only `- right: …` as one more wrong choice"),
            )
        check_duplicates(((pair.position, pair.text("left")) for pair in whole), report)
        _check_right_sides(pairs, report)

    @classmethod
    def explains_every_answer(cls, record: ParsedRecord) -> bool:
        return False

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        pairs = (Pair(each.text("left"), each.text("right")) for each in record.records("pairs"))
        return cls(**shared_values(record), pairs=tuple(pairs))

    def moodle_xml(self) -> Iterable[str]:
        yield element("shuffleanswers", "true")
        for pair in self.pairs:
            yield element(
                "subquestion",
                plain(moodle_inline_html(pair.left)),
                files(pair.left),
                element("answer", plain(title_text(pair.right))),
                format="html",
            )

    @classmethod
    def from_moodle_xml(cls, node: Element) -> Self:
        pairs = tuple(
            Pair(html_text(each, "text"), html_text(each, "answer/text"))
            for each in node.findall("subquestion")
        )
        if sum(bool(pair.left) for pair in pairs) < 2 or len({pair.right for pair in pairs}) < 3:
            raise BadQuestion("A matching question needs two questions and three answers.")
        return cls(**shared_from_xml(node), pairs=pairs)

    def left_sides(self, seed: str) -> list[int]:
        """The indexes of the pairs that have a left side, in the order shown."""
        return [at for at in shuffled(len(self.pairs), f"left:{seed}") if self.pairs[at].left]

    def right_sides(self, seed: str) -> list[int]:
        """The index of one pair for each different right side, in the order shown."""
        first = {pair.right: at for at, pair in reversed(list(enumerate(self.pairs)))}
        return [at for at in shuffled(len(self.pairs), f"right:{seed}") if at in first.values()]

    def form(self, seed: str) -> tuple[FormField, ...]:
        offered = tuple(
            Option(str(at), str(number), self.pairs[at].right)
            for number, at in enumerate(self.right_sides(seed), 1)
        )
        return tuple(
            FormField("select", f"sub{place}", self.pairs[at].left, offered)
            for place, at in enumerate(self.left_sides(seed))
        )

    def mark(self, response: Response, seed: str, *, language: str = "en") -> Marking:
        asked = self.left_sides(seed)
        given = [*response, *("" for _ in asked)][: len(asked)]
        notes = tuple(
            self._note(self.pairs[at], value) for at, value in zip(asked, given, strict=True)
        )
        right = sum(note.verdict == "right" for note in notes)
        return Marking(right / max(1, len(notes)), any(given), notes)

    def _note(self, pair: Pair, value: str) -> ResponseNote:
        chosen = next(valid_indexes([value], len(self.pairs)), None)
        fits = chosen is not None and self.pairs[chosen].right == pair.right
        return ResponseNote(pair.left, "right" if fits else "wrong", answer=pair.right)

    def right_response(self, seed: str) -> Response:
        first = {self.pairs[at].right: str(at) for at in self.right_sides(seed)}
        return [first[self.pairs[at].right] for at in self.left_sides(seed)]

    @property
    def right_answers(self) -> tuple[Text, ...]:
        return tuple(_both(pair) for pair in self.pairs if pair.left)


def _check_right_sides(pairs: Sequence[ParsedRecord], report: Report) -> None:
    """Report right sides that members can't tell apart, and extra ones that match something.

    The same right side may belong to several pairs. Then it is one choice of the list, if it is
    written alike in every language.
    """
    whole = [(pair.position, pair.text("right")) for pair in pairs if pair.schema is PAIR]
    extra = [(pair.position, pair.text("right")) for pair in pairs if pair.schema is EXTRA_PAIR]
    known = {text: position for position, text in reversed(whole)}
    different = [(position, text) for text, position in reversed(known.items())]
    for same in same_texts([*different, *extra]):
        position, text = same.later
        if same.later in extra:
            report_duplicate(same, report)
            continue
        alike = Message(
            "In `%(language)s`, the right side %(text)s is also on line %(line)s, but the two "
            "differ in another language or in their spelling.",
            language=same.language, text=quoted(text.pick(same.language)),
            line=same.before[0].line,
        )  # fmt: skip
        advice = Message("write both alike in every language, or both differently")
        report.error(position, alike, advice)


def _both(pair: Pair) -> Text:
    return Text(
        tuple(
            (language, f"{left} → {pair.right.pick(language)}")
            for language, left in pair.left.translations
        )
    )
