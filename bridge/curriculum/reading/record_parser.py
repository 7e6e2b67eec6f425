"""Turn YAML nodes into parsed records, and report unknown, missing and invalid keys."""

from __future__ import annotations

from bridge.curriculum.parsed_record import ParsedRecord, Value
from bridge.curriculum.problems import Position, Report, did_you_mean, instead, nearest, quoted
from bridge.curriculum.reading.language_names import begins_with_language
from bridge.curriculum.reading.layout.mistakes import new_item, report_missing_colon
from bridge.curriculum.reading.odd_characters import (
    report_double_marker,
    report_odd_space,
    report_wrong_marker,
    without_odd_spaces,
)
from bridge.curriculum.reading.scalars import check_scalar
from bridge.curriculum.reading.translated_text import read_translated_text
from bridge.curriculum.reading.yaml_nodes import Mapping, Node, RejectedNode, Scalar, Sequence
from bridge.curriculum.schema.fields import RECORDS, REFUSED
from bridge.curriculum.schema.other_words import advice_for, word_for
from bridge.curriculum.text import Language
from bridge.curriculum.value_types import (
    LANGUAGE_CODE,
    Field,
    ListOf,
    Name,
    OneOf,
    Record,
    Shape,
    TranslatedText,
    Word,
)
from bridge.messages import NOTHING, Message

MIN_SIMILARITY = 0.75
"""Similarity (0 to 1) from which the value of a misspelt key is read as the value of the key."""

MAX_NAME_LENGTH = 100
"""Length up to which an invalid key is kept, so that references to it are not reported too."""

_QUOTE = Message("if the colon is part of the text, put the whole text in straight quotes")

_BELOW = Message("write them on the lines below it, indented by two spaces more")


class RecordParser:
    """Parses nodes according to the table of keys.

    `languages`: the curriculum's declared languages, () if unknown.
    """

    def __init__(self, report: Report, languages: tuple[Language, ...] = ()) -> None:
        self.report = report
        self.languages = languages

    def parse(self, node: Mapping, record: Record) -> ParsedRecord:
        """Parse a mapping as `record`, and report its problems."""
        values: dict[str, Value] = {}
        given = {name.text for name, _ in node.pairs}
        for name, value in node.pairs:
            key = record.key(name.text) or self._misspelt(name, record, given, node.position)
            if key is None:
                continue
            given.add(key.name)
            if (read := self.value(value, key.shape, f"`{key.name}`")) is not None:
                values[key.name] = read
        for missing in record.keys:
            if missing.required and missing.name not in given:
                message = Message(
                    "`%(name)s` is missing in this %(record)s.",
                    name=missing.name, record=record.label,
                )  # fmt: skip
                self.report.error(node.position, message, Message(missing.about))
        return ParsedRecord(record, node.position, values)

    def value(self, node: Node, shape: Shape, label: str) -> Value | None:
        """The parsed value; None, after an error was reported, if it cannot be used."""
        if isinstance(node, RejectedNode):
            return None
        match shape:
            case TranslatedText():
                return read_translated_text(node, shape, label, self.languages, self.report)
            case ListOf():
                return self._list(node, shape, label)
            case OneOf():
                return self._one(node, shape, label)
            case _:
                return self._scalar(node, shape, label)

    def _scalar(self, node: Node, shape: Shape, label: str) -> Value | None:
        if not isinstance(node, Scalar):
            wrong = Message("%(label)s must be a single word or number.", label=label)
            self.report.error(node.position, wrong, _QUOTE)
            return None
        is_valid = check_scalar(node, shape, label, self.report)
        is_key = isinstance(shape, Name) and len(node.text) <= MAX_NAME_LENGTH
        return node if is_valid or is_key else None

    def _list(self, node: Node, shape: ListOf, label: str) -> Value | None:
        if shape.or_word and isinstance(node, Scalar):
            return self._scalar(node, shape.item, label)
        if not isinstance(node, Sequence):
            if report_wrong_marker(node.position, self.report):
                return None
            is_empty = isinstance(node, Scalar) and not node.text
            advice = Message("start each item with `- `, or write them in `[…]`")
            wrong = Message("%(label)s must be a list.", label=label)
            self.report.error(node.position, _empty(label) if is_empty else wrong, advice)
            return None
        if len(node.items) < shape.minimum:
            few = Message(
                "%(label)s has too few items: %(count)s instead of at least %(minimum)s.",
                label=label, count=len(node.items), minimum=shape.minimum,
            )  # fmt: skip
            self.report.error(node.position, few if node.items else _empty(label))
        read = (
            self.value(
                item, shape.item, Message("%(label)s (item %(place)s)", label=label, place=at)
            )
            for at, item in enumerate(node.items, 1)
        )
        return tuple(value for value in read if value is not None)

    def _one(self, node: Node, shape: OneOf, label: str) -> Value | None:
        if shape.text and _is_text(node, shape, self.languages):
            return read_translated_text(node, shape.text, label, self.languages, self.report)
        if shape.word and isinstance(node, Scalar):
            return self._scalar(node, shape.word, label)
        if isinstance(node, Sequence) and report_double_marker(node.position, self.report):
            return None
        if isinstance(node, Scalar) and report_missing_colon(node.position, self.report):
            return None
        if not isinstance(node, Mapping):
            names = _alternatives(shape)
            wrong = Message(
                "%(label)s must be %(what)s with %(names)s.",
                label=label, what=Message(shape.what), names=names,
            )  # fmt: skip
            is_empty = isinstance(node, Scalar) and not node.text
            self.report.error(node.position, wrong, _BELOW if is_empty else NOTHING)
            return None
        record = self._which(node, shape)
        return self.parse(node, record) if record else None

    def _which(self, node: Mapping, shape: OneOf) -> Record | None:
        """The record that a mapping is; None, after an error was reported, if it is unclear."""
        records = [RECORDS[name] for name in shape.records]
        if len(records) == 1:
            return records[0]
        return (
            self._by_word(node, shape, records) if shape.by else self._by_key(node, shape, records)
        )

    def _by_word(self, node: Mapping, shape: OneOf, records: list[Record]) -> Record | None:
        options = tuple(word for record in records for word in _words_of(record, shape.by))
        given = {name.text: value for name, value in node.pairs}
        value = given.get(shape.by) or given.get(nearest(shape.by, given, MIN_SIMILARITY))
        if value is None:
            listed = ", ".join(f"`{option}`" for option in options)
            missing = Message(
                "`%(name)s` is missing; it must be one of %(options)s.",
                name=shape.by,
                options=listed,
            )
            self.report.error(node.position, missing)
            return None
        word = value.text.strip().lower() if isinstance(value, Scalar) else ""
        if word in options:
            return records[options.index(word)]
        self.value(value, Word(options), f"`{shape.by}`")
        return None

    def _by_key(self, node: Mapping, shape: OneOf, records: list[Record]) -> Record | None:
        given = [name.text for name, _ in node.pairs]
        firsts = {record.keys[0].name: record for record in reversed(records)}
        for record in records:
            if record.keys[0].name in given:
                return record
        for name in given:
            if meant := word_for(name, firsts) or nearest(name, firsts, MIN_SIMILARITY):
                return firsts[meant]
        position = node.pairs[0][0].position if node.pairs else node.position
        message = Message(
            "This must be %(what)s with %(names)s, not %(here)s.",
            names=_alternatives(shape), what=Message(shape.what),
            here=quoted(given[0]) if given else Message("nothing"),
        )  # fmt: skip
        self.report.error(position, message)
        return None

    def _misspelt(
        self, name: Scalar, record: Record, given: set[str], place: Position
    ) -> Field | None:
        """Report an unknown key. Returns the key it is a misspelling of, if that is clear."""
        meant = without_odd_spaces(name.text)
        if meant != name.text and (record.key(meant) or not name.text.startswith(meant[:1])):
            report_odd_space(name.position, self.report)
            return record.key(meant)
        if advice := advice_for(record.name, name.text):
            self.report.error(name.position, _unknown(name.text, record, meant=True), advice)
            return None
        reason = REFUSED.get(name.text.lower().replace("-", "").replace("_", ""))
        if reason:
            refused = Message(
                "%(name)s cannot be set: %(reason)s.", name=quoted(name.text), reason=reason
            )
            self.report.error(name.position, refused)
            return None
        free = [key for key in record.names if key not in given]
        meant = word_for(name.text, free)
        advice = instead(meant) if meant else did_you_mean(name.text, free)
        twice = nearest(name.text, given & set(record.names), MIN_SIMILARITY)
        if twice and not advice:
            advice = Message("`%(name)s` is already there; delete this line", name=twice)
        unknown = _unknown(name.text, record, bool(advice))
        if not advice and name.position.line != place.line:
            advice = new_item(name.text, place, self.report)
        self.report.error(name.position, unknown, advice)
        return record.key(meant or nearest(name.text, free, MIN_SIMILARITY))


def _empty(label: str) -> Message:
    return Message("%(label)s is empty.", label=label)


def _unknown(name: str, record: Record, meant: bool) -> Message:
    """The message for an unknown key. `meant`: a suggestion follows, so no list is needed."""
    if meant:
        return Message("Unknown key %(name)s.", name=quoted(name))
    known = _listed(record.names)
    if any(other.key(name) for other in RECORDS.values()):
        return Message(
            "The key %(name)s does not belong here (check the indentation of "
"its line). Keys you can use here: %(known)s.",
            name=quoted(name), known=known,
        )  # fmt: skip
    return Message("Unknown key %(name)s. Keys you can use here: %(known)s.",
                    name=quoted(name), known=known)  # fmt: skip


def _is_text(node: Node, shape: OneOf, languages: tuple[Language, ...]) -> bool:
    """Whether it is a text instead of a record; also if a colon makes it look like a mapping."""
    if isinstance(node, Scalar) or _is_translation(node, languages):
        return True
    if len(shape.records) > 1 or not isinstance(node, Mapping) or len(node.pairs) != 1:
        return False
    [(name, _)] = node.pairs
    return not nearest(name.text, RECORDS[shape.records[0]].names, MIN_SIMILARITY)


def _is_translation(node: Node, languages: tuple[Language, ...]) -> bool:
    if not isinstance(node, Mapping):
        return False
    names = [name.text for name, _ in node.pairs]
    return any(begins_with_language(name, languages) for name in names[:1]) or all(
        LANGUAGE_CODE.fullmatch(name) for name in names
    )


def _words_of(record: Record, key: str) -> tuple[str, ...]:
    found = record.key(key)
    return found.shape.options if found and isinstance(found.shape, Word) else ()


def _alternatives(shape: OneOf) -> str:
    records = [RECORDS[name] for name in shape.records]
    if shape.by or len(records) == 1:
        return _listed(records[0].names)
    first, *others = (f"`{name}:`" for name in dict.fromkeys(r.keys[0].name for r in records))
    for name in others:
        first = Message("%(one)s or %(other)s", one=first, other=name)
    return first


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
