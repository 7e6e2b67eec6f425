"""Images that Markdown doesn't take for images are reported."""

from __future__ import annotations

import pytest

from bridge.curriculum.reader import read_text
from tests.curriculum.sample_files import files, only, png, read_first

BODY = "            Hello."
NEXT = "next: Go on."
GOOD = "![alt](images/a.png)"


def suggestion(typed: str) -> str:
    problem = only(read_first(BODY, f"            See {typed} here."))
    assert (problem.severity, problem.line) == ("warning", 18)
    assert "will be shown as typed" in problem.message
    return problem.suggestion


@pytest.mark.parametrize(
    "typed",
    ["![alt] (images/a.png)", "!(alt)[images/a.png]", "![alt](images/a.png",
     "!(alt) [images/a.png]", "![alt]  (images/a.png)"],
)  # fmt: skip
def test_marks_of_an_image_that_are_wrong_have_a_suggestion(typed: str) -> None:
    assert suggestion(typed) in (f"write `{GOOD}`", FORM)


FORM = "write `![description](images/…)`, without spaces between its parts or in the name"


@pytest.mark.parametrize(
    "typed", ["![alt]images/a.png", "!(images/a.png)", "images/a.png", "![images/a.png]"]
)
def test_a_path_alone_is_reported(typed: str) -> None:
    assert suggestion(typed) == FORM


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("![alt](images/my photo.png)", "my-photo.png"),
        ("![alt](my photo.png)", "my-photo.png"),
        ("![alt](images/Été (1).JPG)", "ete-1.jpg"),
    ],
)
def test_a_space_in_the_name_has_a_new_name(typed: str, name: str) -> None:
    advice = suggestion(typed)
    assert advice == f"rename the file to {name}, and write `![description](images/{name})`"


def test_the_suggested_image_is_valid() -> None:
    with_image = {**files(), "images/a.png": png()}
    text = with_image["first-step.yaml"].decode().replace("Hello.", f"See {GOOD}.")
    reading = read_text({**with_image, "first-step.yaml": text.encode()})
    assert reading.problems == ()


@pytest.mark.parametrize("typed", ["`![alt](images/my photo.png)`", "the file a.png", "(a) [b]"])
def test_other_texts_have_no_warning(typed: str) -> None:
    assert read_first(BODY, f"            See {typed} here.").problems == ()
