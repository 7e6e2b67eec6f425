"""Warn about images that no text shows."""

from __future__ import annotations

from collections.abc import Collection

from bridge.curriculum.images.image_file import IMAGE_FOLDER
from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord, TextWithPosition, Value
from bridge.curriculum.problems import Position, Report, nearest
from bridge.messages import Message

_SIMILAR = 0.8
_OTHER_NAMES = frozenset({"img", "imgs", "pictures", "photos", "pics"})


def check_unused_images(
    parsed: ParsedCurriculum, files: Collection[str], place: str, report: Report
) -> None:
    """Warn about each file in the folder `images/` that no text and no badge shows.

    Nothing is reported if the file of a milestone can't be read: it may show them.
    """
    if not parsed.complete:
        return
    used = shown_images(parsed)
    _check_folders(files, used, place, report)
    for name in sorted(set(files) - used):
        if name.startswith(f"{IMAGE_FOLDER}/"):
            unused = Message("No text shows the image `%(name)s`.", name=name)
            report.warning(
                Position(place + name), unused,
                Message("show it with `![…](%(name)s)`, or delete it", name=name),
            )  # fmt: skip


def _check_folders(
    files: Collection[str], used: Collection[str], place: str, report: Report
) -> None:
    """Warn about a folder such as `Images/`, whose images texts can't show."""
    unused = (name.partition("/")[0] for name in set(files) - set(used) if "/" in name)
    for folder in sorted(set(unused) - {IMAGE_FOLDER}):
        if nearest(folder, [IMAGE_FOLDER], _SIMILAR) or folder.lower() in _OTHER_NAMES:
            report.warning(
                Position(f"{place}{folder}/"),
                Message("Texts show only images in the folder `images/`."),
                Message("rename this folder to images, or move its images into that folder"),
            )


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
