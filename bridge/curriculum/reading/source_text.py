"""Decode the bytes of a file, and report encoding problems."""

from __future__ import annotations

import re

from bridge.curriculum.problems import Position, Report
from bridge.messages import Message
from bridge.printable_text import find_unprintable, misread_letters

MAX_FILE_BYTES = 256 * 1024
"""Maximum size of a YAML file. A typical milestone has 20,000 bytes, a long one 80,000."""

_BOM = "\ufeff"
_REPLACEMENT_CHARACTER = "\ufffd"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

_UTF16_ZEROS = 4
"""In UTF-16 without a mark, nearly every second byte is zero."""

_CONFLICT = re.compile(r"^[ \t]*(?P<mark><{7}|>{7}|\|{7})(?= |$)", re.MULTILINE)
_SEPARATOR = re.compile(r"^(?P<above>.+)\n[ \t]+(?P<mark>={7})[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"\S+")
_LOST_IN_WORD = re.compile(r"[^\W\d_](?P<at>\?)[a-zß-ÿ]{2}")
_PART_OF_ADDRESS = re.compile(r"[/=&@.:\\]")
_OTHER_FORMATS = re.compile(
    rb"PK\x03\x04|\{\\rtf|%PDF-|\xd0\xcf\x11\xe0|\s*<(?:!doctype|html)", re.I
)
"""How Word, Excel and LibreOffice documents, rich texts, PDFs and web pages begin."""
_SAVE_AGAIN = Message("save it again with UTF-8 encoding")


def read_source(file: str, content: bytes, report: Report) -> str | None:
    """The text with `\\n` line ends and no byte-order mark; None after an error was reported."""
    if len(content) > MAX_FILE_BYTES:
        report.error(
            Position(file),
            Message(
                "The file is larger than %(limit)s bytes, which is the maximum.",
                limit=MAX_FILE_BYTES,
            ),
            Message("split it into one file per milestone"),
        )
        return None
    text = _decode(file, content, report)
    if text is None:
        return None
    text = text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")
    report.add_source(file, text)
    _report_wrong_letters(file, text, report)
    _report_question_marks(file, text, report)
    if not text.strip():
        report.error(
            Position(file), Message("The file is empty."), Message("write the file, or delete it")
        )
        return None
    return (
        text
        if _has_no_control_characters(file, text, report)
        and _has_no_lost_letters(file, text, report)
        and _has_no_merge_conflict(file, text, report)
        else None
    )


def _decode(file: str, content: bytes, report: Report) -> str | None:
    if _OTHER_FORMATS.match(content):
        report.error(
            Position(file),
            Message("This is a document of another program, and not a plain text."),
            Message("copy its text into a text editor, and save that as plain text (UTF-8)"),
        )
        return None
    if content.startswith(_UTF16) or content.count(0) > len(content) / _UTF16_ZEROS:
        report.error(Position(file), Message("The file is saved as UTF-16."), _SAVE_AGAIN)
        return None
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        _report_byte(file, content, error.start, report)
        return None


def _report_byte(file: str, content: bytes, at: int, report: Report) -> None:
    """Report the first byte that is not UTF-8, and the letter it probably is."""
    lines = content.decode("cp1252", errors="replace")
    report.add_source(file, lines.replace("\r\n", "\n").replace("\r", "\n"))
    before = content[:at].decode().replace("\r\n", "\n").replace("\r", "\n")
    before = before.removeprefix(_BOM)
    letter = content[at : at + 1].decode("cp1252", errors="replace")
    report.error(
        Position(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1),
        Message(
            "The file is not saved as UTF-8: this byte, %(byte)s, is `%(letter)s` "
            "in a Windows encoding.",
            byte=f"{content[at]:#04x}",
            letter=letter,
        ),
        _SAVE_AGAIN,
    )


def _has_no_merge_conflict(file: str, text: str, report: Report) -> bool:
    """Report the marks that git leaves where two people have changed the same lines."""
    found = list(_CONFLICT.finditer(text))
    for each in found:
        report.error(
            _position(file, text, each.start("mark")),
            Message("Two versions of these lines were merged here and conflict."),
            Message(
                "keep one version, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`"
            ),
        )
    if not found:
        _report_separator(file, text, report)
    return not found


def _report_separator(file: str, text: str, report: Report) -> None:
    """Warn about a `=======` in a text: Markdown makes a heading of the line above it."""
    for found in _SEPARATOR.finditer(text):
        if len(found["above"].strip()) not in (0, len(found["mark"])):
            report.warning(
                _position(file, text, found.start("mark")),
                Message("This line may be left of a merge. It makes a heading of the line above."),
                Message("delete it; for a heading, write `# ` before its words"),
            )


def _report_wrong_letters(file: str, text: str, report: Report) -> None:
    """Report letters that a wrong encoding has changed, such as `Ã©` for `é`: the first of a line.

    They are errors, because nobody types such letters on purpose.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if found := next(misread_letters(line), None):
            report.error(
                Position(file, number, found.index + 1),
                Message(
                    "A letter became `%(typed)s` here, because the file was opened or saved "
                    "with the wrong encoding.",
                    typed=found.typed,
                ),
                Message("write `%(meant)s`, also elsewhere in this file", meant=found.meant),
            )


def _report_question_marks(file: str, text: str, report: Report) -> None:
    """Warn about `V?rification`: some programs write `?` for a letter that they can't save."""
    for number, line in enumerate(text.split("\n"), 1):
        for word in _WORD.finditer(line):
            found = _LOST_IN_WORD.search(word[0])
            if found and not _PART_OF_ADDRESS.search(word[0].rstrip(".:")):
                report.warning(
                    Position(file, number, word.start() + found.start("at") + 1),
                    Message("A letter may have been lost here and replaced with `?`."),
                    Message("type the letter again, and save the file as UTF-8"),
                )


def _has_no_lost_letters(file: str, text: str, report: Report) -> bool:
    at = text.find(_REPLACEMENT_CHARACTER)
    if at < 0:
        return True
    report.error(
        _position(file, text, at),
        Message("A letter was lost here and replaced with �."),
        Message("type the letter again, and save the file as UTF-8"),
    )
    return False


def _position(file: str, text: str, at: int) -> Position:
    return Position(file, text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1)


def _has_no_control_characters(file: str, text: str, report: Report) -> bool:
    found = find_unprintable(text, lines=True)
    if not found:
        return True
    report.error(
        Position(file, found.line, found.column),
        Message("There is an invisible control character here (%(code)s).", code=found.described),
        Message("delete it; such characters often come with text pasted from another program"),
    )
    return False
