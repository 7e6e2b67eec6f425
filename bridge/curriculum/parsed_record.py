"""A YAML mapping recognised as a record of the format, with its values."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.curriculum.problems import Position
from bridge.curriculum.text import NO_TEXT, Text
from bridge.curriculum.value_types import Record


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as typed. `plain`: without quotes or `|`.

    `cut`: where a ` #` directly before a letter ended it. `comment`: where a ` # ` ended it that
    may have been meant as a part of the text.
    """

    position: Position
    text: str
    last_line: int
    plain: bool = False
    cut: Position | None = None
    comment: Position | None = None


@dataclass(frozen=True, slots=True)
class TextWithPosition:
    """A text and its position."""

    text: Text
    position: Position


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """A mapping recognised as a record. `values` has the values that could be read, by key."""

    schema: Record
    position: Position
    values: dict[str, Value] = field(default_factory=dict)

    def has(self, key: str) -> bool:
        return key in self.values

    def position_of(self, key: str) -> Position:
        """The position of a key's value; the position of the mapping if there is none."""
        value = self.values.get(key)
        return self.position if value is None or isinstance(value, tuple) else value.position

    def word(self, key: str, default: str = "") -> str:
        value = self.values.get(key)
        return value.text.strip() if isinstance(value, Scalar) else default

    @property
    def former_keys(self) -> tuple[str, tuple[str, ...]]:
        """The latest former key, '' for none, and the earlier ones: the value of `previously`."""
        first, *others = [each.text.strip() for each in self.words("previously")] or [""]
        return first, tuple(others)

    def option(self, key: str) -> str:
        """A word in lower case, as in the table of keys."""
        return self.word(key).lower()

    def text(self, key: str) -> Text:
        value = self.values.get(key)
        return value.text if isinstance(value, TextWithPosition) else NO_TEXT

    def record_of(self, key: str) -> ParsedRecord | None:
        value = self.values.get(key)
        return value if isinstance(value, ParsedRecord) else None

    def words(self, key: str) -> tuple[Scalar, ...]:
        """The words of a list, or of one that was written without a list."""
        value = self.values.get(key)
        if isinstance(value, Scalar):
            return (value,)
        return tuple(item for item in self._items(key) if isinstance(item, Scalar))

    def texts(self, key: str) -> tuple[TextWithPosition, ...]:
        return tuple(item for item in self._items(key) if isinstance(item, TextWithPosition))

    def records(self, key: str) -> tuple[ParsedRecord, ...]:
        return tuple(item for item in self._items(key) if isinstance(item, ParsedRecord))

    def items(self, key: str) -> tuple[TextWithPosition | ParsedRecord, ...]:
        """The items of a list that may have plain texts instead of mappings."""
        return tuple(
            item for item in self._items(key) if isinstance(item, TextWithPosition | ParsedRecord)
        )

    def _items(self, key: str) -> tuple[Value, ...]:
        value = self.values.get(key)
        return value if isinstance(value, tuple) else ()


Value = Scalar | TextWithPosition | ParsedRecord | tuple["Value", ...]
