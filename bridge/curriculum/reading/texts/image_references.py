"""Check the images that a Markdown text shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from bridge.curriculum.images.formats import MAX_IMAGE_BYTES, check_image
from bridge.curriculum.images.image_file import (
    IMAGE_FOLDER,
    ImageFile,
    ending_of,
    image_path,
    is_image_name,
)
from bridge.curriculum.markdown import image_references
from bridge.curriculum.problems import Position, Report, Verdict, did_you_mean, instead, quoted
from bridge.curriculum.reading.texts.places import position_of
from bridge.curriculum.reading.yaml_nodes import Scalar
from bridge.curriculum.text import Text
from bridge.curriculum.value_types import TranslatedText
from bridge.messages import Message

MAX_BYTES_OF_A_TEXT = 3 * 1024 * 1024
"""What the images of one text may have together: they are sent to Moodle in one request."""
OTHER_SITE = Message("save the image in `images/`, and write `images/…`")
WHERE = Message(
    "show it in a page, the introduction of a quiz, a section, a link, a question or its feedback"
)


def images_of(text: Text, files: Mapping[str, bytes]) -> tuple[ImageFile, ...]:
    """The images that a text shows, once each, sorted by path. Those that don't exist are missing.

    `files`: path from the curriculum's folder -> content.
    """
    paths = {path for _, body in text.translations for path, _ in image_references(body)}
    shown = sorted(path for path in paths if path in files and path.startswith(f"{IMAGE_FOLDER}/"))
    return tuple(ImageFile(path, files[path]) for path in shown)


def check_reference(
    address: str, alternative: str, node: Scalar, shape: TranslatedText, label: str, report: Report
) -> None:
    """Report an image that can't be shown, or that has no alternative text."""
    position = position_of(address, node, report)
    if not shape.images:
        wrong = Message("%(label)s can't show images.", label=label)
        report.error(position, wrong, WHERE)
        return
    wrong, advice = _check_path(address, report.images)
    if wrong:
        report.error(position, Message("%(label)s: %(wrong)s", label=label, wrong=wrong), advice)
    if not alternative.strip():
        nameless = Message(
            "%(label)s: the image %(address)s has no alternative text, which people who can't see "
            "it need.",
            label=label, address=quoted(address),
        )  # fmt: skip
        report.error(
            position, nameless,
            Message("describe it between the brackets: `![…](%(address)s)`", address=address),
        )  # fmt: skip


def check_total(text: Text, position: Position, label: str, report: Report) -> None:
    """Report a text whose images are too large together."""
    if sum(len(image.content) for image in text.images) > MAX_BYTES_OF_A_TEXT:
        limit = MAX_BYTES_OF_A_TEXT >> 20
        large = Message(
            "The images of %(label)s have more than %(limit)s MiB together.",
            label=label, limit=limit,
        )  # fmt: skip
        report.error(position, large, Message("save them at a smaller size"))


def _check_path(address: str, files: Mapping[str, bytes]) -> Verdict:
    """What is wrong with the address of an image, and what to write instead."""
    if ":" in address or address.startswith("//"):
        return Message(
            "the image %(address)s is on another site, which would learn who reads this page.",
            address=quoted(address),
        ), OTHER_SITE  # fmt: skip
    if address in files and PurePosixPath(address).parent.as_posix() == IMAGE_FOLDER:
        return _check_file(address, files[address])
    images = sorted(path for path in files if path.startswith(f"{IMAGE_FOLDER}/"))
    if same := [path for path in images if path.lower() == address.lower()]:
        return Message(
            "capital letters count in names of files: %(address)s is named `%(path)s`.",
            address=quoted(address), path=same[0],
        ), instead(same[0])  # fmt: skip
    name = address.replace("\\", "/").rpartition("/")[2]
    path = image_path(name)
    if address not in (path, name):
        return Message(
            "the image %(address)s is not in the folder `images/`.", address=quoted(address)
        ), instead(path) if path in files else Message(
            "put it next to curriculum.yaml, in the folder `images/`, and write `images/…`"
        )
    if path in files:
        return _missing(address), instead(path)
    return _missing(address), did_you_mean(path, images) or Message(
        "put the file in the folder `images/`, or upload it in the editor"
    )


def _missing(address: str) -> Message:
    return Message("there is no image %(address)s.", address=quoted(address))


def _check_file(path: str, content: bytes) -> Verdict:
    name = path.rpartition("/")[2]
    wrong, advice = check_image(name, content[: MAX_IMAGE_BYTES + 1])
    if not wrong and not is_image_name(name):
        wrong = Message("the name of the image %(name)s is not allowed.", name=quoted(name))
        advice = Message(
            "use only letters without accents, digits, `-` and `_`, and end it with `.%(ending)s`",
            ending=ending_of(name),
        )
    return wrong, advice
