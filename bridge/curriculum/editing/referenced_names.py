"""The names defined in a curriculum's files, for editors that complete references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bridge.curriculum.problems import Report
from bridge.curriculum.reading.source_text import read_source
from bridge.curriculum.reading.yaml_nodes import Mapping as MappingNode
from bridge.curriculum.reading.yaml_nodes import Node, Scalar, Sequence, read_nodes
from bridge.curriculum.requirements.register import RECORDS as REQUIREMENT_RECORDS
from bridge.curriculum.value_types import Name, NamePair

PROGRAMS_FILE = "programs.yaml"
DECLARED_KINDS = ("milestone", "page", "link", "quiz")
"""Kinds that are defined in one place, where the key has a title next to it."""
IMPLICIT_KINDS = tuple(
    record.keys[0].name
    for record in REQUIREMENT_RECORDS
    if isinstance(record.keys[0].shape, Name | NamePair)
    and record.keys[0].name not in DECLARED_KINDS
)
"""Kinds that are defined by being required, such as `signoff`."""


def referenced_names(files: Mapping[str, bytes]) -> dict[str, tuple[str, ...]]:
    """YAML key -> the names that can be its value, in the order of the files.

    `files`: name in the curriculum's folder -> content. Reads as much as possible of files with
    errors. Raises nothing.
    """
    found: dict[str, list[str]] = {kind: [] for kind in (*DECLARED_KINDS, *IMPLICIT_KINDS)}
    for name, content in files.items():
        if name.endswith(".yaml") and "/" not in name:
            for kind, key in _named(_document(name, content)):
                found[kind].append(key)
    names = {kind: tuple(dict.fromkeys(keys)) for kind, keys in found.items()}
    milestones = names["milestone"]
    images = tuple(name for name in files if name.lower().endswith(".png"))
    pairs = tuple(dict.fromkeys((*_mentoring_parts(files), *names["mentoring"])))
    led = tuple(dict.fromkeys((*names["session"], *names["led"])))
    return {
        **names,
        "led": led,
        "sessions": names["session"],
        "mentoring": pairs,
        "after": milestones,
        "milestones": milestones,
        "image": images,
    }


def _mentoring_parts(files: Mapping[str, bytes]) -> Iterator[str]:
    """The parts of the programs in programs.yaml, as `<program>/<part>`."""
    top = _document(PROGRAMS_FILE, files.get(PROGRAMS_FILE, b""))
    for program in _items(top, "programs"):
        for part in _items(program, "parts"):
            keys = _word(program, "program"), _word(part, "part")
            if all(keys):
                yield "/".join(keys)


def _items(node: Node | None, name: str) -> tuple[Node, ...]:
    value = _value(node, name)
    return tuple(value.items) if isinstance(value, Sequence) else ()


def _word(node: Node, name: str) -> str:
    value = _value(node, name)
    return value.text.strip() if isinstance(value, Scalar) else ""


def _value(node: Node | None, name: str) -> Node | None:
    pairs = node.pairs if isinstance(node, MappingNode) else ()
    return next((value for key, value in pairs if key.text == name), None)


def _document(name: str, content: bytes) -> Node | None:
    report = Report()
    text = read_source(name, content, report)
    return None if text is None else read_nodes(name, text, report)


def _named(node: Node | None) -> Iterator[tuple[str, str]]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _named(item)
    if not isinstance(node, MappingNode):
        return
    titled = any(name.text == "title" for name, _ in node.pairs)
    for name, value in node.pairs:
        if isinstance(value, Scalar):
            if value.text and (
                name.text in IMPLICIT_KINDS or (titled and name.text in DECLARED_KINDS)
            ):
                yield name.text, value.text.strip()
        else:
            yield from _named(value)
