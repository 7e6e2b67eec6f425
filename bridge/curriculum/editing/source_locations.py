"""Find the file and line of each quiz and question of a curriculum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bridge.curriculum.problems import Report
from bridge.curriculum.reading import yaml_nodes
from bridge.curriculum.reading.source_text import read_source
from bridge.curriculum.reading.yaml_nodes import Node, Scalar, Sequence, read_nodes

Key = tuple[str, str]
"""A quiz's key and a question's key; '' for the quiz itself."""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A line of a file in the curriculum's folder, counted from 1."""

    file: str
    line: int


def source_locations(files: Mapping[str, bytes]) -> dict[Key, SourceLocation]:
    """The location of every quiz and question that can be read. Raises nothing.

    `files`: name in the curriculum's folder -> content.
    """
    found: dict[Key, SourceLocation] = {}
    for name, content in files.items():
        if name.endswith(".yaml") and "/" not in name:
            for key, line in _quizzes(_document(name, content)):
                found.setdefault(key, SourceLocation(name, line))
    return found


def _document(name: str, content: bytes) -> Node | None:
    report = Report()
    text = read_source(name, content, report)
    return None if text is None else read_nodes(name, text, report)


def _quizzes(milestone: Node | None) -> Iterator[tuple[Key, int]]:
    for section in _items(_value(milestone, "course"), "sections"):
        for activity in _items(section, "activities"):
            if quiz := _word(activity, "quiz"):
                yield (quiz, ""), activity.position.line
                for question in _items(activity, "questions"):
                    yield (quiz, _word(question, "question")), question.position.line


def _value(node: Node | None, name: str) -> Node | None:
    pairs = node.pairs if isinstance(node, yaml_nodes.Mapping) else ()
    return next((value for key, value in pairs if key.text == name), None)


def _word(node: Node | None, name: str) -> str:
    value = _value(node, name)
    return value.text.strip() if isinstance(value, Scalar) else ""


def _items(node: Node | None, name: str) -> tuple[Node, ...]:
    value = _value(node, name)
    return value.items if isinstance(value, Sequence) else ()
