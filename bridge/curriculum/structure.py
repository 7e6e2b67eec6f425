"""Nodes -> filled-in records, by the table of keys: unknown, missing and misshapen keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.curriculum.keys import RECORDS, REFUSED
from bridge.curriculum.model import NO_TEXT, Language, Text
from bridge.curriculum.problems import Mark, Report, did_you_mean, nearest, shown
from bridge.curriculum.scalars import check_scalar
from bridge.curriculum.shapes import ListOf, Name, One, Record, Shape, Word, Words
from bridge.curriculum.texts import Written, read_words
from bridge.curriculum.yaml_nodes import Mapping, Node, Refused, Scalar, Sequence

_QUOTE = "if the colon is part of the text, put the whole text in straight quotes"


@dataclass(frozen=True, slots=True)
class Filled:
    """A mapping that was recognised. `values` holds what could be read of it."""

    record: Record
    mark: Mark
    values: dict[str, Value] = field(default_factory=dict)

    def has(self, key: str) -> bool:
        return key in self.values

    def mark_of(self, key: str) -> Mark:
        """Where the value of a key stands; the mapping's own place if it has none."""
        value = self.values.get(key)
        return self.mark if value is None or isinstance(value, tuple) else value.mark

    def word(self, key: str, default: str = "") -> str:
        value = self.values.get(key)
        return value.text.strip() if isinstance(value, Scalar) else default

    def option(self, key: str) -> str:
        """One of a few words, in small letters as the table of keys has it."""
        return self.word(key).lower()

    def text(self, key: str) -> Text:
        value = self.values.get(key)
        return value.text if isinstance(value, Written) else NO_TEXT

    def record_of(self, key: str) -> Filled | None:
        value = self.values.get(key)
        return value if isinstance(value, Filled) else None

    def words(self, key: str) -> tuple[Scalar, ...]:
        return tuple(item for item in self._items(key) if isinstance(item, Scalar))

    def texts(self, key: str) -> tuple[Written, ...]:
        return tuple(item for item in self._items(key) if isinstance(item, Written))

    def records(self, key: str) -> tuple[Filled, ...]:
        return tuple(item for item in self._items(key) if isinstance(item, Filled))

    def items(self, key: str) -> tuple[Written | Filled, ...]:
        """The items of a list in which a plain text may stand for a mapping."""
        return tuple(item for item in self._items(key) if isinstance(item, Written | Filled))

    def _items(self, key: str) -> tuple[Value, ...]:
        value = self.values.get(key)
        return value if isinstance(value, tuple) else ()


Value = Scalar | Written | Filled | tuple["Value", ...]


class Structure:
    """Reads nodes by the table. `languages`: those declared, () while they are unknown."""

    def __init__(self, report: Report, languages: tuple[Language, ...] = ()) -> None:
        self.report = report
        self.languages = languages

    def fill(self, node: Mapping, record: Record) -> Filled:
        values: dict[str, Value] = {}
        for name, value in node.pairs:
            key = record.key(name.text)
            if key is None:
                self._unknown(name, record)
            elif (read := self.value(value, key.shape, f"`{key.name}`")) is not None:
                values[key.name] = read
        self._missing(node, record)
        return Filled(record, node.mark, values)

    def value(self, node: Node, shape: Shape, label: str) -> Value | None:
        """What was read, None if nothing of it can be used (which was reported)."""
        if isinstance(node, Refused):
            return None
        match shape:
            case Words():
                return read_words(node, shape, label, self.languages, self.report)
            case ListOf():
                return self._list(node, shape, label)
            case One():
                return self._one(node, shape, label)
        if not isinstance(node, Scalar):
            self.report.error(node.mark, f"{label} must be one word or number.", _QUOTE)
            return None
        good = check_scalar(node, shape, label, self.report)
        return node if good or isinstance(shape, Name) else None

    def _list(self, node: Node, shape: ListOf, label: str) -> Value | None:
        if not isinstance(node, Sequence):
            empty = isinstance(node, Scalar) and not node.text
            advice = "begin each item with `- `, or write them in `[…]`"
            wrong = "has nothing in it" if empty else "must be a list"
            self.report.error(node.mark, f"{label} {wrong}.", advice)
            return None
        if len(node.items) < shape.least:
            few = "nothing in it" if not node.items else f"only {len(node.items)} item"
            self.report.error(node.mark, f"{label} has {few}; at least {shape.least} is needed.")
        read = (self.value(item, shape.item, f"an item of {label}") for item in node.items)
        return tuple(value for value in read if value is not None)

    def _one(self, node: Node, shape: One, label: str) -> Value | None:
        if shape.text and isinstance(node, Scalar):
            return read_words(node, shape.text, label, self.languages, self.report)
        if not isinstance(node, Mapping):
            names = _alternatives(shape)
            self.report.error(node.mark, f"{label} must be {shape.what} with {names}.")
            return None
        record = self._which(node, shape)
        if record is None and shape.text and node.pairs and not shape.by:
            return read_words(node, shape.text, label, self.languages, self.report)
        return self.fill(node, record) if record else None

    def _which(self, node: Mapping, shape: One) -> Record | None:
        if len(shape.records) == 1:
            return RECORDS[shape.records[0]]
        records = [RECORDS[name] for name in shape.records]
        return (
            self._by_word(node, shape, records) if shape.by else self._by_key(node, shape, records)
        )

    def _by_word(self, node: Mapping, shape: One, records: list[Record]) -> Record | None:
        options = tuple(word for record in records for word in _words_of(record, shape.by))
        for name, value in node.pairs:
            if name.text != shape.by:
                continue
            word = value.text.strip().lower() if isinstance(value, Scalar) else ""
            if word in options:
                return records[options.index(word)]
            self.value(value, Word(options), f"`{shape.by}`")
            return None
        listed = ", ".join(f"`{option}`" for option in options)
        given = [name.text for name, _ in node.pairs]
        typo = next((name for name in given if nearest(name, [shape.by])), "")
        self.report.error(
            node.mark,
            f"`{shape.by}` is missing (one of {listed})."
            + (f" There is an unknown {shown(typo)}." if typo else ""),
            f"did you mean `{shape.by}`?" if typo else "",
        )
        return None

    def _by_key(self, node: Mapping, shape: One, records: list[Record]) -> Record | None:
        firsts = {record.keys[0].name: record for record in records}
        for name, _ in node.pairs:
            if name.text in firsts:
                return firsts[name.text]
        if shape.text and node.pairs and all(len(n.text) <= 3 for n, _ in node.pairs):
            return None
        mark = node.pairs[0][0].mark if node.pairs else node.mark
        given = shown(node.pairs[0][0].text) if node.pairs else "nothing"
        suggestion = ""
        for name, _ in node.pairs:
            suggestion = suggestion or did_you_mean(name.text, firsts)
        self.report.error(
            mark,
            f"{shape.what[0].upper()}{shape.what[1:]} has {_alternatives(shape)}; here is {given}.",
            suggestion,
        )
        return None

    def _unknown(self, name: Scalar, record: Record) -> None:
        reason = REFUSED.get(name.text.lower().replace("-", "").replace("_", ""))
        if reason:
            self.report.error(name.mark, f"{shown(name.text)} cannot be set: {reason}.")
            return
        home = next((r.name for r in RECORDS.values() if r.key(name.text)), "")
        where = f"a {_said(record)} has {_listed(record.names)}"
        elsewhere = " (it belongs to something else; is it indented too far?)" if home else ""
        self.report.error(
            name.mark,
            f"{shown(name.text)} is not known here{elsewhere}; {where}.",
            did_you_mean(name.text, record.names),
        )

    def _missing(self, node: Mapping, record: Record) -> None:
        given = {name.text for name, _ in node.pairs}
        for key in record.keys:
            if key.required and key.name not in given:
                self.report.error(
                    node.mark, f"`{key.name}` is missing in this {_said(record)}.", key.about
                )


def _words_of(record: Record, key: str) -> tuple[str, ...]:
    found = record.key(key)
    return found.shape.options if found and isinstance(found.shape, Word) else ()


def _alternatives(shape: One) -> str:
    records = [RECORDS[name] for name in shape.records]
    if shape.by or len(records) == 1:
        return _listed(records[0].names)
    return " or ".join(f"`{name}:`" for name in dict.fromkeys(r.keys[0].name for r in records))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _said(record: Record) -> str:
    return record.name.replace("-", " ")
