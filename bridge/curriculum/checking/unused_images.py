"""Warn about images that no text shows."""

from __future__ import annotations

from collections.abc import Collection

from bridge.curriculum.images.image_file import IMAGE_FOLDER
from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord, TextWithPosition, Value
from bridge.curriculum.problems import Position, Report
from bridge.messages import Message


def check_unused_images(
    parsed: ParsedCurriculum, files: Collection[str], place: str, report: Report
) -> None:
    """Warn about each file in the folder `images/` that no text and no badge shows.

    Nothing is reported if the file of a milestone can't be read: it may show them.
    """
    if not parsed.complete:
        return
    used = shown_images(parsed)
    for name in sorted(set(files) - used):
        if name.startswith(f"{IMAGE_FOLDER}/"):
            unused = Message("No text shows the image `%(name)s`.", name=name)
            report.warning(
                Position(place + name), unused,
                Message("show it with `![…](%(name)s)`, or delete it", name=name),
            )  # fmt: skip


def shown_images(parsed: ParsedCurriculum) -> set[str]:
    """The paths of all images in `images/` that a text shows, or a badge has."""
    found: set[str] = set()
    _collect((parsed.curriculum, *parsed.milestones, *parsed.forms, *(parsed.topics or ())), found)
    return found


def _collect(values: tuple[Value, ...], found: set[str]) -> None:
    for value in values:
        if isinstance(value, TextWithPosition):
            found |= {image.path for image in value.text.images}
        elif isinstance(value, ParsedRecord):
            found |= {value.word("image")} - {""}
            _collect(tuple(value.values.values()), found)
        elif isinstance(value, tuple):
            _collect(value, found)
