"""Checks PDFs: they can be read, and contain nothing that runs, is attached or is encrypted."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError

from bridge.foundations.files.pdf_objects import PdfObjects, Unclear
from bridge.foundations.files.pdf_rules import ENCRYPTED, NAMES, check_dictionary, refuse
from bridge.messages import Message

UNCLEAR = Message("Parts of the PDF can't be read.")
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

    The document is searched twice: every object in it, and the text between them, for what a
    program that repairs damaged files may find. What is wrong with a damaged document is an
    exception of any other type.
    """
    end = _end_of(content)
    try:
        reader = PdfReader(BytesIO(content[:end]))
    except DependencyError:  # encrypted in a way that pypdf can't try to decrypt
        refuse(ENCRYPTED)
    if reader.is_encrypted:
        refuse(ENCRYPTED)
    objects = _check_objects(content[:end], reader)
    _check_text(STREAM.sub(b"", content[:end]))
    if not objects.has_a_page():
        raise Damaged
    return end


def _end_of(content: bytes) -> int:
    mark = content.rfind(END_MARK)
    if mark < 0:
        raise Damaged
    end = mark + len(END_MARK)
    return end + len(content[end : end + 2]) - len(content[end : end + 2].lstrip(b"\r\n"))


def _check_objects(content: bytes, reader: PdfReader) -> PdfObjects:
    try:
        objects = PdfObjects(content, reader)
        for each in objects.dictionaries():
            check_dictionary(each, objects)
    except Unclear:
        refuse(UNCLEAR)
    return objects


def _check_text(text: bytes) -> None:
    """Raises FileRefused if a name in the text makes the PDF active, however it is written."""
    for found in set(NAME.findall(text)):
        raw = ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), found)
        name = raw.decode("latin-1")
        if len(name) > MIN_UNAMBIGUOUS_LENGTH and name in NAMES:
            refuse(NAMES[name])
