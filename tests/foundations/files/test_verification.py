"""What a file is, is decided by its content; hostile and damaged files are refused."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from bridge.foundations.files.file_types import MAX_FILE_BYTES, FileRefused, FileType
from bridge.foundations.files.images import MAX_PIXELS
from bridge.foundations.files.pdf_rules import NAMES
from bridge.foundations.files.verification import verify
from tests.foundations.files.sample_files import (
    image,
    pdf,
    pdf_with_object_stream,
    png_chunk,
    png_of_size,
    stream,
)


def link(action: str) -> str:
    return f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << {action} >> >>"


def opened_by(*next_actions: str) -> bytes:
    """A PDF that opens at a page, and then does something else."""
    first, *more = next_actions
    return pdf(f"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next {first} >>", *more)


def packed(objects: str) -> bytes:
    """An object stream; `objects` begins with `10 0 `, the head of the only one in it."""
    keys = "/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode"
    return stream(zlib.compress(objects.encode()), keys)


WEB = "<< /S /URI /URI (https://union.example) >>"
OTHER_PDF = r"<< /S /GoToR /F (\\\\evil\\share.pdf) /D [0 /Fit] >>"
SCRIPT = "<< /S /JavaScript /JS (app.alert(1)) >>"
GO_TO = "<< /S /GoTo /D [3 0 R /Fit] >>"
LAUNCH = "<< /S /Launch /F (calc.exe) >>"
PASSWORD_KEYS = "/O (" + "a" * 32 + ") /U (" + "a" * 32 + ") /P -1"
RC4 = f"/Encrypt << /Filter /Standard /V 1 /R 2 {PASSWORD_KEYS} >> /ID [(a) (b)]"
AES_KEYS = PASSWORD_KEYS.replace("a" * 32, "a" * 48) + " /OE (" + "a" * 32 + ") /UE (" + "a" * 32
HIDDEN = f"9 0 obj\n{SCRIPT}\nendobj\n"
AES = (
    f"/Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 {AES_KEYS}) /Perms ({'a' * 16})"
    " /CF << /StdCF << /CFM /AESV3 /Length 32 >> >> /StmF /StdCF /StrF /StdCF >> /ID [(a) (b)]"
)

ACCEPTED = {
    "pdf": pdf(),
    "pdf that opens at a page": pdf("/OpenAction [3 0 R /Fit]"),
    "pdf that opens at a page by an action": pdf("/OpenAction 5 0 R", GO_TO),
    "pdf with links": pdf(
        "",
        link("/S /URI /URI (https://union.example)"),
        link("/S /URI /URI (mailto:a@b.example)"),
        link("/S /URI /URI (www.union.example:8080/a)"),
        link("/S /GoTo /D (chapter)"),
        "<< /Subtype /Link /F 9 0 R /PA << /S /URI /URI (http://union.example) >> >>",
        "4",
    ),
    "pdf with bookmarks": pdf(
        "/Outlines 5 0 R",
        "<< /First 6 0 R /Last 7 0 R /Count 2 >>",
        f"<< /Title (A) /Parent 5 0 R /Next 7 0 R /A {GO_TO} >>",
        "<< /Title (B) /Parent 5 0 R /Prev 6 0 R /F 2 /Dest [3 0 R /Fit] >>",
    ),
    "pdf with tags": pdf(
        "/StructTreeRoot 5 0 R",
        "<< /Type /StructTreeRoot /K 6 0 R >>",
        "<< /S /Standard /P 5 0 R /A << /O /Layout /Placement /Block >> /Ref [7 0 R] >>",
        "<< /S /Named /P 5 0 R /A [<< /O /Table >> 0] >>",
    ),
    "pdf that opens at a missing page": pdf("/OpenAction [99 0 R /XYZ null null 0]"),
    "pdf that opens at a named place": pdf("/OpenAction << /S /GoTo /D (a) /Next [] >>"),
    "pdf with comments": pdf("", "% a comment\n<< /A % another\n/B >>"),
    "pdf with a filled-in form": pdf("/AcroForm << /Fields [] >>"),
    "pdf that mentions a name in its text": pdf("", stream(b"(/JavaScript) Tj")),
    "pdf with object streams": pdf_with_object_stream(GO_TO),
    "pdf with a wrong table": pdf().replace(b"startxref\n", b"startxref\n9"),
    "png": image(),
    "png with the most pixels": png_of_size(8_000, MAX_PIXELS // 8_000),
    "jpeg": image("JPEG"),
    "progressive jpeg": image("JPEG", (400, 300), progressive=True),
    "jpeg with restart markers": image("JPEG", (400, 300), restart_marker_blocks=1),
    "jpeg with filled segments": image("JPEG").replace(b"\xff\xdb", b"\xff\xff\xff\xdb", 1),
}


def archive() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("virus.exe", "MZ" * 100)
    return buffer.getvalue()


REFUSED = {
    "empty": (b"", "empty"),
    "too large": (b"%PDF-" + b" " * MAX_FILE_BYTES, "larger than 10 MB"),
    "text": (b"Dear committee", "not a PDF, PNG or JPEG"),
    "html": (b"<html><script>alert(1)</script>", "not a PDF"),
    "html before a pdf": (b"<html><script>alert(1)</script><!--" + pdf(), "not a PDF"),
    "html before a png": (b"<html>" + image(), "not a PDF"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a PDF"),
    "gif": (b"GIF89a" + b"\0" * 99, "not a PDF"),
    "zip": (archive(), "not a PDF"),
    "zip before a pdf": (archive() + pdf(), "not a PDF"),
    "heic": (b"\0\0\0\x18ftypheic" + b"\0" * 99, "HEIC"),
    "pdf without anything": (b"%PDF-1.7\n", "damaged"),
    "pdf without an end": (pdf()[:-40], "damaged"),
    "pdf that was cut": (pdf()[:200] + b"\n%%EOF", "damaged"),
    "pdf without pages": (pdf().replace(b"/Count 1", b"/Count 0").replace(b"[3 0 R]", b"[]     "),
                          "damaged"),
    "script": (pdf("/OpenAction 5 0 R", SCRIPT), "JavaScript"),
    "script that nothing refers to": (pdf("", SCRIPT), "JavaScript"),
    "script with escaped names": (pdf("", "<< /#53 /#4aavaScript /J#53 (x) >>"), "JavaScript"),
    "script in the names": (pdf("/Names << /JavaScript << /Names [] >> >>"), "JavaScript"),
    "script in an object stream": (pdf_with_object_stream(SCRIPT), "action|JavaScript"),
    "escaped script in an object stream": (
        pdf_with_object_stream("<< /S /JavaScr#69pt /J#53 (x) >>"), "action|JavaScript"),
    "short name in an object stream": (
        pdf_with_object_stream("<< /S /GoTo /D [3 0 R /Fit] /JS (x) >>"), "JavaScript"),
    "script in an array": (pdf("/Other [[[<< /JS (x) >>]]]"), "JavaScript"),
    "script outside the tables": (
        pdf(unlisted="9 0 obj\n<< /S /J#61vaScript >>\nendobj\n"), "JavaScript"),
    "launch": (pdf("/OpenAction 5 0 R", LAUNCH), "starts an action"),
    "launch in a chain": (pdf("", f"<< /S /GoTo /D [3 0 R /Fit] /Next {LAUNCH} >>"), "action"),
    "kind in an object of its own": (pdf("", "<< /S 6 0 R >>", "/SubmitForm"), "action"),
    "website when it is opened": (pdf(f"/OpenAction {WEB}"), "starts an action"),
    "website in an object that opens": (pdf("/OpenAction 5 0 R", WEB), "starts an action"),
    "website in a list that opens": (pdf("/OpenAction [5 0 R]", WEB), "starts an action"),
    "website in lists that open": (
        pdf("/OpenAction 5 0 R", "[6 0 R]", "[7 0 R]", WEB), "starts an action"),
    "website after opening": (opened_by(WEB), "starts an action"),
    "website after opening, in an object": (opened_by("5 0 R", WEB), "starts an action"),
    "website after opening, in a list": (opened_by("[5 0 R]", WEB), "starts an action"),
    "website after opening and a page": (
        opened_by("5 0 R", f"<< /S /GoTo /D (a) /Next {WEB} >>"), "starts an action"),
    "website after a click and a page": (
        pdf("", link(f"/S /GoTo /D (a) /Next {WEB}")), "starts an action"),
    "action of two kinds": (
        pdf("/OpenAction << /S /GoTo /S /URI /URI (https://union.example) >>"), "can't be read"),
    "kind in two versions": (
        pdf("/OpenAction << /S 5 0 R >>", "/GoTo", unlisted="5 0 obj /URI endobj\n"), "action"),
    "action that another object replaces": (
        pdf("/OpenAction 5 0 R", GO_TO, unlisted=f"5 0 obj\n{WEB}\nendobj\n"), "action"),
    "action only a repair finds": (
        pdf("/OpenAction 9 0 R", unlisted=f"9 0 obj\n{WEB}\nendobj\n"), "action"),
    "action of no kind": (pdf("/OpenAction << /Type /Action >>"), "starts an action"),
    "action after null": (
        pdf("/OpenAction << /S /GoTo null /Next << /S /URI /URI (https://a.example) >> >>"),
        "action|can't be read"),
    "printing": (pdf("", link("/S /Named /N /Print")), "starts an action"),
    "unknown action": (pdf("", link("/S /New")), "starts an action"),
    "action with a NUL": (pdf("", link("/S\0/URI /URI (https://a.example)")), "can't be read"),
    "steps of a presentation": (pdf("/PresSteps << /NA 5 0 R >>", WEB), "starts an action"),
    "other pdf behind a link": (pdf("", f"<< /Subtype /Link /A {OTHER_PDF} >>"), "another file"),
    "other pdf after opening": (opened_by(OTHER_PDF), "another file"),
    "place in another file": (pdf("", link("/S /GoTo /D (a) /F 7")), "another file"),
    "thread of another file": (pdf("", link("/S /Thread /F (a.pdf)")), "action"),
    "content in another file": (pdf("", stream(b"", r"/F (\\\\evil\\a)")), "another file"),
    "content in another file, by its name in an object": (
        pdf("", stream(b"", "/F 6 0 R"), "(a.pdf)"), "another file"),
    "content on a website": (
        pdf("", stream(b"", "/F << /FS /URL /F (https://a.example) >>")), "another file"),
    "page of another file": (
        pdf("", stream(b"", "/Subtype /Form /Ref << /F (a.pdf) /Page 0 >>")), "another file"),
    "page of another file, in an object": (
        pdf("", stream(b"", "/Subtype /Form /Ref 6 0 R"), "<< /Page 0 >>"), "another file"),
    "name of a file": (pdf("", "<< /Type /Filespec /UF (a.pdf) >>"), "another file"),
    "file for printers": (pdf("", "<< /OPI << /2.0 << /F (a.tif) >> >> >>"), "another file"),
    "link to a file": (pdf("", link("/S /URI /URI (file:///etc/passwd)")), "neither to a website"),
    "link to a share": (pdf("", link(r"/S /URI /URI (\\\\evil\\a)")), "neither to a website"),
    "link to a program": (
        pdf("", link("/S /URI /URI <20 6A617661 0A 7363726970743A61>")), "neither to a website"),
    "base of links is a file": (pdf("/URI << /Base (file://evil/) >>"), "neither to a website"),
    "script between comments": (pdf(unlisted=f"%stream\n{HIDDEN}%endstream\n"), "JavaScript"),
    "script in a comment": (pdf(unlisted=f"% {HIDDEN}".replace("obj\n", "obj ")), "JavaScript"),
    "script in the text of a page": (pdf("", stream(HIDDEN.encode())), "JavaScript"),
    "script in a string": (pdf("", f"<< /A ({HIDDEN}) >>"), "JavaScript"),
    "script behind an odd number": (
        pdf(unlisted=f"%stream\n0009%a\n0\0obj{SCRIPT}endobj\n%endstream\n"), "JavaScript"),
    "script in a trailer": (
        pdf(unlisted=f"%stream\ntrailer\n<< /Root {SCRIPT} >>\nstartxref\n%endstream\n"),
        "JavaScript"),
    "action in an object stream that no table lists": (
        pdf("/OpenAction 10 0 R", packed(f"10 0 {WEB} ")), "starts an action"),
    "two objects in the place of one": (
        pdf("", packed("10 0 << /A /B >> << /C /D >> ")), "can't be read"),
    "object without an end": (pdf(unlisted="9 0 obj\n<< /A /B >>\n"), "can't be read"),
    "object with an unknown word": (pdf(unlisted="9 0 obj\n<< /A what >>\nendobj\n"), "be read"),
    "more actions": (pdf("/AA << /WC 5 0 R >>", GO_TO), "starts an action"),
    "form that is sent": (pdf("", "<< /S /SubmitForm /F (https://x.example) >>"), "action"),
    "attachment": (pdf("/Names << /EmbeddedFiles << /Names [] >> >>"), "attached"),
    "attached stream": (pdf("", stream(b"x", "/Type /EmbeddedFile")), "attached"),
    "attachment on a page": (pdf("", "<< /Subtype /FileAttachment >>"), "attached"),
    "video": (pdf("", "<< /Subtype /RichMedia >>"), "sound, video"),
    "xfa": (pdf("/AcroForm << /XFA 5 0 R >>", stream(b"<xdp/>")), "XFA"),
    "password, RC4": (pdf("", trailer=RC4), "password"),
    "password, AES": (pdf("", trailer=AES), "password"),
    "bomb in a pdf": (pdf_with_object_stream(GO_TO, padding=200_000_000), "damaged"),
    "png that was cut": (image()[:-20], "damaged"),
    "png with a wrong checksum": (image().replace(b"IDAT", b"IDAX"), "damaged"),
    "png without pixels": (png_of_size(10, 10).replace(b"IDAT", b"iDAT"), "damaged"),
    "png without a size": (png_of_size(0, 10), "damaged"),
    "png with one pixel too many": (png_of_size(8_000, MAX_PIXELS // 8_000 + 1), "pixels"),
    "png that is huge": (png_of_size(60_000, 60_000), "pixels"),
    "bomb in a png": (
        png_of_size(9, 9, png_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 10**8))), "damaged"),
    "png with a long first chunk": (b"\x89PNG\r\n\x1a\n" + b"\xff" * 99, "damaged"),
    "jpeg that was cut": (image("JPEG", (400, 300))[:-300], "damaged"),
    "jpeg without a frame": (b"\xff\xd8\xff\xd9", "damaged"),
    "jpeg that is huge": (
        image("JPEG").replace(b"\x00\x1e\x00\x28\x03", b"\xff\xff\xff\xff\x03"), "pixels"),
    "jpeg with a wrong segment": (b"\xff\xd8\xff\xe0\xff\xff" + b"\0" * 99, "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_accepted_file(name: str) -> None:
    content = ACCEPTED[name]
    found = verify(content)
    assert found.type == ("jpeg" if "jpeg" in name else name[:3])
    assert found.size == len(content)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_file(name: str) -> None:
    content, reason = REFUSED[name]
    with pytest.raises(FileRefused, match=reason) as refused:
        verify(content)
    assert refused.value.todo


@pytest.mark.parametrize("content", [pdf(), image(), image("JPEG", (400, 300))])
@pytest.mark.parametrize("tail", [archive(), b"<script>alert(1)</script>", image("JPEG"), b"\0"])
def test_what_follows_a_file_is_not_stored(content: bytes, tail: bytes) -> None:
    assert content[: verify(content + tail).size].rstrip() == content.rstrip()


def test_pdfs_of_a_library() -> None:
    writer = PdfWriter()
    writer.add_blank_page(99, 99)
    assert written(writer).startswith(b"%PDF-")
    assert verify(written(writer)).type is FileType.PDF
    writer.add_attachment("note.txt", b"hello")
    with pytest.raises(FileRefused, match="attached"):
        verify(written(writer))
    writer = PdfWriter()
    writer.add_blank_page(99, 99)
    writer.encrypt("secret")
    with pytest.raises(FileRefused, match="password"):
        verify(written(writer))


def written(writer: PdfWriter) -> bytes:
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", sorted(NAMES.keys() - {"/Encrypt"}))
def test_every_active_name_is_found_in_an_incremental_update(name: str) -> None:
    """A new version of the catalogue is appended, as editors do."""
    first = pdf()
    start = first.rfind(b"startxref\n") + len(b"startxref\n")
    previous = int(first[start:].split()[0])
    head = f"1 0 obj\n<< /Type /Catalog /Pages 2 0 R {name} 4 0 R >>\nendobj\n"
    table = f"xref\n1 1\n{len(first):010} 00000 n \ntrailer\n<< /Size 5 /Root 1 0 R /Prev "
    tail = f"{table}{previous} >>\nstartxref\n{len(first) + len(head)}\n%%EOF\n"
    content = first + head.encode() + tail.encode()
    assert name in PdfReader(BytesIO(content)).trailer["/Root"]  # type: ignore[operator]
    with pytest.raises(FileRefused, match=str(NAMES[name])[:30].replace("(", r"\(")):
        verify(content)


@given(
    st.binary(max_size=300), st.sampled_from([b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
)
def test_any_content_is_accepted_or_refused(content: bytes, start: bytes) -> None:
    with suppress(FileRefused):
        assert verify(start + content).size <= len(start + content)


@given(st.sampled_from([pdf(), image(), image("JPEG")]), st.data())
def test_a_damaged_byte_is_no_crash(content: bytes, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:position] + bytes([data.draw(st.integers(0, 255))]) + content[position + 1 :]
    with suppress(FileRefused):
        assert verify(damaged).size <= len(damaged)
