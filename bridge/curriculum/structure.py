"""Nodes -> filled-in records, by the table of keys: unknown, missing and misshapen keys."""

from __future__ import annotations

from bridge.curriculum.filled import Filled, Value
from bridge.curriculum.keys import RECORDS, REFUSED
from bridge.curriculum.model import Language
from bridge.curriculum.problems import Report, did_you_mean, nearest, shown
from bridge.curriculum.scalars import check_scalar
from bridge.curriculum.shapes import (
    LANGUAGE_CODE,
    Key,
    ListOf,
    Name,
    One,
    Record,
    Shape,
    Word,
    Words,
)
from bridge.curriculum.texts import read_words
from bridge.curriculum.yaml_nodes import Mapping, Node, Refused, Scalar, Sequence

_SURE = 0.75
"""How alike (of 1) a misspelt key must be for its value to be read as the key's."""

_QUOTE = "if the colon is part of the text, put the whole text in straight quotes"


class Structure:
    """Reads nodes by the table. `languages`: those declared, () while they are unknown."""

    def __init__(self, report: Report, languages: tuple[Language, ...] = ()) -> None:
        self.report = report
        self.languages = languages

    def fill(self, node: Mapping, record: Record) -> Filled:
        values: dict[str, Value] = {}
        given = {name.text for name, _ in node.pairs}
        for name, value in node.pairs:
            key = record.key(name.text) or self._misspelt(name, record, given)
            if key is None:
                continue
            given.add(key.name)
            if (read := self.value(value, key.shape, f"`{key.name}`")) is not None:
                values[key.name] = read
        for missing in record.keys:
            if missing.required and missing.name not in given:
                message = f"`{missing.name}` is missing in this {_said(record)}."
                self.report.error(node.mark, message, missing.about)
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
        if shape.text and (isinstance(node, Scalar) or _is_translation(node)):
            return read_words(node, shape.text, label, self.languages, self.report)
        if not isinstance(node, Mapping):
            names = _alternatives(shape)
            self.report.error(node.mark, f"{label} must be {shape.what} with {names}.")
            return None
        record = self._which(node, shape)
        return self.fill(node, record) if record else None

    def _which(self, node: Mapping, shape: One) -> Record | None:
        """The record a mapping is meant to be; None, after an error, if nobody can tell."""
        records = [RECORDS[name] for name in shape.records]
        if len(records) == 1:
            return records[0]
        return (
            self._by_word(node, shape, records) if shape.by else self._by_key(node, shape, records)
        )

    def _by_word(self, node: Mapping, shape: One, records: list[Record]) -> Record | None:
        options = tuple(word for record in records for word in _words_of(record, shape.by))
        given = {name.text: value for name, value in node.pairs}
        value = given.get(shape.by) or given.get(nearest(shape.by, given, _SURE))
        if value is None:
            listed = ", ".join(f"`{option}`" for option in options)
            self.report.error(node.mark, f"`{shape.by}` is missing (one of {listed}).")
            return None
        word = value.text.strip().lower() if isinstance(value, Scalar) else ""
        if word in options:
            return records[options.index(word)]
        self.value(value, Word(options), f"`{shape.by}`")
        return None

    def _by_key(self, node: Mapping, shape: One, records: list[Record]) -> Record | None:
        given = [name.text for name, _ in node.pairs]
        firsts = {record.keys[0].name: record for record in reversed(records)}
        for record in records:
            if record.keys[0].name in given:
                return record
        for name in given:
            if meant := nearest(name, firsts, _SURE):
                return firsts[meant]
        mark = node.pairs[0][0].mark if node.pairs else node.mark
        here = shown(given[0]) if given else "nothing"
        message = f"{shape.what} has {_alternatives(shape)}; here is {here}."
        self.report.error(mark, message)
        return None

    def _misspelt(self, name: Scalar, record: Record, given: set[str]) -> Key | None:
        """Reports an unknown key; the key it was surely meant to be, if there is one."""
        reason = REFUSED.get(name.text.lower().replace("-", "").replace("_", ""))
        if reason:
            self.report.error(name.mark, f"{shown(name.text)} cannot be set: {reason}.")
            return None
        advice = did_you_mean(name.text, record.names)
        message = f"{shown(name.text)} is not known here"
        if not advice and any(other.key(name.text) for other in RECORDS.values()):
            message += ": it belongs to something else (is it indented too far?)"
        if not advice:
            message += f"; known here: {_listed(record.names)}"
        self.report.error(name.mark, f"{message}.", advice)
        return record.key(nearest(name.text, set(record.names) - given, _SURE))


def _is_translation(node: Node) -> bool:
    return isinstance(node, Mapping) and all(
        LANGUAGE_CODE.fullmatch(name.text) for name, _ in node.pairs
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
