"""Images in the texts of a curriculum: which are accepted, and what is said about the others."""

from __future__ import annotations

import re

import pytest

from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.images.sample_images import sample_image
from tests.curriculum.sample_files import FIRST, SECOND, changed, files

PNG = sample_image()
BODY = "            Hello."
STEPS = "![Two steps](images/steps.png)"


def read(text: str, old: str = BODY, **images: bytes) -> Reading:
    """The reading with `text` instead of a part of first-step.yaml, and with images by name."""
    new = old.replace("Hello.", text) if old == BODY else text
    return read_text(
        files(first=changed(FIRST, old, new))
        | {f"images/{name}.png": content for name, content in images.items()}
    )


def test_an_image_is_part_of_the_curriculum() -> None:
    before, reading = read("Hello."), read(f"Hello. {STEPS}", steps=PNG)
    assert reading.problems == ()
    assert reading.curriculum
    assert before.curriculum
    page = next(reading.curriculum.milestones[0].course.activities)
    assert [(each.path, each.content) for each in page.body.images] == [("images/steps.png", PNG)]  # type: ignore[union-attr]
    assert reading.curriculum.images == page.body.images  # type: ignore[union-attr]
    other = read(f"Hello. {STEPS}", steps=sample_image(colour="red"))
    assert other.curriculum
    assert other.curriculum.revision != reading.curriculum.revision


@pytest.mark.parametrize(
    ("typed", "column", "message", "suggestion"),
    [
        ("![x](images/stesp.png)", 18, "there is no image `images/stesp.png`",
         "did you mean `images/steps.png`?"),
        ("![x](images/hall.webp)", 18, "there is no image", "put the file in the folder"),
        ("![](images/steps.png)", 17, "has no alternative text", "describe it between"),
        ("![ ](images/steps.png)", 18, "has no alternative text", "describe it between"),
        ("![x](images/Steps.png)", 18, "capital letters count", "write `images/steps.png`"),
        ("![x](steps.png)", 18, "there is no image `steps.png`", "write `images/steps.png`"),
        ("![x](pictures/steps.png)", 18, "is not in the folder `images/`",
         "write `images/steps.png`"),
        ("![x](../images/steps.png)", 18, "is not in the folder `images/`",
         "write `images/steps.png`"),
        ("![x](images/../badges/second.png)", 18, "is not in the folder `images/`",
         "put it next to curriculum.yaml"),
        ("![x](/etc/passwd)", 18, "is not in the folder `images/`", "put it next to"),
        ("![x](badges/second.png)", 18, "is not in the folder `images/`", "put it next to"),
        ("![x](https://example.org/a.png)", 18, "is on another site, which would learn who reads",
         "save the image in `images/`"),
        ("![x](//example.org/a.png)", 18, "is on another site", "save the image in `images/`"),
        ("![x](data:image/png;base64,AA)", 18, "is on another site", "save the image in `images/`"),
        ("![x][a]\n\n            [a]: images/hall.webp", 18, "there is no image", "put the file"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_image(
    typed: str, column: int, message: str, suggestion: str
) -> None:
    wrong = read(typed, steps=PNG).errors
    assert [(each.file, each.line) for each in wrong] == [("first-step.yaml", wrong[0].line)]
    assert message in wrong[0].message
    assert suggestion in wrong[0].suggestion
    if "][" not in typed:
        assert (wrong[0].line, wrong[0].column) == (18, column)


@pytest.mark.parametrize(
    "address",
    ["images/stesp.png", "images/Steps.png", "steps.png", "jpg/steps.png", "../x/steps.png"],
)
def test_a_followed_suggestion_leaves_no_problem(address: str) -> None:
    (problem,) = read(f"![x]({address})", steps=PNG).errors
    (better,) = re.findall("`(.*)`", problem.suggestion)
    assert read(f"![x]({better})", steps=PNG).problems == ()


@pytest.mark.parametrize(
    ("name", "content", "message", "suggestion"),
    [
        ("steps", PNG[:-3], "is damaged", "copy or save the image again"),
        ("steps", PNG + b"\0" * 600_000, "is larger than 512 KiB", "save it at a smaller size"),
        ("steps", sample_image(size=(5000, 4000)), "more than 16 million pixels", "save it at"),
        ("steps", b"<svg/>", "is an SVG", "save it as PNG or WebP"),
        ("steps", b"text", "is not a PNG, JPEG, GIF or WebP image", "save the image again as PNG"),
        ("steps", sample_image("WEBP"), "the file is a WEBP", "ends with `.webp`"),
        ("a(1)", PNG, "the name of the image `a(1).png` is not allowed", "use only letters"),
    ],
)
def test_what_is_wrong_with_a_file(
    name: str, content: bytes, message: str, suggestion: str
) -> None:
    problem = read(f"![Two steps](images/{name}.png)", **{name: content}).errors[0]
    assert message in problem.message
    assert suggestion in problem.suggestion


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("next: Go on.", f"next: '{STEPS}'", "`next` can't show images"),
        ("  Where it *begins*.", f"  {STEPS}", "`summary` can't show images"),
        ("title: First Step", f"title: '{STEPS}'", "`title` is plain text"),
    ],
)
def test_texts_that_cannot_show_images(old: str, new: str, message: str) -> None:
    found = [each.message for each in read(new, old, steps=PNG).problems]
    assert any(message in each for each in found), found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("text: Which?", f"text: 'Which? {STEPS}'"),
        ("right: Yes", f"right: '{STEPS}'"),
        ("feedback: Indeed.", f"feedback: '{STEPS}'"),
        ("intro: No hurry.", f"intro: '{STEPS}'"),
        ("if-true: It is not.", f"if-true: '{STEPS}'"),
        ("left: Steward", f"left: '{STEPS}'"),
    ],
)
def test_texts_that_can_show_images(old: str, new: str) -> None:
    found = files(second=changed(SECOND, old, new)) | {"images/steps.png": PNG}
    assert read_text(found).problems == ()


def test_an_image_that_nothing_shows_is_a_warning() -> None:
    (problem,) = read("Hello.", steps=PNG).problems
    assert (problem.severity, problem.file) == ("warning", "images/steps.png")
    assert problem.message == "No text shows the image `images/steps.png`."


def test_the_images_of_one_text_have_a_limit() -> None:
    large = {f"i{at}": PNG + bytes([at]) * 500_000 for at in range(7)}
    text = " ".join(f"![x](images/{name}.png)" for name in large)
    assert "have more than 3 MiB together" in read(text, **large).errors[0].message
