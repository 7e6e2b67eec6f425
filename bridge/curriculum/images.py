"""Badge images: there, inside the folder, PNG, and small enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bridge.curriculum.filled import Filled
from bridge.curriculum.outline import Outline
from bridge.curriculum.problems import Report, did_you_mean
from bridge.sentences import Sentence

LARGEST = 256 * 1024
"""Bytes an image may have."""

_PNG = b"\x89PNG\r\n\x1a\n"
_HEADER = slice(12, 16)


def check_images(outline: Outline, files: Mapping[str, bytes], report: Report) -> None:
    """Reports every image named in a badge that cannot be used."""
    for badge in _badges(outline):
        path, mark = badge.word("image"), badge.mark_of("image")
        content = files.get(path)
        if content is None:
            images = [name for name in files if not name.endswith(".yaml")]
            advice = Sentence("put the image there, or leave `image:` out")
            wrong = Sentence("There is no file `%(path)s` in the curriculum's folder.", path=path)
            report.error(mark, wrong, did_you_mean(path, images) or advice)
        elif len(content) > LARGEST:
            large = Sentence(
                "`%(path)s` has more than %(most)s KiB.", path=path, most=LARGEST >> 10
            )
            report.error(mark, large, Sentence("make it smaller"))
        elif not content.startswith(_PNG) or content[_HEADER] != b"IHDR":
            other = Sentence("`%(path)s` is not a PNG image.", path=path)
            report.error(mark, other, Sentence("save the image again as PNG"))


def image_names(outline: Outline) -> set[str]:
    """The paths of all images the curriculum uses."""
    return {badge.word("image") for badge in _badges(outline)}


def _badges(outline: Outline) -> Iterator[Filled]:
    for milestone in outline.milestones:
        acknowledgement = milestone.record_of("acknowledgement")
        badge = acknowledgement.record_of("badge") if acknowledgement else None
        if badge and badge.word("image"):
            yield badge
