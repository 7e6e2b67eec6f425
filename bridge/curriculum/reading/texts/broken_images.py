"""Warn about images that are typed so that learners see the marks."""

from __future__ import annotations

import re

from bridge.curriculum.images.formats import ENDINGS
from bridge.curriculum.images.image_file import (
    IMAGE_FOLDER,
    ending_of,
    image_path,
    is_image_name,
    safe_name,
)
from bridge.curriculum.parsed_record import Scalar
from bridge.curriculum.problems import Report, instead, quoted
from bridge.curriculum.reading.texts.places import position_of
from bridge.messages import Message

_NAME = rf"(?:[^()\[\]\n\0]|\(\d{{1,3}}\)){{1,100}}?\.(?:{'|'.join(ENDINGS)})"
_IMAGES = (
    re.compile(rf"!? ?\[(?P<words>[^\[\]\n]*)\] ?\( ?(?P<path>{_NAME}) ?\)?", re.IGNORECASE),
    re.compile(rf"! ?\((?P<words>[^()\n]*)\) ?\[ ?(?P<path>{_NAME}) ?\]?", re.IGNORECASE),
    re.compile(
        rf"(?P<words>)!? ?[\[(]{{0,2}}(?P<path>{IMAGE_FOLDER}/{_NAME})[\])]{{0,2}}", re.IGNORECASE
    ),
)
"""What is typed for `![words](images/name.png)`; the last is a path alone."""
_FORM = Message("write `![description](images/…)`, without spaces between its parts or in the name")


def check_broken_images(words: str, node: Scalar, label: str, report: Report) -> None:
    """Warn about images in the words that the parser has left as they were typed."""
    for pattern in _IMAGES:
        for found in pattern.finditer(words):
            part = found[0].strip()
            report.warning(
                position_of(part, node, report),
                Message(
                    "%(label)s: %(part)s is no image, and will be shown as typed.",
                    label=label, part=quoted(part),
                ),
                _advice(found["words"].strip(), found["path"].strip()),
            )  # fmt: skip
        words = pattern.sub("", words)


def _advice(words: str, path: str) -> Message:
    name = path.replace("\\", "/").rpartition("/")[2]
    if not is_image_name(name):
        better = safe_name(name, ending_of(name))
        return Message(
            "rename the file to %(name)s, and write `![description](%(path)s)`",
            name=better, path=image_path(better),
        ) if better else _FORM  # fmt: skip
    return instead(f"![{words}]({image_path(name)})") if words else _FORM
