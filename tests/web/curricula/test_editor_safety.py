"""Dangerous input of the editor: refused with a message, and nothing is lost or saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.store.curricula import file_versions
from tests.web.curricula.editor_helpers import (
    ADDRESS,
    FILE,
    FOLDER,
    area,
    digest,
    save,
)
from tests.web.signed_in_users import SignedInUsers

BOM = b"\xef\xbb\xbf"
ALIASES = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)
BOMBS = {
    "aliases": (ALIASES, "cannot begin with the character"),
    "lists in lists": ("[" * 50_000, "levels deep"),
    "mappings in mappings": ("{a: " * 50_000, "levels deep"),
    "lines ever deeper": ("\n".join(" " * n + "a:" for n in range(600)), "levels deep"),
    "a huge text": (
        f"milestone: x\ntitle: {'long ' * 25_000}",
        "is longer than 20,000 characters",
    ),
    "a huge name": (f"{'n' * 200_000}: x", "This is not valid YAML"),
    "a long name": (f"{'n' * 1_000}: x", "Unknown key"),
    "a huge key": (f"milestone: {'k' * 200_000}", "a key can have at most 28"),
    "very many values": ("a:\n" + "- x\n" * 60_000, "more than 20,000 keys and values"),
    "very many mistakes": ("".join(f"n{n}: x\n" for n in range(5_000)), "There are more problems"),
    "a tag that makes objects": ("a: !!python/object/apply:os.system [id]", "the character !"),
    "a merge": ("a: {<<: {b: c}}", "Unknown key"),
    "a letter lost": ("milestone: caf\ufffd", "A letter was lost here"),
    "a control character": ("milestone: a\x1bb", "invisible control character"),
}


@pytest.mark.parametrize(("text", "sentence"), BOMBS.values(), ids=BOMBS)
def test_a_dangerous_text_is_reported_and_not_saved(
    editor: FlaskClient, file: Path, text: str, sentence: str
) -> None:
    before = file.read_bytes()
    answer = editor.post(f"{ADDRESS}/problems", data={"text": text})
    assert (answer.status_code, answer.get_json()["state"]) == (200, "bad")
    assert sentence in answer.get_json()["found"]
    assert len(answer.data) < 200_000
    assert save(editor, file, text).status_code == 422
    assert file.read_bytes() == before


def test_a_body_that_is_too_large_is_refused_with_a_message(
    editor: FlaskClient, file: Path
) -> None:
    before = file.read_bytes()
    large = "# x\n" * 300_000
    for address in (ADDRESS, f"{ADDRESS}/check", f"{ADDRESS}/preview"):
        answer = editor.post(address, data={"base": digest(file), "text": large})
        assert answer.status_code == 413
        assert "Nothing was saved. Go back: most browsers still have what you typed." in answer.text
    typed = editor.post(f"{ADDRESS}/problems", data={"text": large})
    assert typed.status_code == 413
    assert "The text is larger than 1 MiB" in editor.get(ADDRESS).text
    assert file.read_bytes() == before


@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "bom"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["unix", "windows", "old mac"])
def test_line_ends_and_a_byte_order_mark_are_kept_on_saving(
    editor: FlaskClient, file: Path, mark: bytes, end: bytes
) -> None:
    text = file.read_text()
    file.write_bytes(mark + file.read_bytes().replace(b"\n", end))
    page = editor.get(ADDRESS)
    assert area(page) == text
    assert "Errors: 0." in page.text
    before = file.read_bytes()
    assert save(editor, file, text).status_code == 303
    assert file.read_bytes() == before
    assert save(editor, file, f"{text}# more\n").status_code == 303
    assert file.read_text(encoding="utf-8-sig") == f"{text}# more\n"
    if end == b"\r\n":
        assert file.read_bytes().endswith(b"# more\r\n")


def test_a_file_in_another_encoding_is_shown_and_saved_as_utf8(
    editor: FlaskClient, people: SignedInUsers, file: Path
) -> None:
    text = file.read_text()
    file.write_bytes(text.encode("cp1252", errors="replace"))
    page = editor.get(ADDRESS)
    assert "This file is not UTF-8" in page.text
    assert "shown as Windows-1252" in page.text
    assert "intéressé" in area(page) or "é" in area(page)
    mended = area(page)
    assert save(editor, file, mended).status_code == 303
    assert file.read_bytes().decode() == mended
    assert "This file is not UTF-8" not in editor.get(ADDRESS).text
    with people.database.reading() as session:
        assert "é" in file_versions.versions_of(session, FOLDER, FILE)[-1].text


def test_bytes_that_are_not_text_are_not_saved(editor: FlaskClient, file: Path) -> None:
    before = file.read_bytes()
    parts = {"base": digest(file).encode(), "text": b"milestone: caf\xe9"}
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in parts.items()
    )
    form = "multipart/form-data; boundary=x"
    answer = editor.post(ADDRESS, data=body + b"--x--\r\n", content_type=form)
    assert answer.status_code == 422
    assert "A letter was lost here" in answer.text
    assert file.read_bytes() == before


def test_the_check_of_a_deeply_nested_text_ends(editor: FlaskClient) -> None:
    """A reader with exponential time would never end."""
    answer = editor.post(f"{ADDRESS}/problems", data={"text": "- " * 250_000 + "x"})
    assert answer.status_code == 200
