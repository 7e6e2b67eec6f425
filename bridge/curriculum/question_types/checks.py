"""Checks of choices and pairs, shared by the question types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from bridge.curriculum.markdown import to_inline_html
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Position, Report, quoted
from bridge.curriculum.question_types.typed_answers.wildcards import fold
from bridge.curriculum.text import Language, Text
from bridge.messages import Message

TextAt = tuple[Position, Text]
_MARKUP = re.compile(r"[*_`\[\]\\~<&]")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class SameText:
    """Two texts that are shown alike in a language, or in all of them (`everywhere`)."""

    later: TextAt
    before: TextAt
    language: Language
    everywhere: bool


def text_of(answer: ParsedRecord) -> Text:
    """The text of a choice or an answer: the value of its first key."""
    return answer.text(answer.schema.keys[0].name)


def check_duplicates(texts: Iterable[TextAt], report: Report) -> None:
    """Report texts that members can't tell from one before, in any language."""
    for same in same_texts(list(texts)):
        report_duplicate(same, report)


def report_duplicate(same: SameText, report: Report) -> None:
    """Report a text that is shown like one before it."""
    position, shown = same.later[0], quoted(same.later[1].pick(same.language))
    if same.everywhere:
        twice = Message("%(text)s is listed twice.", text=shown)
        report.error(position, twice, Message("delete one"))
    else:
        twice = Message(
            "In `%(language)s`, %(text)s is listed twice; the first is on line %(line)s.",
            language=same.language, text=shown, line=same.before[0].line,
        )  # fmt: skip
        report.error(position, twice, Message("write different texts"))


def same_texts(texts: Sequence[TextAt]) -> Iterator[SameText]:
    """The texts that are shown like one before them."""
    languages = list(dict.fromkeys(each for _, text in texts for each in text.languages))
    seen: dict[tuple[Language, str], TextAt] = {}
    for later in texts:
        shown = {each: as_shown(later[1].pick(each)) for each in languages}
        same = [each for each in shown.items() if each[1] and each in seen]
        if same:
            before = seen[same[0]]
            everywhere = all(as_shown(before[1].pick(each)) == text for each, text in shown.items())
            yield SameText(later, before, same[0][0], everywhere)
        for each in shown.items():
            seen.setdefault(each, later)


def as_shown(text: str) -> str:
    """What members read of a choice or a pair, without marks, capitals and double spaces."""
    plain = unescape(_TAG.sub("", to_inline_html(text))) if _MARKUP.search(text) else text
    return fold(" ".join(plain.replace("’", "'").split()))
