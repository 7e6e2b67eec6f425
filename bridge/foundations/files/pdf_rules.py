"""What the dictionaries of a PDF must not have: programs, actions, attachments, other files."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NoReturn

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    StreamObject,
    TextStringObject,
)

from bridge.foundations.files.file_types import FileRefused
from bridge.foundations.files.pdf_objects import PdfObjects
from bridge.messages import Message

JAVASCRIPT = Message("The PDF contains a program (JavaScript).")
ACTION = Message("The PDF starts an action, for example when it is opened.")
ATTACHMENT = Message("The PDF has other files attached.")
OTHER_FILE = Message("The PDF refers to another file.")
LINK = Message("The PDF has a link that goes neither to a website nor to an email address.")
MEDIA = Message("The PDF contains sound, video or 3D objects.")
XFA = Message("The PDF is an interactive form (XFA) that most programs can't show.")
ENCRYPTED = Message("The PDF is protected with a password.")

NAMES = {
    "/JS": JAVASCRIPT,
    "/JavaScript": JAVASCRIPT,
    "/AA": ACTION,
    "/Launch": ACTION,
    "/SubmitForm": ACTION,
    "/ResetForm": ACTION,
    "/ImportData": ACTION,
    "/SetOCGState": ACTION,
    "/PresSteps": ACTION,
    "/GoToE": ACTION,
    "/GoToR": OTHER_FILE,
    "/GoTo3DView": MEDIA,
    "/EF": ATTACHMENT,
    "/EmbeddedFile": ATTACHMENT,
    "/EmbeddedFiles": ATTACHMENT,
    "/FileAttachment": ATTACHMENT,
    "/Filespec": OTHER_FILE,
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
IN_THE_DOCUMENT = ("/GoTo",)
BEHIND_A_CLICK = ("/GoTo", "/URI")
CLICKS = ("/A", "/PA")
"""Keys of links, bookmarks and buttons. Attributes of a tagged PDF have `/A` too."""
FILE_NAMES = ("/F", "/UF", "/DOS", "/Mac", "/Unix")
SCHEMES = frozenset({"http", "https", "mailto", "tel", "sms", "ftp"})
SCHEME = re.compile(r"([a-z][a-z0-9+-]*):", re.IGNORECASE)
"""Without dots, so that `www.union.example:8080` has none."""
SHARE = re.compile(r"[\\/]{2}")


def check_dictionary(found: DictionaryObject, objects: PdfObjects) -> None:
    """Raises FileRefused if a dictionary makes the PDF active, or refers to another file."""
    kinds = [each for key in KINDS for each in objects.values_of(found, key)]
    for name in (*found, *kinds):
        if isinstance(name, str) and name in NAMES:
            refuse(NAMES[name])
    for opening in objects.values_of(found, "/OpenAction"):
        if isinstance(opening, DictionaryObject) and not _is_action(opening):
            refuse(ACTION)
        _check_action(opening, IN_THE_DOCUMENT, objects)
    for next_action in objects.values_of(found, "/Next"):
        _check_action(next_action, IN_THE_DOCUMENT, objects)
    for action in (each for key in CLICKS for each in objects.values_of(found, key)):
        _check_action(action, BEHIND_A_CLICK, objects)
    _check_other_files(found, objects)
    _check_links(found, objects)


def refuse(what: Message) -> NoReturn:
    """Raises FileRefused, with what to do."""
    raise FileRefused(what, Message("Print it to a new PDF, and upload that."))


def _is_action(found: DictionaryObject) -> bool:
    return "/S" in found or found.get("/Type") == "/Action"


def _check_action(value: object, allowed: Collection[str], objects: PdfObjects) -> None:
    """Check an action, a list of them, or the place that a list begins with. Other values pass."""
    if isinstance(value, ArrayObject):
        for each in (found for item in value for found in objects.values(item)):
            _check_action(each, allowed, objects)
    elif isinstance(value, DictionaryObject) and _is_action(value):
        kinds = objects.values_of(value, "/S") or [None]
        for each in (each for each in kinds if each not in allowed):
            refuse(NAMES.get(str(each), ACTION))
        if "/F" in value:
            refuse(OTHER_FILE)


def _check_other_files(found: DictionaryObject, objects: PdfObjects) -> None:
    """Check for names of files, and for streams whose content is elsewhere.

    Annotations have `/F` too: a number. Tagged PDFs have `/Ref` outside of streams.
    """
    is_stream = isinstance(found, StreamObject)
    if is_stream and "/Ref" in found:
        refuse(OTHER_FILE)
    for each in (each for key in FILE_NAMES for each in objects.values_of(found, key)):
        is_name = isinstance(each, TextStringObject | ByteStringObject)
        if is_name or (is_stream and isinstance(each, DictionaryObject)):
            refuse(OTHER_FILE)


def _check_links(found: DictionaryObject, objects: PdfObjects) -> None:
    for each in objects.values_of(found, "/URI"):
        for address in (each, *objects.values_of(each, "/Base")):
            if isinstance(address, TextStringObject | ByteStringObject):
                _check_address(_text(address))


def _text(value: TextStringObject | ByteStringObject) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _check_address(address: str) -> None:
    """Raises FileRefused if an address starts a program, or leads to a file or a share."""
    plain = "".join(each for each in address if each > " ")
    scheme = SCHEME.match(plain)
    if SHARE.match(plain) or (scheme and scheme[1].lower() not in SCHEMES):
        refuse(LINK)
