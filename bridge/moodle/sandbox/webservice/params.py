"""Parses parameters like PHP (`a[0][b]=…`), and validates them like Moodle."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, assert_never

from bridge.membership.emails import is_member_email
from bridge.moodle.sandbox.webservice.moodle_errors import invalid_parameter

Scalar = Literal[
    "int",
    "bool",
    "float",
    "raw",
    "text",
    "notags",
    "username",
    "email",
    "alpha",
    "alphanumext",
    "cleanhtml",
]
Raw = str | dict[str, "Raw"]

_TAG = re.compile(r"<(?!/?(?:span|lang)\b)[a-zA-Z/!]")
_CHECKS: dict[Scalar, Callable[[str], bool]] = {
    "int": lambda value: bool(re.fullmatch(r"-?\d{1,18}", value)),
    "bool": lambda value: value in ("0", "1"),
    "float": lambda value: bool(re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", value)),
    "raw": lambda value: "\0" not in value,
    "text": lambda value: not _TAG.search(value),
    "notags": lambda value: not re.search(r"<(?!\s)", value),
    "username": lambda value: bool(re.fullmatch(r"[a-z0-9._@-]*", value)),
    "email": lambda value: value == "" or is_member_email(value),
    "alphanumext": lambda value: bool(re.fullmatch(r"[A-Za-z0-9_-]*", value)),
    "cleanhtml": lambda value: not re.search(r"<!|<script|<style|\son\w+=", value, re.IGNORECASE),
    "alpha": lambda value: bool(re.fullmatch(r"[a-zA-Z]*", value)),
}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, each item of one shape."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Nullable:
    """An optional value; if missing it is `default`, or absent if that is None."""

    of: Shape
    default: object = None


Shape = Scalar | ListOf | Nullable | Mapping[str, "Shape"]


def unflatten(pairs: Iterable[tuple[str, str]]) -> dict[str, Raw]:
    """`[("a[0][b]", "x")]` to `{"a": {"0": {"b": "x"}}}`; as in PHP, the last value wins."""
    tree: dict[str, Raw] = {}
    for name, value in pairs:
        head, _, rest = name.partition("[")
        keys = [head, *re.findall(r"\[([^\]]*)\]", f"[{rest}" if rest else "")]
        _put(tree, keys, value)
    return tree


def _put(tree: dict[str, Raw], keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        below = tree.get(key)
        if not isinstance(below, dict):
            below = tree[key] = {}
        tree = below
    tree[keys[-1] or str(len(tree))] = value


_Int = int


class Args:
    """Validated parameters. A getter fails only for a name that is not in the shape."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        """A text, '' if missing."""
        return str(self._values.get(name) or "")

    def int(self, name: str) -> int:
        """An integer, 0 if missing."""
        value = self._values.get(name)
        return value if isinstance(value, int) else 0

    def float(self, name: str) -> float:
        """A number, 0.0 if missing."""
        value = self._values.get(name)
        return float(value) if isinstance(value, int | float) else 0.0

    def flag(self, name: str) -> bool:
        """A flag, false if missing."""
        return bool(self._values.get(name))

    def each(self, name: str) -> Iterator[Args]:
        """The structures of a list."""
        return (item for item in self._list(name) if isinstance(item, Args))

    def texts(self, name: str) -> list[str]:
        """The texts of a list."""
        return [str(item) for item in self._list(name)]

    def ints(self, name: str) -> list[_Int]:
        """The integers of a list."""
        return [item for item in self._list(name) if isinstance(item, int)]

    def one(self, name: str) -> Args:
        """A nested structure, empty if missing."""
        value = self._values.get(name)
        return value if isinstance(value, Args) else Args({})

    def given(self, *names: str) -> dict[str, object]:
        """Those of `names` that were sent, with their values."""
        return {name: self._values[name] for name in names if name in self}

    def _list(self, name: str) -> list[object]:
        value = self._values.get(name)
        return value if isinstance(value, list) else []


def check(shape: Mapping[str, Shape], raw: Mapping[str, Raw]) -> Args:
    """Validate `raw` by `shape`; refuse missing, unknown and invalid values."""
    if raw.keys() - shape.keys():
        raise invalid_parameter()
    return Args({name: _value(below, raw.get(name)) for name, below in shape.items()})


def _value(shape: Shape, raw: Raw | None) -> object:
    if isinstance(shape, Nullable):
        return shape.default if raw is None else _value(shape.of, raw)
    if isinstance(shape, str):
        return _scalar(shape, raw)
    if not isinstance(raw, dict):
        raise invalid_parameter()
    if isinstance(shape, ListOf):
        return [_value(shape.of, item) for item in raw.values()]
    return check(shape, raw)


def _scalar(kind: Scalar, raw: Raw | None) -> object:
    if not isinstance(raw, str) or not _CHECKS[kind](raw):
        raise invalid_parameter()
    match kind:
        case "int" | "bool":
            return int(raw)
        case "float":
            return float(raw)
        case (
            "raw" | "text" | "notags" | "username" | "email" | "alpha" | "alphanumext" | "cleanhtml"
        ):
            return raw
        case _:
            assert_never(kind)
