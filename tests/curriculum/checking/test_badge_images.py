"""Badge images must be small PNG files."""

from __future__ import annotations

import pytest

from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.sample_files import files, only, png


def with_image(content: bytes) -> Reading:
    return read_text({**files(), "badges/second.png": content})


def test_images_must_be_small_pngs() -> None:
    assert "is not a PNG image" in only(with_image(b"\xff\xd8\xff\xe0 jpeg")).message
    assert "is not a PNG image" in only(with_image(png()[:8])).message
    assert "larger than 256 KiB" in only(with_image(png() + b"\0" * 256 * 1024)).message
    assert with_image(png() + b"\0" * 1024).problems == ()


@pytest.mark.parametrize("kept", [33, 40, 50, -1, -4, -12])
def test_an_image_without_its_end_is_damaged(kept: int) -> None:
    problem = only(with_image(png()[:kept]))
    assert problem.message == ("`badges/second.png` is damaged: a part of the image is missing.")


def test_a_changed_byte_in_an_image_is_damage() -> None:
    image = bytearray(png())
    image[45] ^= 1
    assert "is damaged" in only(with_image(bytes(image))).message
