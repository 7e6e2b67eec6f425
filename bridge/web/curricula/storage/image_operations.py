"""Upload, replace and delete images of a curriculum."""

from __future__ import annotations

from dataclasses import replace

from werkzeug.exceptions import NotFound

from bridge.curriculum.images.formats import USUAL_ENDINGS, check_image, content_type_of
from bridge.curriculum.images.image_file import image_path, safe_name
from bridge.messages import NOTHING, Message
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor
from bridge.web.curricula.storage.change_journal import open_folder
from bridge.web.curricula.storage.curriculum_files import CurriculumFile
from bridge.web.curricula.storage.file_changes import FileChange
from bridge.web.curricula.storage.file_operations import FileOperationResult, apply_if_valid
from bridge.web.curricula.storage.image_folder import ImageFolder

FALLBACK_NAME = "image"


def stored_name(sent: str, content: bytes) -> str:
    """The name under which an uploaded file is stored. Its ending says what the content is."""
    ending = USUAL_ENDINGS.get(content_type_of(content), "png")
    return safe_name(sent, ending) or f"{FALLBACK_NAME}.{ending}"


def refusal(sent: str, content: bytes) -> tuple[Message, Message]:
    """Why an uploaded file can't be used, and what to do; NOTHING if it can."""
    if not content:
        return Message("Choose an image."), NOTHING
    name = stored_name(sent, content) if content_type_of(content) else sent
    return check_image(name, content)


def upload(
    services: Services, images: ImageFolder, folder: str, name: str, content: bytes, base: str,
    actor: Visitor, note: str,
) -> FileOperationResult:  # fmt: skip
    """Store an image. `base`: the SHA-256 of the image to replace, '' for none.

    `taken` if there is another image with this name; `conflict` if it is not the one to replace.
    """
    path = images.path(folder, name)
    new = CurriculumFile(path, folder, image_path(name), content)
    with open_folder(new.root, services.database):
        current = existing(images, folder, name)
        if current and current.content == content:
            return FileOperationResult("done")
        if current and current.digest != base:
            return FileOperationResult("conflict" if base else "taken")
        return apply_if_valid(services, [FileChange(current, new)], actor, note)


def delete(
    services: Services, images: ImageFolder, folder: str, name: str, base: str, actor: Visitor,
    note: str,
) -> FileOperationResult:  # fmt: skip
    """Delete an image that no text shows."""
    with open_folder(images.files.root / folder, services.database):
        current = images.open(folder, name)
        if current.digest != base:
            return FileOperationResult("conflict")
        return apply_if_valid(services, [FileChange(current, None)], actor, note)


def existing(images: ImageFolder, folder: str, name: str) -> CurriculumFile | None:
    """The image with this name, or None. Names that differ in capital letters only are the same."""
    same = [each for each in images.names(folder) if each.lower() == name.lower()]
    try:
        return replace(images.open(folder, same[0])) if same else None
    except NotFound:
        return None
