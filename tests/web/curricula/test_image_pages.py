"""Images of a curriculum: uploaded, replaced, deleted, and served to those who may see them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.config import Config
from bridge.curriculum.images.formats import MAX_IMAGE_BYTES
from bridge.curriculum.images.image_file import ImageFile
from bridge.curriculum.model import Course, Page, Section, Text
from bridge.store.database import Database
from bridge.store.tables.operations import AuditEntry
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from bridge.web.curricula.storage.image_operations import refusal
from tests.curriculum.images.sample_images import sample_image
from tests.web.curricula.editor_helpers import ADDRESS, FOLDER, digest, git, save
from tests.web.sample_site import PATH, Clock
from tests.web.signed_in_users import SignedInUsers

PAGE = f"/committee/curricula/{FOLDER}/images"
PNG = sample_image()
RED = sample_image(colour="red")
SHOWN = "![Two steps](images/two-steps.png)"
ADDRESS_OF_IMAGE = re.compile(r'<img [^>]*src="(/images/[^"]+)"')


def upload(
    editor: FlaskClient, content: bytes = PNG, name: str = "Two steps.png", **more: str
) -> TestResponse:
    return editor.post(
        PAGE,
        data={"image": (io.BytesIO(content), name), **more},
        content_type="multipart/form-data",
    )


@pytest.fixture
def image(file: Path) -> Path:
    """Where the image is once it is uploaded."""
    return file.parent / "images" / "two-steps.png"


def with_image(file: Path) -> str:
    """The text of the file, with the image in its first page."""
    return re.sub(r"( +body:\n +en: \|\n)( +)", rf"\1\2{SHOWN}\n\n\2", file.read_text(), count=1)


def address_of(page: TestResponse) -> str:
    return next(each for each in ADDRESS_OF_IMAGE.findall(page.text) if "two-steps" in each)


def test_an_upload_is_stored_under_a_safe_name_and_listed(
    editor: FlaskClient, image: Path, database: Database
) -> None:
    answer = upload(editor)
    assert answer.status_code == 303
    assert image.read_bytes() == PNG
    page = editor.get(PAGE)
    assert "![…](images/two-steps.png)" in page.text
    assert page.text.count("Not used") == 1
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "curriculum")).one()
        assert entry.after["file"] == f"{FOLDER}/images/two-steps.png"
    assert 'data-image="images/two-steps.png"' in editor.get(ADDRESS).text


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.png", "Choose an image."),
        (b"<svg/>", "a.svg", "is an SVG, which is refused"),
        (b"<html>", "a.png", "is not a PNG, JPEG, GIF or WebP image"),
        (PNG[:-3], "a.png", "is damaged"),
    ],
)
def test_what_is_not_stored(
    editor: FlaskClient, image: Path, content: bytes, name: str, message: str
) -> None:
    before = sorted(image.parent.iterdir())
    answer = upload(editor, content, name)
    assert (answer.status_code, sorted(image.parent.iterdir())) == (422, before)
    assert message in answer.text


def test_what_is_too_large_is_not_stored() -> None:
    wrong, advice = refusal("a.png", PNG + b"\0" * MAX_IMAGE_BYTES)
    assert "is larger than 512 KiB" in wrong
    assert advice == "save it at a smaller size"


def test_the_ending_says_what_the_file_is(editor: FlaskClient, image: Path) -> None:
    upload(editor, sample_image("JPEG", size=(64, 64)), "two-steps.png")
    assert image.with_suffix(".jpg").exists()
    assert not image.exists()


def test_an_image_is_replaced_only_when_asked(editor: FlaskClient, image: Path) -> None:
    upload(editor)
    answer = upload(editor, RED)
    assert (answer.status_code, image.read_bytes()) == (409, PNG)
    assert "There is another image with the name two-steps.png" in answer.text
    stale = upload(editor, RED, replace="y", base="0" * 64)
    assert (stale.status_code, image.read_bytes()) == (409, PNG)
    assert upload(editor, RED, replace="y", base=digest(image)).status_code == 303
    assert image.read_bytes() == RED


def test_an_image_that_a_text_shows_cannot_be_deleted(
    editor: FlaskClient, file: Path, image: Path
) -> None:
    upload(editor)
    assert save(editor, file, with_image(file)).status_code == 303
    assert "Delete two-steps.png" not in editor.get(PAGE).text
    answer = editor.post(f"{PAGE}/two-steps.png/delete", data={"base": digest(image)})
    assert (answer.status_code, image.exists()) == (422, True)
    assert "there is no image" in answer.text
    file.write_text(file.read_text().replace(SHOWN, ""))
    answer = editor.post(f"{PAGE}/two-steps.png/delete", data={"base": digest(image)})
    assert (answer.status_code, image.exists()) == (303, False)


def test_images_are_committed_with_their_changes(
    editor: FlaskClient, repository: Path, image: Path
) -> None:
    upload(editor)
    upload(editor, RED, replace="y", base=digest(image))
    editor.post(f"{PAGE}/two-steps.png/delete", data={"base": digest(image)})
    log = git(repository, "log", "--format=%s", "--name-only", "-3").split("\n")
    place = f"{FOLDER}/images/two-steps.png"
    assert [each for each in log if each] == [
        f"{place}: Image deleted", place, f"{place}: Image replaced", place,
        f"{place}: Image uploaded", place,
    ]  # fmt: skip
    assert git(repository, "status", "--porcelain") == ""


def test_a_preview_shows_an_image_that_is_not_used_yet_to_the_committee_only(
    editor: FlaskClient, people: SignedInUsers, file: Path
) -> None:
    upload(editor)
    page = editor.post(f"{ADDRESS}/preview", data={"text": with_image(file)})
    address = address_of(page)
    shown = editor.get(address)
    assert (shown.data, shown.content_type) == (PNG, "image/png")
    assert shown.headers["Cache-Control"].startswith("private")
    assert people.client("visitor").get(address).status_code == 404


def test_a_page_shows_its_image_and_formula_to_everyone(
    config: Config, database: Database, clock: Clock
) -> None:
    image = ImageFile("images/two-steps.png", PNG)
    body = Text((("en", f"So \\(x^2\\). {SHOWN} ![No](https://example.org/x.png)"),), (image,))
    step = PATH.milestones[0]
    page = Page("read-me", Text((("en", "Read"),)), body)
    course = Course((Section("s", Text((("en", "S"),)), (page,)),))
    path = replace(PATH, milestones=(replace(step, course=course),), images=(image,))
    app = create_app(config, database, [path], now=clock, metrics=Metrics())
    visitor = app.test_client()
    shown = visitor.get(f"/path/{path.key}/{step.key}/read-me")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in shown.text
    assert "example.org" not in shown.text
    address = address_of(shown)
    answer = visitor.get(address)
    assert (answer.data, answer.content_type) == (PNG, "image/png")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    digest_ = address.split("/")[2]
    for wrong in (f"{'0' * 32}/two-steps.png", f"{digest_}/x.png", f"{digest_}/", "..%2fx/y.png"):
        assert visitor.get(f"/images/{wrong}").status_code == 404


@pytest.mark.parametrize("name", ["..%2fcurriculum.yaml", "curriculum.yaml", "no.png", "%00.png"])
def test_nothing_else_can_be_deleted(editor: FlaskClient, file: Path, name: str) -> None:
    before = sorted(file.parent.iterdir())
    assert editor.post(f"{PAGE}/{name}/delete", data={"base": "x"}).status_code == 404
    assert sorted(file.parent.iterdir()) == before


def test_a_link_to_another_folder_is_no_image_folder(
    editor: FlaskClient, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.png").write_bytes(PNG)
    (file.parent / "images").rename(tmp_path / "former")
    (file.parent / "images").symlink_to(tmp_path / "elsewhere")
    assert "x.png" not in editor.get(PAGE).text
    assert upload(editor).status_code == 409
    assert [each.name for each in (tmp_path / "elsewhere").iterdir()] == ["x.png"]
