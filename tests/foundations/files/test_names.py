"""Names of files are safe to show and to save."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.foundations.files.file_types import FileType
from bridge.foundations.files.names import MAX_NAME_LENGTH, safe_name


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("receipt.pdf", "receipt.pdf"),
        ("Reçu n° 4.PDF", "Reçu n° 4.pdf"),
        ("photo.png", "photo.pdf"),
        ("run.exe", "run.exe.pdf"),
        ("report.v2", "report.v2.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\kim\\a.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("gpj\u202e.exe", "gpj.exe.pdf"),
        ("a\0b\udcff.pdf", "ab.pdf"),
        ('"<script>".pdf', "__script__.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "file.pdf"),
        ("e\u0301.pdf", "é.pdf"),
    ],
)
def test_a_name(given_name: str, expected: str) -> None:
    assert safe_name(given_name, FileType.PDF) == expected


@given(st.text(max_size=300), st.sampled_from(FileType))
def test_any_name_is_safe(name: str, kind: FileType) -> None:
    safe = safe_name(name, kind)
    assert safe.endswith(kind.extension)
    assert len(kind.extension) < len(safe) <= MAX_NAME_LENGTH + len(kind.extension)
    assert not set(safe) & set('/\\:"<>|?*')
    assert not any(unicodedata.category(each).startswith("C") for each in safe)
    assert safe.encode()
