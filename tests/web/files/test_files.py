"""A file from a form to a download: who may read it, what is recorded, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from bridge.access.file_purposes import FilePurpose
from bridge.foundations.files import rows
from bridge.foundations.files.file_types import MAX_FILE_BYTES, FileRefused
from bridge.foundations.owners import Owner
from bridge.store.tables.operations import AuditEntry
from bridge.web.app import MAX_BODY, create_app
from bridge.web.common.access import open_to
from bridge.web.common.metrics import Metrics
from bridge.web.common.visitor import current_visitor
from bridge.web.files.uploads import MAX_TEXT, MAX_UPLOAD_BODY, accepts_files, receive_file
from bridge.web.layout.translation import translate
from tests.foundations.files.sample_files import image, pdf
from tests.web.sample_site import PATH
from tests.web.signed_in_users import SignedInUsers, Who


@pytest.fixture
def users(users: SignedInUsers) -> SignedInUsers:
    """The users of an application with a form that takes files of the purpose `form`."""
    users.app = create_app(
        users.config, users.database, [PATH], now=users.clock, metrics=Metrics(),
        trigger_job=users._trigger_job,
    )  # fmt: skip
    users.app.config["WTF_CSRF_ENABLED"] = False
    add_form(users.app, users)
    return users


def add_form(app: Flask, users: SignedInUsers) -> None:
    from flask import request

    @app.post("/test-form/<purpose>")
    @open_to("own-pages")
    @accepts_files
    def form(purpose: str) -> tuple[str, int]:
        member = Owner(current_visitor().member_id or 0)
        sent = request.files.get("file", FileStorage())
        try:
            return str(
                receive_file(sent, member, FilePurpose(purpose, "sent-forms", "submission"))
            ), 201
        except FileRefused as refused:
            what, todo = translate(refused.what), translate(refused.todo)
            return f"{request.form.get('why')}: {what} {todo}", 422


@pytest.fixture
def member(users: SignedInUsers) -> FlaskClient:
    return users.client("member")


def upload(
    client: FlaskClient, content: bytes, name: str = "a.pdf", purpose: str = "form", **more: str
) -> TestResponse:
    return send(client, f"/test-form/{purpose}", "Because", content, name, **more)


def send(
    client: FlaskClient, address: str, why: str, content: bytes, name: str = "a.pdf", **more: str
) -> TestResponse:
    """Encoded here, because the client would leave temporary files open."""
    data = {"why": why, "file": FileStorage(BytesIO(content), name)}
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(address, data=body, content_type=kind, headers=more)


def reads(users: SignedInUsers) -> Iterator[tuple[str, object]]:
    with users.database.reading() as session:
        for line in session.scalars(select(AuditEntry).where(AuditEntry.action == "file-read")):
            yield line.actor, line.after["name"]


def test_an_upload_is_downloaded_as_an_attachment(
    users: SignedInUsers, member: FlaskClient
) -> None:
    content = pdf()
    number = upload(member, content + b"PK a tail", "../Reçu.png").text
    got = member.get(f"/files/{number}")
    assert got.status_code == 200
    assert got.data.rstrip() == content.rstrip()
    assert got.mimetype == "application/pdf"
    disposition = got.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''Re%C3%A7u.pdf" in disposition
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "no-store"
    assert list(reads(users)) == [(f"member:{users.member}", "Reçu.pdf")]


@pytest.mark.parametrize(
    ("who", "status"),
    [("nobody", 303), ("bad_token", 303), ("member", 200), ("other_member", 404), ("chair", 404),
     ("other_chair", 404), ("auditor", 200), ("committee", 200), ("approver", 404)],
)  # fmt: skip
def test_only_people_with_a_right_can_download(
    users: SignedInUsers, member: FlaskClient, who: Who, status: int
) -> None:
    number = int(upload(member, image(), "a.png").text)
    with users.database.transaction() as session:
        rows.attach(
            session, number, Owner(users.member), "form", "submission:1", None, users.clock()
        )
    assert users.client(who).get(f"/files/{number}").status_code == status
    assert len(list(reads(users))) == (status == 200)


def test_other_pages_keep_the_usual_policy(member: FlaskClient) -> None:
    policy = member.get("/me").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy


def test_a_file_of_an_unknown_purpose_is_for_no_one(
    users: SignedInUsers, member: FlaskClient
) -> None:
    number = upload(member, image(), purpose="other").text
    for who in ("member", "committee"):
        assert users.client(who).get(f"/files/{number}").status_code == 404  # type: ignore[arg-type]
    assert list(reads(users)) == []


def test_an_expired_or_removed_file_is_gone(users: SignedInUsers, member: FlaskClient) -> None:
    first, second = (int(upload(member, image()).text) for _ in range(2))
    with users.database.transaction() as session:
        rows.remove(session, [first])
    assert member.get(f"/files/{first}").status_code == 404
    assert member.get(f"/files/{second}").status_code == 200
    users.clock.forward(hours=24)
    assert users.client("member").get(f"/files/{second}").status_code == 404


def test_a_damaged_file_is_not_sent(
    users: SignedInUsers, member: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    number = upload(member, image()).text
    for path in Path(users.config.path(users.config.files.folder)).rglob("*"):
        if path.is_file():
            path.write_bytes(b"something else")
    answer = member.get(f"/files/{number}")
    assert answer.status_code == 503
    assert b"something else" not in answer.data
    assert "file.unreadable" in caplog.text
    assert list(reads(users)) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Because: The file is empty. Choose another file."),
        (b"<html>", "Because: This is not a PDF, PNG or JPEG file."),
        (b"%PDF-" + b"a" * MAX_FILE_BYTES, "Because: The file is larger than 10 MB."),
        (pdf("", "<< /JS (x) >>"), "Because: The PDF contains a program (JavaScript)."),
    ],
)
def test_a_refused_file_gets_its_form_back(
    member: FlaskClient, content: bytes, message: str
) -> None:
    answer = upload(member, content)
    assert answer.status_code == 422
    assert message in answer.text


def test_a_refusal_is_in_the_visitors_language(member: FlaskClient) -> None:
    answer = upload(member, b"<html>", **{"Accept-Language": "fr"})
    assert "Ce n’est pas un fichier PDF, PNG ou JPEG." in answer.text


def test_a_form_without_a_file(member: FlaskClient) -> None:
    answer = member.post("/test-form/form", data={"why": "Because"})
    assert (answer.status_code, answer.text[:30]) == (422, "Because: The file is empty. Ch")


def test_a_body_above_the_limit_is_not_read(member: FlaskClient) -> None:
    answer = upload(member, b"%PDF-" + b"a" * MAX_UPLOAD_BODY)
    assert answer.status_code == 413
    assert "a smaller file" in answer.text


def test_other_forms_keep_their_limit(member: FlaskClient) -> None:
    assert send(member, "/me/data/edit", "", b"a" * MAX_BODY).status_code == 413


def test_a_text_field_of_a_form_with_files_keeps_its_limit(member: FlaskClient) -> None:
    assert send(member, "/test-form/form", "a" * (MAX_TEXT + 1), pdf()).status_code == 413


def test_a_full_quota_is_said_at_the_form(users: SignedInUsers, member: FlaskClient) -> None:
    small = users.config.files.model_copy(update={"quota": 0})
    users.config = users.config.model_copy(update={"files": small})
    services = users.app.extensions["stewardpath"]
    object.__setattr__(services, "config", users.config)
    answer = upload(member, image())
    assert answer.status_code == 422
    assert "Your files would take more than 0 MB together." in answer.text


def test_a_members_files_are_on_their_page_and_erased_with_them(
    users: SignedInUsers, member: FlaskClient
) -> None:
    upload(member, image(), "diploma.png")
    assert "diploma.png" in member.get("/me/data").text
    assert "diploma.png" in member.get("/me/data/download").text
    member.post("/me/data/erase", data={"sure": "y"})
    with users.database.reading() as session:
        assert len(rows.deleted_files(session, 9)) == 1
    assert users.woken == ["files"]
