"""Finds the objects of a PDF: those in its tables, and all that a repair of the file would find.

A program that repairs a file ignores its tables, and takes everything that begins like an object.
So an object counts wherever it is: in an older version, in a comment, in another object's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    StreamObject,
    read_object,
)

SPACE = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])"
SPACES = re.compile(SPACE + rb"*")
OBJECT = re.compile(rb"(?<![0-9])([0-9]+)" + SPACE + rb"+[0-9]+" + SPACE + rb"+obj")
TRAILER = re.compile(rb"()trailer" + SPACE + rb"*(?=<<)")
END_OF_OBJECT = re.compile(SPACE + rb"*endobj")
END_OF_TRAILER = re.compile(SPACE + rb"*startxref")


class Unclear(Exception):
    """Different programs may read the PDF differently."""


class PdfObjects:
    """All objects of a PDF by number. There can be several with one number.

    Raises Unclear if an object isn't written exactly as the standard says. What else is wrong with
    a damaged document is an exception of any other type.
    """

    def __init__(self, content: bytes, reader: PdfReader) -> None:
        self._found: dict[int, list[object]] = {}
        self._trailers: list[object] = [reader.trailer]
        self._parser = _StrictParser(reader)
        for number, each in self._parser.parse_all(content, OBJECT, END_OF_OBJECT):
            self._found.setdefault(int(number), []).append(each)
        for _, each in self._parser.parse_all(content, TRAILER, END_OF_TRAILER):
            self._trailers.append(each)
        self._unpack()
        self._add_listed(reader)

    def dictionaries(self) -> Iterator[DictionaryObject]:
        """Every dictionary in the file, also those that no page uses."""
        for each in (*self._trailers, *(each for same in self._found.values() for each in same)):
            yield from _nested(each)

    def values(self, value: object) -> list[object]:
        """What a value may be: itself or, of a reference, every object with its number."""
        found: list[object] = []
        pending, seen = [value], set()
        while pending:
            each = pending.pop()
            if not isinstance(each, IndirectObject):
                found.append(each)
            elif each.idnum not in seen:
                seen.add(each.idnum)
                pending += self._found.get(each.idnum, ())
        return found

    def values_of(self, found: object, key: str) -> list[object]:
        """What the value of a key may be. Nothing if `found` isn't a dictionary that has it."""
        if isinstance(found, DictionaryObject) and key in found:
            return self.values(found.raw_get(key))
        return []

    def has_a_page(self) -> bool:
        """Whether there is a page in the tree of pages."""
        roots = [root for each in self._trailers for root in self.values_of(each, "/Root")]
        pending = [each for root in roots for each in self.values_of(root, "/Pages")]
        seen: set[int] = set()
        while pending:
            each = pending.pop()
            if id(each) in seen:
                continue
            seen.add(id(each))
            if "/Page" in self.values_of(each, "/Type"):
                return True
            kids = (kids for kids in self.values_of(each, "/Kids") if isinstance(kids, ArrayObject))
            pending += [found for same in kids for kid in same for found in self.values(kid)]
        return False

    def _unpack(self) -> None:
        """Add the objects in object streams."""
        streams = [each for same in self._found.values() for each in same if self._is_packed(each)]
        for each in streams:
            assert isinstance(each, StreamObject)  # noqa: S101
            [first] = self.values_of(each, "/First")
            for number, packed in self._parser.parse_packed(each.get_data(), int(str(first))):
                self._found.setdefault(number, []).append(packed)

    def _is_packed(self, value: object) -> bool:
        return isinstance(value, StreamObject) and (
            "/ObjStm" in self.values_of(value, "/Type") or {"/N", "/First"} <= value.keys()
        )

    def _add_listed(self, reader: PdfReader) -> None:
        """Add objects of the tables that don't begin as objects should."""
        listed = {(number, gen) for gen, entries in reader.xref.items() for number in entries}
        listed |= {(number, 0) for number in reader.xref_objStm}
        for number, generation in listed:
            if number not in self._found:
                each = reader.get_object(IndirectObject(number, generation, reader))
                self._found[number] = [each]


class _StrictParser:
    """Reads objects, and none that is wrong in any way: what would others make of it?"""

    strict = True

    def __init__(self, reader: PdfReader) -> None:
        self.get_object = reader.get_object

    def parse_all(
        self, content: bytes, start: re.Pattern[bytes], end: re.Pattern[bytes]
    ) -> Iterator[tuple[bytes, object]]:
        """Each object after a start, with what the start's group is. Raises Unclear."""
        stream = BytesIO(content)
        for begin in start.finditer(content):
            stream.seek(_after_spaces(content, begin.end()))
            value = self._parse(stream)
            if end.match(content, stream.tell()) is None and not isinstance(value, NullObject):
                raise Unclear
            yield begin[1], value

    def parse_packed(self, content: bytes, first: int) -> Iterator[tuple[int, object]]:
        """Number and value of each object in an object stream. Raises Unclear."""
        heads = [int(each) for each in content[:first].split()]
        places = sorted(zip(heads[1::2], heads[::2], strict=True))
        ends = [first + offset for offset, _ in places[1:]] + [len(content)]
        stream = BytesIO(content + b" ")
        for (offset, number), end in zip(places, ends, strict=True):
            stream.seek(_after_spaces(content, first + offset))
            value = self._parse(stream)
            if content[stream.tell() : end].strip(b"\0\t\n\f\r "):
                raise Unclear
            yield number, value

    def _parse(self, stream: BytesIO) -> object:
        try:
            return read_object(stream, self)  # type: ignore[arg-type]
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001  (pypdf raises many types for damaged files)
            raise Unclear from None


def _after_spaces(content: bytes, position: int) -> int:
    found = SPACES.match(content, position)
    return found.end() if found else position


def _nested(value: object) -> Iterator[DictionaryObject]:
    """The dictionaries in a value, without following references: those are visited anyway."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, NameObject) and "\0" in each:
            raise Unclear  # most programs end a name there
        if isinstance(each, DictionaryObject):
            yield each
            pending += (*each.keys(), *each.values())
        elif isinstance(each, ArrayObject):
            pending += each
