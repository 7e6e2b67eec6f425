"""What the files of a curriculum name, for editors that complete references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bridge.curriculum.problems import Report
from bridge.curriculum.reading.source_text import read_source
from bridge.curriculum.reading.yaml_nodes import Mapping as MappingNode
from bridge.curriculum.reading.yaml_nodes import Node, Scalar, Sequence, read_nodes

DECLARED_KINDS = ("milestone", "page", "link", "quiz")
"""Named where they are: there a title stands beside the key."""
IMPLICIT_KINDS = ("role", "signoff")
"""Named by being asked for."""


def referenced_names(files: Mapping[str, bytes]) -> dict[str, tuple[str, ...]]:
    """By the key they may stand behind: the names that the files define, as far as they can be
    read, right or wrong; in the order of the files. Raises nothing.

    `files`: name inside the curriculum's folder -> content.
    """
    found: dict[str, list[str]] = {kind: [] for kind in (*DECLARED_KINDS, *IMPLICIT_KINDS)}
    for name, content in files.items():
        if name.endswith(".yaml"):
            for kind, key in _named(_document(name, content)):
                found[kind].append(key)
    names = {kind: tuple(dict.fromkeys(keys)) for kind, keys in found.items()}
    steps = names.pop("milestone")
    images = tuple(name for name in files if name.lower().endswith(".png"))
    return {**names, "after": steps, "milestones": steps, "image": images}


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
