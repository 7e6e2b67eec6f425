"""Check that badge images exist, are PNG, and are small enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bridge.curriculum.images.formats import PNG, is_complete_png
from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report, did_you_mean
from bridge.messages import Message

MAX_IMAGE_BYTES = 256 * 1024
"""Maximum size of an image."""

_CHUNK_TYPE = slice(12, 16)


def check_images(parsed: ParsedCurriculum, files: Mapping[str, bytes], report: Report) -> None:
    """Report badge images that cannot be used."""
    for badge in _badges(parsed):
        path, position = badge.word("image"), badge.position_of("image")
        content = files.get(path)
        if content is None:
            images = [name for name in files if not name.endswith(".yaml")]
            advice = Message("put the image in the folder, or remove `image:`")
            wrong = Message("There is no file `%(path)s` in the curriculum's folder.", path=path)
            report.error(position, wrong, did_you_mean(path, images) or advice)
        elif len(content) > MAX_IMAGE_BYTES:
            large = Message(
                "`%(path)s` is larger than %(limit)s KiB.", path=path, limit=MAX_IMAGE_BYTES >> 10
            )
            report.error(position, large, Message("save it at a smaller size"))
        elif not content.startswith(PNG) or content[_CHUNK_TYPE] != b"IHDR":
            other = Message("`%(path)s` is not a PNG image.", path=path)
            report.error(position, other, Message("save the image again as PNG"))
        elif not is_complete_png(content):
            cut = Message("`%(path)s` is damaged: a part of the image is missing.", path=path)
            report.error(position, cut, Message("copy or save the image again"))


def image_names(parsed: ParsedCurriculum) -> set[str]:
    """The paths of all badge images in the curriculum."""
    return {badge.word("image") for badge in _badges(parsed)}


def _badges(parsed: ParsedCurriculum) -> Iterator[ParsedRecord]:
    for milestone in parsed.milestones:
        acknowledgement = milestone.record_of("acknowledgement")
        badge = acknowledgement.record_of("badge") if acknowledgement else None
        if badge and badge.word("image"):
            yield badge
