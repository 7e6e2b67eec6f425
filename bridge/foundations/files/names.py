"""File names that are safe to show and to save, whatever the sender called the file."""

from __future__ import annotations

import re
import unicodedata

from bridge.foundations.files.file_types import FileType

MAX_NAME_LENGTH = 100
FORBIDDEN = re.compile(r'[<>:"|?*]')
"""Not allowed in names on Windows."""
KNOWN_EXTENSION = re.compile(r"\.(pdf|png|jpe?g|jfif)$", re.IGNORECASE)


def safe_name(name: str, kind: FileType) -> str:
    """The name without folders and control characters, with the extension of the real type."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Cc, Cf, Cs …: controls, marks that reverse the direction of text, surrogates.
    visible = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    stem = FORBIDDEN.sub("_", KNOWN_EXTENSION.sub("", visible.strip())).strip(" .")
    return (stem[:MAX_NAME_LENGTH].strip(" .") or "file") + kind.extension
