"""Checks PDFs: they can be read, and contain nothing that runs, is attached or is encrypted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from bridge.foundations.files.file_types import FileRefused
from bridge.messages import Message

JAVASCRIPT = Message("The PDF contains a program (JavaScript).")
ACTION = Message("The PDF starts an action, for example when it is opened.")
ATTACHMENT = Message("The PDF has other files attached.")
MEDIA = Message("The PDF contains sound, video or 3D objects.")
XFA = Message("The PDF is an interactive form (XFA) that most programs can't show.")
ENCRYPTED = Message("The PDF is protected with a password.")

NAMES = {
    "/JS": JAVASCRIPT,
    "/JavaScript": JAVASCRIPT,
    "/AA": ACTION,
    "/Launch": ACTION,
    "/SubmitForm": ACTION,
    "/ImportData": ACTION,
    "/GoToE": ACTION,
    "/EF": ATTACHMENT,
    "/EmbeddedFile": ATTACHMENT,
    "/EmbeddedFiles": ATTACHMENT,
    "/FileAttachment": ATTACHMENT,
    "/RichMedia": MEDIA,
    "/RichMediaExecute": MEDIA,
    "/Rendition": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/Screen": MEDIA,
    "/3D": MEDIA,
    "/XFA": XFA,
    "/Encrypt": ENCRYPTED,
}
"""Keys, and values of `/S`, `/Type` and `/Subtype`, that make a PDF active."""
KINDS = ("/S", "/Type", "/Subtype")
MIN_UNAMBIGUOUS_LENGTH = 4
"""Shorter names can occur by chance, so they count only where the file is parsed."""
STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
NAME = re.compile(rb"/[^\s()<>\[\]{}/%\x00]+")
ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
END_MARK = b"%%EOF"


class Damaged(Exception):
    """The PDF has no end or no pages."""


def check_pdf(content: bytes) -> int:
    """The size of the document without what follows its end. Raises FileRefused.

    The document is searched twice: every object that its tables list, and the text between them,
    where a program that repairs damaged files may find more objects. What is wrong with a damaged
    document is an exception of any other type.
    """
    end = _end_of(content)
    try:
        reader = PdfReader(BytesIO(content[:end]))
    except DependencyError:  # encrypted in a way that pypdf can't try to decrypt
        raise _refusal(ENCRYPTED) from None
    if reader.is_encrypted:
        raise _refusal(ENCRYPTED)
    for each in _dictionaries(reader):
        _check_dictionary(each)
    _check_text(STREAM.sub(b"", content[:end]))
    if not len(reader.pages):
        raise Damaged
    return end


def _end_of(content: bytes) -> int:
    mark = content.rfind(END_MARK)
    if mark < 0:
        raise Damaged
    end = mark + len(END_MARK)
    return end + len(content[end : end + 2]) - len(content[end : end + 2].lstrip(b"\r\n"))


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary in the file, also those that no page uses."""
    numbers = [(number, gen) for gen, entries in reader.xref.items() for number in entries]
    numbers += [(number, 0) for number in reader.xref_objStm]
    yield from _nested(reader.trailer)
    for number, generation in numbers:
        found = reader.get_object(IndirectObject(number, generation, reader))
        yield from _nested(found)
        if isinstance(found, StreamObject) and found.get("/Type") == "/ObjStm":
            _check_text(found.get_data())


def _nested(value: object) -> Iterator[DictionaryObject]:
    """The dictionaries in a value, without following references: those are visited anyway."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, DictionaryObject):
            yield each
            pending += each.values()
        elif isinstance(each, ArrayObject):
            pending += each


def _check_dictionary(found: DictionaryObject) -> None:
    kinds = [_resolved(found[key]) for key in KINDS if key in found]
    for name in (*found, *kinds):
        if isinstance(name, str) and name in NAMES:
            raise _refusal(NAMES[name])
    action = _resolved(found.get("/OpenAction"))
    if isinstance(action, DictionaryObject) and _resolved(action.get("/S")) != "/GoTo":
        raise _refusal(ACTION)


def _resolved(value: object) -> object:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _check_text(text: bytes) -> None:
    """Raises FileRefused if a name in the text makes the PDF active, however it is written."""
    for found in set(NAME.findall(text)):
        raw = ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), found)
        name = raw.decode("latin-1")
        if len(name) > MIN_UNAMBIGUOUS_LENGTH and name in NAMES:
            raise _refusal(NAMES[name])


def _refusal(what: Message) -> FileRefused:
    return FileRefused(what, Message("Print it to a new PDF, and upload that."))
